"""How long one look takes of those who look at the queue as a whole."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.scale.backlog import AT_ONCE
from benchmarks.servers import OwnQueue
from benchmarks.waiting import Unfinished
from consumers.alerts.lookout import Lookout
from consumers.alerts.telling import Telling
from consumers.connection import connect
from consumers.operations.overview import take_overview
from consumers.reconcile import missing_entries
from consumers.stream import Client, Keys, reclaim_next
from consumers.stuck import Patience
from pipeline.storage.database import Database

LEASE = timedelta(seconds=20)
PATIENCE = Patience(LEASE, timedelta(minutes=5))
ENOUGH = 0.25
"""Seconds of looking in each way, one look after the other; the quickest counts."""

Look = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Looked:
    """Seconds by what it was that looked."""

    looks: dict[str, float]
    """At the queue as a whole: of `status`, the watcher for alerts, the reclaimer for what has
    stalled."""
    search: float
    """At each entry: of the watcher for lost ones."""


async def look_at(queue: OwnQueue) -> Looked:
    """Look in each way, and leave every entry where it is."""
    client, keys = connect(queue.environment["CRICKSY_REDIS_URL"], queue.keys.stream), queue.keys
    try:
        async with Database(queue.environment["DATABASE_URL"]) as database:
            lookout = Lookout(client, keys, database, PATIENCE, Telling(None))
            looks: dict[str, Look] = {
                "status": lambda: take_overview(client, keys, database),
                "watcher, alerts": lookout.look_once,
                "reclaimer": lambda: reclaim_next(client, keys, "bench", idle=LEASE),
            }
            return Looked(
                {name: await _quickest(look) for name, look in looks.items()},
                await _quickest(lambda: _search(client, keys, database)),
            )
    finally:
        await client.aclose()


async def _search(client: Client, keys: Keys, database: Database) -> None:
    if missing := await missing_entries(client, keys, database, settled_for=AT_ONCE):
        raise Unfinished(f"{len(missing)} entries are lost, the first of upload {missing[0]}.")


async def _quickest(look: Look) -> float:
    took: list[float] = []
    while sum(took) < ENOUGH:
        began = time.perf_counter()
        await look()
        took.append(time.perf_counter() - began)
    return min(took)
