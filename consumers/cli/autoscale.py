"""`cricksy-ocr run --autoscale`: more replicas while uploads wait, fewer when none do."""

import asyncio
import socket
import time
from collections.abc import Callable
from datetime import timedelta

from redis.exceptions import RedisError

from consumers.claiming import STARTING
from consumers.cli.memory import memory_left
from consumers.cli.replicas import Replicas
from consumers.cli.scaling import Bounds, Load, Scaler
from consumers.cli.servers import Servers, open_servers
from consumers.queue import Replica, Snapshot, take_snapshot
from consumers.settings import Settings

LOOK = timedelta(seconds=2)
"""Between two looks at the queue, so also between two starts."""

Say = Callable[[str, str], None]
"""Told what is done, and why."""


async def autoscale(
    replicas: Replicas, settings: Settings, bounds: Bounds, quiet: timedelta, say: Say
) -> None:
    """Start and retire replicas by the backlog until cancelled.

    Args:
        replicas: run already, as many as `bounds` has at the least.
        settings: of these replicas.
        bounds: of their number.
        quiet: how long one has to be to spare before it goes.
        say: told each change, and what stands in the way of one; the same thing once.
    """
    scaler = Scaler(bounds, quiet)
    told: str | None = None
    async with open_servers(settings, tells_of_absence=True) as servers:
        while True:
            await asyncio.sleep(LOOK.total_seconds())
            try:
                load = await _load(servers, replicas)
            except (RedisError, OSError) as error:
                obstacle: str | None = f"Redis does not tell what waits: {error}"
            else:
                _act(replicas, scaler, load, say)
                obstacle = scaler.held_back
            if obstacle is not None and obstacle != told:
                say(f"stays at {len(replicas.running)}", obstacle)
            told = obstacle


def _act(replicas: Replicas, scaler: Scaler, load: Load, say: Say) -> None:
    step = scaler.look(load, time.monotonic())
    if step is None:
        return
    number = replicas.start_one() if step.change > 0 else replicas.retire_one()
    what = "starts" if step.change > 0 else "retires"
    say(f"{what} replica {number}, then {len(replicas.running)}", step.why)


async def _load(servers: Servers, replicas: Replicas) -> Load:
    snapshot = await take_snapshot(servers.client, servers.keys, servers.database)
    running = replicas.running
    living = [each for each in snapshot.replicas if each.lives]
    host = socket.gethostname()
    here = [each for each in living if each.host == host and each.pid in running]
    sizes = [each.vitals.memory for each in here if each.vitals and each.vitals.memory]
    return Load(
        # An archive keeps the replicas that there are; it asks for no more of them.
        waiting=snapshot.waiting + min(snapshot.backfill, snapshot.backfill_slots),
        slots=sum(each.slots for each in living),
        slots_each=servers.settings.concurrency,
        busy=len(snapshot.pending),
        running=len(running),
        unready=len(running) - sum(STARTING not in each.obstacles for each in here),
        held_up=_held_up(snapshot, living),
        largest=max(sizes, default=None),
        memory=memory_left(),
    )


def _held_up(snapshot: Snapshot, living: list[Replica]) -> str | None:
    if snapshot.paused is not None:
        return "it is paused"
    if snapshot.database_error is not None:
        return "PostgreSQL does not answer"
    if living and not any(each.reads for each in living):
        named = sorted({name for each in living for name in each.obstacles})
        return f"no replica claims: {', '.join(named) or 'OCR is switched off'}"
    return None
