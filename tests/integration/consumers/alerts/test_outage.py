from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from consumers.alerts.about_servers import REDIS_AWAY
from consumers.alerts.finding import Alert, Condition
from consumers.alerts.outage import RedisOutage
from consumers.alerts.telling import Telling
from otel import metrics
from pipeline.storage.database import Database, DatabaseTimeouts
from tests.integration.consumers.rig import Rig

NOUGHT = timedelta(0)
REFUSED = "Error 111 connecting to redis:6379. Connection refused."


HASTY = replace(REDIS_AWAY, raise_after=NOUGHT, clear_after=NOUGHT)


@pytest.fixture(autouse=True)
def no_gauges() -> Iterator[None]:
    yield
    metrics.clear_queue()


@pytest.fixture
async def nowhere() -> AsyncIterator[Database]:
    timeouts = DatabaseTimeouts(connect=timedelta(seconds=1))
    async with Database("postgresql://nobody@127.0.0.1:1/none", timeouts=timeouts) as database:
        yield database


def outage(
    database: Database, told: list[Alert], seen_by: str, condition: Condition = HASTY
) -> RedisOutage:
    return RedisOutage(database, "{ocr}:uploads", Telling(show=told.append), seen_by, condition)


def states(told: list[Alert]) -> list[str]:
    return ["resolved" if each.resolved_at else "firing" for each in told]


async def test_of_all_who_notice_one_tells_and_one_resolves(rig: Rig) -> None:
    told: list[Alert] = []
    watchers = [outage(rig.database, told, name) for name in "abc"]

    for _ in range(2):
        for each in watchers:
            await each.goes_on(REFUSED)
    assert states(told) == ["firing"]
    assert told[0].text.startswith("Redis has not answered for 0 s: Error 111")

    for _ in range(2):
        for number, each in enumerate(watchers):
            await each.is_over(holder=number == 2)
    assert states(told) == ["firing", "resolved"]
    assert told[1].fired_at == told[0].fired_at


async def test_as_long_as_one_finds_it_away_it_is_not_over(rig: Rig) -> None:
    told: list[Alert] = []
    slow = replace(HASTY, clear_after=timedelta(hours=1))
    cut_off, well = (outage(rig.database, told, name, slow) for name in "ab")

    await cut_off.goes_on(REFUSED)
    await well.is_over(holder=True)

    assert states(told) == ["firing"]


async def test_with_postgresql_away_as_well_each_tells_once_for_itself(nowhere: Database) -> None:
    told: list[Alert] = []
    alone = outage(nowhere, told, "a")

    for _ in range(2):
        await alone.goes_on(REFUSED)
    assert states(told) == ["firing"]

    await alone.is_over(holder=False)
    await alone.is_over(holder=True)
    assert states(told) == ["firing", "resolved"]


async def test_a_short_break_is_told_to_nobody(rig: Rig) -> None:
    told: list[Alert] = []
    watcher = outage(rig.database, told, "a", replace(HASTY, raise_after=timedelta(hours=1)))

    await watcher.goes_on(REFUSED)
    await watcher.is_over(holder=True)

    assert told == []
