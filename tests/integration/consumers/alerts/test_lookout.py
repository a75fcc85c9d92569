from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consumers.alerts import CONDITIONS, NAMES
from consumers.alerts.finding import Alert
from consumers.alerts.lookout import Lookout, Ping
from consumers.alerts.telling import Telling
from consumers.stuck import Patience
from otel import metrics
from otel.metrics import queue as gauges
from pipeline.errors import ObjectStoreUnavailable
from pipeline.storage.attempts import Delivery, open_attempt
from pipeline.storage.database import Database, DatabaseTimeouts
from tests import doubles
from tests.integration.consumers.rig import Rig

NOUGHT = timedelta(0)
LONG = timedelta(hours=1)
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
AT_ONCE = DatabaseTimeouts(connect=timedelta(seconds=1))
HASTY = [replace(each, raise_after=NOUGHT, clear_after=NOUGHT) for each in CONDITIONS]
"""Nothing has to last to be raised or resolved; that is for the unit tests."""


class Told:
    """What was told to people, in order."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def of(self, name: str) -> str:
        """`firing resolved` for an alert that came and went."""
        return " ".join(
            "resolved" if each.resolved_at else "firing"
            for each in self.alerts
            if each.name == name
        )


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(autouse=True)
def no_gauges() -> Iterator[None]:
    yield
    metrics.clear_queue()


@pytest.fixture
async def nowhere() -> AsyncIterator[Database]:
    async with Database(NOWHERE, timeouts=AT_ONCE) as database:
        yield database


def lookout(
    rig: Rig,
    told: Told,
    *,
    in_work: timedelta = LONG,
    database: Database | None = None,
    object_store: Ping | None = None,
) -> Lookout:
    return Lookout(
        rig.client,
        rig.keys,
        database or rig.database,
        Patience(timedelta(seconds=20), in_work),
        Telling(show=told.alerts.append),
        object_store=object_store,
        seen_by="test",
        conditions=HASTY,
    )


async def in_work(rig: Rig) -> str:
    """An upload that somebody has claimed and reads."""
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))
    return upload


async def test_an_upload_in_work_for_too_long_is_told_once_and_resolved_once(
    rig: Rig, told: Told
) -> None:
    upload = await in_work(rig)
    watching = lookout(rig, told, in_work=NOUGHT)

    await watching.look()
    await watching.look()
    assert told.of("upload_slow") == "firing"
    assert told.alerts[0].uploads == (upload,)

    await rig.client.xack(rig.keys.stream, rig.keys.group, "0-0")
    await rig.client.delete(rig.keys.stream)
    await watching.look()
    await watching.look()

    assert told.of("upload_slow") == "firing resolved"


async def test_another_watcher_goes_on_where_the_first_has_ended(rig: Rig, told: Told) -> None:
    await in_work(rig)
    await lookout(rig, told, in_work=NOUGHT).look()

    second = lookout(rig, told, in_work=NOUGHT)
    await second.look()
    assert told.of("upload_slow") == "firing"

    await rig.client.delete(rig.keys.stream)
    await second.look()
    assert told.of("upload_slow") == "firing resolved"


async def test_two_watchers_that_overlap_tell_each_change_once(rig: Rig, told: Told) -> None:
    await in_work(rig)
    first, second = (lookout(rig, told, in_work=NOUGHT) for _ in range(2))

    await first.look()
    await second.look()
    await rig.client.delete(rig.keys.stream)
    await first.look()
    await second.look()

    assert told.of("upload_slow") == "firing resolved"


async def test_what_fires_outlives_a_redis_that_has_lost_everything(rig: Rig, told: Told) -> None:
    await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    watching = lookout(rig, told)
    await watching.look()

    await rig.client.delete(rig.keys.alerts)
    await watching.look()

    assert told.of("dead_letters") == "firing"
    assert await rig.client.hexists(rig.keys.alerts, "dead_letters")


async def test_a_dead_letter_is_told_with_its_upload_and_resolved_when_it_is_dropped(
    rig: Rig, told: Told
) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    watching = lookout(rig, told)

    await watching.look()
    await rig.client.delete(rig.keys.dead)
    await watching.look()

    assert told.of("dead_letters") == "firing resolved"
    assert told.alerts[0].uploads == (upload,)
    assert "unreadable_image" in told.alerts[0].text


async def test_a_replica_that_is_silent_without_having_left_is_told(rig: Rig, told: Told) -> None:
    await rig.pin_replica("alice")
    watching = lookout(rig, told)
    await watching.look()
    assert told.of("replica_lost") == ""

    said: Any = await rig.client.hget(rig.keys.replicas, "alice")
    await rig.client.hset(rig.keys.replicas, "alice", b"1000 " + said.partition(b" ")[2])
    await watching.look()

    assert told.of("replica_lost") == "firing"
    assert told.alerts[-2].consumer == "alice"


async def test_with_postgresql_away_that_is_told_and_nothing_is_resolved_for_lack_of_it(
    rig: Rig, told: Told, nowhere: Database
) -> None:
    await in_work(rig)
    async with rig.database.transaction() as connection:
        await connection.execute("UPDATE uploads SET updated_at = now() - interval '1 hour'")
        await connection.execute("UPDATE ocr_publications SET published_at = now() - interval '1h'")
    await lookout(rig, told).look()
    assert told.of("oldest_upload") == "firing"

    await lookout(rig, told, database=nowhere).look()

    assert told.of("postgresql_unreachable") == "firing"
    assert told.of("oldest_upload") == "firing"
    await lookout(rig, told).look()
    assert told.of("postgresql_unreachable") == "firing resolved"


async def test_an_object_store_that_does_not_answer_is_told_until_it_does(
    rig: Rig, told: Told
) -> None:
    away = True

    async def ping() -> None:
        if away:
            raise ObjectStoreUnavailable("The object store does not answer: refused")

    watching = lookout(rig, told, object_store=ping)
    await watching.look()
    away = False
    await watching.look()

    assert told.of("s3_unreachable") == "firing resolved"


async def test_the_queue_is_shown_in_the_gauges_while_it_is_watched(rig: Rig, told: Told) -> None:
    await rig.publish()
    watching = lookout(rig, told)

    await watching.look()
    figures = gauges._holder.figures
    assert figures is not None
    assert (figures.backlog, figures.pending, figures.dead) == (1, 0, 0)
    assert set(figures.alerts) == set(NAMES)
    assert figures.alerts["no_consumer"] == 1

    watching.rest()
    assert gauges._holder.figures is None


async def test_a_look_without_watching_tells_nobody_and_remembers_nothing(
    rig: Rig, told: Told
) -> None:
    await rig.publish()

    names = [each.name for each in await lookout(rig, told).look_once()]

    assert names == ["no_consumer"] or set(names) == {"no_consumer", "queue_stalled"}
    assert told.alerts == []
    assert not await rig.client.exists(rig.keys.alerts)
