"""How long the servers take to tell of a large system."""

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from consumers.operations import tell, what_purge_would_do
from consumers.operations.overview import take_overview
from consumers.queue import take_snapshot
from consumers.why import Rules
from pipeline.storage.uploads import COUNTED
from tests.crowd import fill_database, fill_queue
from tests.integration.consumers.rig import Rig

pytestmark = pytest.mark.alone

UPLOADS = 100_000
PENDING = 1_000
UNFINISHED = 2_000
ROUNDS = 7
RULES = Rules(timedelta(seconds=20), timedelta(seconds=300), 3, 3, timedelta(hours=1))


async def median_seconds(ask: Callable[[], Awaitable[object]]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


@pytest.mark.timeout(300)
async def test_a_large_system_is_told_of_within_300_ms(rig: Rig, database_url: str) -> None:
    uploads = fill_database(database_url, uploads=UPLOADS, unfinished=UNFINISHED)
    await fill_queue(rig.client, rig.keys, uploads, claimed=PENDING)
    queue = (rig.client, rig.keys, rig.database)

    overview = await take_overview(*queue)
    took = {
        "status": await median_seconds(lambda: take_overview(*queue)),
        "workers": await median_seconds(lambda: take_snapshot(*queue)),
        "show": await median_seconds(lambda: tell(*queue, uploads[-1], RULES)),
        "purge": await median_seconds(lambda: what_purge_would_do(*queue)),
    }

    assert len(overview.snapshot.pending) == PENDING
    assert overview.by_status["uploaded"] == UNFINISHED
    assert overview.by_status["parsed"] == COUNTED
    assert overview.pace is not None
    assert overview.pace.read_p50 == pytest.approx(2)
    assert overview.pace.whole_p99 == pytest.approx(3)
    assert max(took["status"], took["workers"]) < 0.3, took
