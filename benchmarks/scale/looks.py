"""How long one look takes of those who look at the queue as a whole."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from benchmarks.servers import OwnQueue
from consumers.alerts.lookout import Lookout
from consumers.alerts.telling import Telling
from consumers.connection import connect
from consumers.operations.overview import take_overview
from consumers.queue import Rest
from consumers.reconcile import missing_entries
from consumers.stream import reclaim_next
from consumers.stuck import Patience
from pipeline.storage.database import Database

LEASE = timedelta(seconds=20)
PATIENCE = Patience(LEASE, timedelta(minutes=5))
LOOKS = 5
"""Of each kind, one after the other; the quickest counts."""
ENOUGH = 0.5
"""Seconds of looking after which no further look is taken."""

Look = Callable[[Rest], Awaitable[object]]
"""One that rests now and then is as many looks."""


async def seconds_of_looks(queue: OwnQueue) -> dict[str, float]:
    """One look each: of `status`, of the watcher for alerts and for lost entries, for stalled ones.

    The last one looks at what is in work, and leaves it where it is.
    """
    client, keys = connect(queue.environment["CRICKSY_REDIS_URL"], queue.keys.stream), queue.keys
    try:
        async with Database(queue.environment["DATABASE_URL"]) as database:
            lookout = Lookout(client, keys, database, PATIENCE, Telling(None))
            looks: dict[str, Look] = {
                "status": lambda _: take_overview(client, keys, database),
                "watcher, alerts": lambda _: lookout.look_once(),
                "watcher, lost entries": lambda rest: missing_entries(
                    client, keys, database, rest=rest
                ),
                "reclaimer": lambda _: reclaim_next(client, keys, "bench", idle=LEASE),
            }
            return {name: await _quickest(look) for name, look in looks.items()}
    finally:
        await client.aclose()


async def _quickest(look: Look) -> float:
    took: list[float] = []
    spent = 0.0
    while len(took) < LOOKS and spent < ENOUGH:
        rests: list[None] = []

        async def rest(rests: list[None] = rests) -> None:
            rests.append(None)

        began = time.perf_counter()
        await look(rest)
        seconds = time.perf_counter() - began
        spent += seconds
        took.append(seconds / (len(rests) + 1))
    return min(took)
