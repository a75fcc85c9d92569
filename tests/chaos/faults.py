"""The faults, and how each is done to a running system."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from random import Random

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from consumers.stream import Keys
from deploy.devstack import DevStack, Server
from tests.chaos.fleet import Fleet
from tests.chaos.journal import Journal
from tests.chaos.points import Order, Orders, Point


class Kind(StrEnum):
    """What is done."""

    KILL_AT_POINT = "SIGKILL of a replica at a named point"
    KILL_REPLICA = "SIGKILL of a replica at any time"
    KILL_SUPERVISOR = "SIGKILL of a supervisor and its workers"
    KILL_CHILD_AT_POINT = "SIGKILL of a child in a stage"
    KILL_CHILD = "SIGKILL of a child at any time"
    STOP_AT_POINT = "SIGSTOP at a named point, past the lease"
    STOP_REPLICA = "SIGSTOP at any time, past the lease"
    POISON = "poison card published"
    NEW_VERSION = "replica replaced by another version"
    VALKEY = "Valkey killed and started"
    FLUSHALL = "Valkey FLUSHALL"
    GROUP = "consumer group destroyed"
    STREAM = "stream deleted"
    VALKEY_CUT = "Valkey connections cut"
    POSTGRES = "PostgreSQL killed and started"
    POSTGRES_CUT = "PostgreSQL connections cut"
    S3 = "S3 killed and started"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a plan."""

    kind: Kind
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which something was away, in seconds since the epoch."""

    began: float
    ended: float


@dataclass(slots=True)
class Lab:
    """The system that faults are done to, and what was done."""

    stack: DevStack
    environment: Mapping[str, str]
    """Of the replicas."""
    fleet: Fleet
    orders: Orders
    journal: Journal
    keys: Keys
    lease: timedelta
    publish_poison: Callable[[], Awaitable[None]]
    random: Random
    done: list[Fault] = field(default_factory=list)
    missed: list[Fault] = field(default_factory=list)
    """Orders that no process came to take."""
    outages: list[Window] = field(default_factory=list)
    forgotten_at: list[float] = field(default_factory=list)
    """When Redis lost what it held, in seconds since the epoch."""

    def redis(self) -> Redis:
        """A connection of the driver's own."""
        return Redis.from_url(self.environment["CRICKSY_REDIS_URL"], socket_timeout=5)


ORDERS = {
    Kind.KILL_AT_POINT: Order.KILL,
    Kind.KILL_CHILD_AT_POINT: Order.KILL_CHILD,
    Kind.STOP_AT_POINT: Order.STOP,
}
DEADLY = frozenset(
    {
        Kind.KILL_AT_POINT,
        Kind.KILL_REPLICA,
        Kind.KILL_SUPERVISOR,
        Kind.STOP_AT_POINT,
        Kind.STOP_REPLICA,
        Kind.NEW_VERSION,
    }
)
"""Kinds that take replicas away: others must be there to take over."""
PATIENCE = 25.0
"""Seconds in which some process has to come to a point."""


async def inject(lab: Lab, fault: Fault) -> None:
    """Do one fault, and wait until it is done."""
    if fault.point is not None:
        await _order(lab, fault, fault.point)
        return
    if await _INJECTIONS[fault.kind](lab):
        lab.done.append(fault)
    else:
        lab.missed.append(fault)


async def _order(lab: Lab, fault: Fault, point: Point) -> None:
    lab.orders.give(point, ORDERS[fault.kind])
    deadline = time.monotonic() + PATIENCE
    while lab.orders.stands(point):
        if time.monotonic() > deadline and lab.orders.take(point) is not None:
            lab.missed.append(fault)
            return
        await asyncio.sleep(0.02)
    lab.done.append(fault)


async def _kill_replica(lab: Lab) -> bool:
    return _kill(lab, lab.fleet.up(), "killed")


async def _kill_child(lab: Lab) -> bool:
    return _kill(lab, lab.fleet.children(), "child killed")


def _kill(lab: Lab, candidates: list[int], event: str) -> bool:
    if not candidates:
        return False
    pid = lab.random.choice(candidates)
    lab.journal.tell(event, pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


async def _kill_supervisor(lab: Lab) -> bool:
    supervisors = lab.fleet.supervisors()
    if not supervisors:
        return False
    pid = lab.random.choice(supervisors)
    for worker in lab.fleet.workers_of(pid):
        lab.journal.tell("killed", worker)
    # Whoever runs services (systemd, a container) ends all of them with the first.
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
        return True
    return False


async def _stop_replica(lab: Lab) -> bool:
    candidates = lab.fleet.up()
    if not candidates:
        return False
    pid = lab.random.choice(candidates)
    # The driver wakes it, like one that stops at a point, when it reads this.
    lab.journal.tell("stopped", pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        return True
    return False


async def _poison(lab: Lab) -> bool:
    await lab.publish_poison()
    return True


async def _new_version(lab: Lab) -> bool:
    await lab.fleet.replace_by_other_version(lab.random.randrange(len(lab.fleet)))
    return True


async def _restart(lab: Lab, server: Server) -> bool:
    began = time.time()
    await asyncio.to_thread(server.kill)
    await asyncio.sleep(lab.random.uniform(0.2, 2.0))
    await asyncio.to_thread(server.start)
    lab.outages.append(Window(began, time.time()))
    return True


async def _valkey(lab: Lab) -> bool:
    return await _restart(lab, lab.stack.valkey)


async def _postgres(lab: Lab) -> bool:
    return await _restart(lab, lab.stack.postgres)


async def _s3(lab: Lab) -> bool:
    return await _restart(lab, lab.stack.s3)


def _tell_valkey(lab: Lab, *command: str) -> bool:
    with lab.redis() as client:
        try:
            client.execute_command(*command)
        except RedisError:
            return False
    return True


async def _flushall(lab: Lab) -> bool:
    return _forget(lab, "FLUSHALL")


async def _group(lab: Lab) -> bool:
    began = time.time()
    done = _tell_valkey(lab, "XGROUP", "DESTROY", lab.keys.stream, lab.keys.group)
    lab.outages.append(Window(began, time.time()))
    return done


async def _stream(lab: Lab) -> bool:
    return _forget(lab, "DEL", lab.keys.stream)


def _forget(lab: Lab, *command: str) -> bool:
    began = time.time()
    done = _tell_valkey(lab, *command)
    lab.outages.append(Window(began, time.time()))
    lab.forgotten_at.append(time.time())
    return done


async def _valkey_cut(lab: Lab) -> bool:
    return _tell_valkey(lab, "CLIENT", "KILL", "TYPE", "normal")


async def _postgres_cut(lab: Lab) -> bool:
    url = lab.environment["DATABASE_URL"]
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    return True


_INJECTIONS: dict[Kind, Callable[[Lab], Awaitable[bool]]] = {
    Kind.KILL_REPLICA: _kill_replica,
    Kind.KILL_SUPERVISOR: _kill_supervisor,
    Kind.KILL_CHILD: _kill_child,
    Kind.STOP_REPLICA: _stop_replica,
    Kind.POISON: _poison,
    Kind.NEW_VERSION: _new_version,
    Kind.VALKEY: _valkey,
    Kind.FLUSHALL: _flushall,
    Kind.GROUP: _group,
    Kind.STREAM: _stream,
    Kind.VALKEY_CUT: _valkey_cut,
    Kind.POSTGRES: _postgres,
    Kind.POSTGRES_CUT: _postgres_cut,
    Kind.S3: _s3,
}
