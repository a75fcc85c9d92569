"""The faults: how each is done, which alert it raises, and how it is mended."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from consumers.connection import connect
from consumers.publish import Publisher
from deploy.devstack import Server
from pipeline.storage.database import Database
from tests.alerts.contents import HANG, KILL, SLOW
from tests.alerts.lab import HeldUp, Lab
from tests.wait import wait_until

PATIENCE = 240.0
"""Seconds in which an alert has to fire, and to resolve."""
BACKLOG = 150
WARM_UP = 10

Mend = Callable[[], None]


@dataclass(frozen=True)
class Struck:
    """A fault that has been done."""

    upload_id: str
    """What `why` is asked about."""
    mend: Mend
    """Ends it."""
    held: HeldUp | None = None
    """Read on once it is mended."""


@dataclass(frozen=True)
class Fault:
    """One fault."""

    name: str
    alert: str
    """The alert that names it; nothing where it is mended before one is due."""
    strike: Callable[[Lab], Struck]
    beside: bool = False
    """`cricksy-ocr watch` runs beside the replicas."""


@dataclass(frozen=True)
class Told:
    """What came of a fault."""

    fault: str
    alert: str
    raised: float
    """Seconds from the fault to the alert."""
    text: str
    why: str
    resolved: float
    """Seconds from the end of the fault to the end of the alert."""
    posts: int
    """Of this alert, fired and resolved: two, unless it was told more than once."""


def try_out(lab: Lab, fault: Fault) -> Told:
    """Do a fault, wait for its alert, mend it, and wait until the alert is over."""
    lab.wait_until_ready()
    lab.hook.posts.clear()
    with lab.watch_beside() if fault.beside else _nobody():
        struck = fault.strike(lab)
        began = time.monotonic()
        _wait_for(lab, fault.alert, "firing")
        raised = time.monotonic() - began
        (fired,) = [
            each
            for each in lab.hook.posts
            if (each["alert"], each["status"]) == (fault.alert, "firing")
        ]
        why = lab.why(struck.upload_id)
        struck.mend()
        mended = time.monotonic()
        _wait_for(lab, fault.alert, "resolved", struck.held)
        resolved = time.monotonic() - mended
        if struck.held is not None:
            struck.held.wait_until_read()
    return Told(
        fault.name, fault.alert, raised, fired["text"], why, resolved, len(lab.hook.of(fault.alert))
    )


@contextmanager
def _nobody() -> Iterator[None]:
    yield


def _wait_for(lab: Lab, alert: str, status: str, held: HeldUp | None = None) -> None:
    def is_told() -> bool:
        if held is not None:
            held.let_go()
        return status in lab.hook.of(alert)

    wait_until(is_told, timeout=PATIENCE, message=f"{alert} {status}")


def _nothing() -> None:
    """Others have taken it over by themselves."""


def _replica_killed(lab: Lab) -> Struck:
    held = lab.hold_up()
    os.kill(lab.owner(held.upload_id), signal.SIGKILL)
    return Struck(held.upload_id, _nothing, held)


def _replica_hung(lab: Lab) -> Struck:
    held = lab.hold_up()
    owner = lab.owner(held.upload_id)
    os.kill(owner, signal.SIGUSR1)

    # As `why` says.
    return Struck(held.upload_id, partial(os.kill, owner, signal.SIGKILL), held)


def _child_hung(lab: Lab) -> Struck:
    upload_id = lab.system.publish(HANG)

    def mend() -> None:
        lab.command("dead", "drop", upload_id, "--yes")

    return Struck(upload_id, mend)


def _poison(lab: Lab) -> Struck:
    upload_id = lab.system.publish(KILL)

    def mend() -> None:
        def is_dead() -> bool:
            return "dead" in lab.system.outcomes(upload_id)

        wait_until(is_dead, timeout=PATIENCE, message="given up")

    return Struck(upload_id, mend)


def _server(choose: Callable[[Lab], Server], *, in_work: bool) -> Callable[[Lab], Struck]:
    """A server that is killed; with an upload in work, or one that is about to be."""

    def strike(lab: Lab) -> Struck:
        server = choose(lab)
        if in_work:
            held = lab.hold_up()
            server.kill()
            return Struck(held.upload_id, server.start, held)
        upload_id = lab.system.record(SLOW)
        server.kill()
        lab.system.add({"data": f'{{"upload_id": "{upload_id}"}}'})
        return Struck(upload_id, server.start)

    return strike


def _all_stopped(lab: Lab) -> Struck:
    lab.stop()
    return Struck(lab.system.publish(SLOW), lab.start)


def _backlog(lab: Lab) -> Struck:
    """More than is read at once, while readings are held up."""
    # How fast uploads are read is known then.
    lab.system.wait_until_parsed(asyncio.run(_publish(lab, WARM_UP)))
    held = [lab.hold_up(), lab.hold_up()]
    last = asyncio.run(_publish(lab, BACKLOG))

    def mend() -> None:
        for each in held:
            each.wait_until_read()
        lab.system.wait_until_parsed(last)

    return Struck(last, mend)


async def _publish(lab: Lab, count: int) -> str:
    environment = lab.system.environment
    client = connect(environment["CRICKSY_REDIS_URL"], "{ocr}:uploads")
    objects = lab.system.object_store()
    async with Database(environment["DATABASE_URL"]) as database:
        publisher = Publisher(
            client, lab.system.keys, database, objects, environment["CRICKSY_S3_BUCKET"]
        )
        for number in range(count):
            published = await publisher.publish_file(f"{number}.png", SLOW)
    objects.close()
    await client.aclose()
    return published.upload_id


REPLICA_KILLED = Fault("replica killed", "replica_lost", _replica_killed)
REPLICA_HUNG = Fault("replica hung, its leases renewed", "replica_lost", _replica_hung)
CHILD_HUNG = Fault("child hung", "dead_letters", _child_hung)
POISON = Fault("poison card", "upload_redelivered", _poison)
REDIS_GONE = Fault(
    "Redis gone", "redis_unreachable", _server(lambda lab: lab.stack.valkey, in_work=True)
)
S3_GONE = Fault("S3 gone", "s3_unreachable", _server(lambda lab: lab.stack.s3, in_work=False))
POSTGRESQL_GONE = Fault(
    "PostgreSQL gone",
    "postgresql_unreachable",
    _server(lambda lab: lab.stack.postgres, in_work=True),
)
ALL_STOPPED = Fault("all replicas stopped", "no_consumer", _all_stopped, beside=True)
BACKLOG_OF_150 = Fault(f"backlog of {BACKLOG}", "backlog", _backlog)

FAULTS = (
    BACKLOG_OF_150,
    S3_GONE,
    POSTGRESQL_GONE,
    REDIS_GONE,
    CHILD_HUNG,
    REPLICA_HUNG,
    REPLICA_KILLED,
    POISON,
    ALL_STOPPED,
)
