"""How an entry ends, on real servers, whatever the reading does."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from consumers import retry, stream
from pipeline.storage import attempts
from pipeline.storage.attempts import attempts_of, open_attempt
from pipeline.storage.database import Database, DatabaseTimeouts
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.scorecards import get_scorecard
from tests import doubles
from tests.integration.consumers.lossy import LossyDatabase
from tests.integration.consumers.rig import LEASE, MAX_DELIVERIES, MAX_RETRIES, Rig
from tests.integration.storage.proxy import Proxy
from tests.wait import wait_until_async as wait_until

NOWHERE = ObjectStoreAddress("http://127.0.0.1:1", "nobody", "nothing")


async def test_a_card_that_was_read_is_committed_and_its_entry_gone(rig: Rig) -> None:
    upload = await rig.publish()

    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.status(upload) == "parsed"
    assert await get_scorecard(rig.database, upload) is not None
    assert await rig.outcomes(upload) == [("committed", None)]
    assert await rig.queue() == (0, 0, 0)


async def test_the_attempt_tells_each_stage(rig: Rig) -> None:
    upload = await rig.publish()

    await rig.handle(rig.child(doubles.read_nothing))

    (attempt,) = await attempts_of(rig.database, upload)
    stages: Any = attempt.stages
    assert [stage["name"] for stage in stages] == ["fetch", "ocr"]


async def test_a_redelivery_after_the_commit_only_acknowledges(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    await rig.client.xadd(rig.keys.stream, {"data": json.dumps({"upload_id": upload})})

    await rig.handle(rig.child(doubles.crash))

    assert [outcome for outcome, _ in await rig.outcomes(upload)] == ["committed", "duplicate"]
    assert await rig.queue() == (0, 0, 0)


async def test_a_permanent_failure_is_buried_at_once(rig: Rig) -> None:
    upload = await rig.publish()

    await rig.handle(rig.child(doubles.refuse))

    assert await rig.status(upload) == "failed"
    assert await rig.outcomes(upload) == [("dead", "unreadable_image")]
    assert await rig.queue() == (0, 0, 1)


async def test_a_burial_that_was_cut_short_is_finished_by_the_redelivery(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    opened = await open_attempt(
        rig.database, attempts.Delivery(upload, claimed.entry_id, "alice", 1, None)
    )
    assert isinstance(opened, attempts.Opened)
    await attempts.mark_dead(
        rig.database, upload, opened.fence, error_code="unreadable_image", error="It is damaged."
    )

    await rig.handle(rig.child(doubles.crash))

    assert await rig.queue() == (0, 0, 1)


async def test_a_death_in_the_moment_in_which_redis_loses_the_entry_has_its_letter(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await rig.publish()
    mark_dead = attempts.mark_dead

    async def lose_the_stream(*arguments: Any, **named: Any) -> Any:
        await rig.client.delete(rig.keys.stream)
        return await mark_dead(*arguments, **named)

    monkeypatch.setattr(attempts, "mark_dead", lose_the_stream)
    await rig.handle(rig.child(doubles.refuse))

    assert await rig.outcomes(upload) == [("dead", "unreadable_image")]
    assert await rig.client.xlen(rig.keys.dead) == 1


async def test_another_entry_of_a_dead_upload_gets_no_letter_of_its_own(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    await rig.client.xadd(rig.keys.stream, {"data": json.dumps({"upload_id": upload})})

    await rig.handle(rig.child(doubles.crash))

    assert [outcome for outcome, _ in await rig.outcomes(upload)] == ["dead", "duplicate"]
    assert await rig.queue() == (0, 0, 1)


async def test_a_crash_is_tried_again_later_and_given_up_after_too_many(rig: Rig) -> None:
    upload = await rig.publish()

    for failure in range(1, MAX_RETRIES + 1):
        await rig.handle(rig.child(doubles.crash))
        assert await rig.outcomes(upload) == [("retry", "ocr_crashed")] * failure
        assert await rig.queue() == (0, 1, 0)
        assert await rig.status(upload) == "uploaded"
        await rig.make_due()
    await rig.handle(rig.child(doubles.crash))

    assert await rig.status(upload) == "failed"
    assert (await rig.outcomes(upload))[-1] == ("dead", "ocr_crashed")
    assert await rig.queue() == (0, 0, 1)


async def test_a_fault_of_ours_is_tried_again(rig: Rig) -> None:
    upload = await rig.publish()

    with capture_logs() as lines:
        await rig.handle(rig.child(doubles.stumble))

    assert await rig.outcomes(upload) == [("retry", "internal_error")]
    assert await rig.queue() == (0, 1, 0)
    (line,) = (each for each in lines if each["event"] == "upload will be tried again")
    assert line["error"] == "KeyError"
    (attempt,) = await attempts_of(rig.database, upload)
    assert attempt.error == "KeyError: 'runs'"


async def test_an_object_store_that_is_away_is_tried_again(rig: Rig) -> None:
    upload = await rig.publish()

    await rig.with_stores(objects=ObjectStore(NOWHERE)).handle(rig.child(doubles.read_nothing))

    assert await rig.outcomes(upload) == [("retry", "object_store_unavailable")]
    assert await rig.queue() == (0, 1, 0)


async def test_without_postgresql_nothing_is_buried_however_often_it_fails(rig: Rig) -> None:
    upload = await rig.publish()
    soon = DatabaseTimeouts(connect=timedelta(seconds=0.2))
    async with Database("postgresql://nobody@127.0.0.1:1/nothing", timeouts=soon) as away:
        blind = rig.with_stores(database=away)
        for _ in range(MAX_RETRIES + 2):
            await blind.handle(rig.child(doubles.refuse))
            assert await rig.queue() == (0, 1, 0)
            await rig.make_due()

    assert await rig.status(upload) == "uploaded"
    await rig.handle(rig.child(doubles.read_nothing))
    assert await rig.status(upload) == "parsed"


async def test_postgresql_lost_in_mid_work_is_a_failure_and_no_death(
    rig: Rig, database_url: str, tmp_path: Path
) -> None:
    told = tmp_path / "begun"
    upload = await rig.publish(str(told).encode())
    soon = DatabaseTimeouts(connect=timedelta(seconds=0.5))
    port = urlsplit(database_url).port or 0
    async with Proxy(port) as proxy:
        url = database_url.replace(f":{port}/", f":{proxy.port}/")
        async with Database(url, timeouts=soon) as database:
            work = rig.with_stores(database=database).handle(rig.child(doubles.wait_for_release))
            handling = asyncio.create_task(work)
            await wait_until(lambda: told.exists() and told.read_text())
            await proxy.stop()
            told.unlink()
            await handling
    assert await rig.outcomes(upload) == [(None, None)]

    await rig.make_due()
    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.outcomes(upload) == [("retry", "database_unavailable"), ("committed", None)]


@pytest.fixture
async def lossy(database_url: str) -> AsyncIterator[LossyDatabase]:
    """Only the answer to the opening of the attempt arrives."""
    async with LossyDatabase(database_url) as database:
        database.heard = 1
        yield database


async def test_a_death_whose_answer_was_lost_has_its_dead_letter(
    rig: Rig, lossy: LossyDatabase
) -> None:
    upload = await rig.publish()
    await rig.with_stores(database=lossy).handle(rig.child(doubles.refuse))
    assert await rig.outcomes(upload) == [("dead", "unreadable_image")]
    assert await rig.queue() == (0, 1, 0)

    await rig.make_due()
    await rig.handle(rig.child(doubles.read_nothing))

    assert [outcome for outcome, _ in await rig.outcomes(upload)] == ["dead", "duplicate"]
    assert await rig.queue() == (0, 0, 1)


async def test_a_last_failure_whose_answer_was_lost_has_its_dead_letter(
    rig: Rig, lossy: LossyDatabase
) -> None:
    upload = await rig.publish()
    for _ in range(MAX_RETRIES):
        await rig.handle(rig.child(doubles.crash))
        await rig.make_due()
    await rig.with_stores(database=lossy).handle(rig.child(doubles.crash))

    await rig.make_due()
    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.status(upload) == "failed"
    assert await rig.queue() == (0, 0, 1)


async def test_a_commit_whose_answer_was_lost_is_found_by_the_redelivery(
    rig: Rig, lossy: LossyDatabase
) -> None:
    upload = await rig.publish()
    await rig.with_stores(database=lossy).handle(rig.child(doubles.read_nothing))

    await rig.make_due()
    await rig.handle(rig.child(doubles.refuse))

    assert [outcome for outcome, _ in await rig.outcomes(upload)] == ["committed", "duplicate"]
    assert await rig.queue() == (0, 0, 0)


async def test_what_was_not_begun_is_tried_again_within_seconds(rig: Rig) -> None:
    await rig.publish()
    soon = DatabaseTimeouts(connect=timedelta(seconds=0.2))
    async with Database("postgresql://nobody@127.0.0.1:1/nothing", timeouts=soon) as away:
        await rig.with_stores(database=away).handle(rig.child(doubles.read_nothing))

    await wait_until(lambda: retry.move_due(rig.client, rig.keys), message="the entry is due")


async def test_an_upload_past_its_time_is_given_up(rig: Rig) -> None:
    upload = await rig.publish()

    await rig.handle(rig.child(doubles.hang, timeout=timedelta(seconds=0.3)))

    assert await rig.outcomes(upload) == [("dead", "timed_out")]
    assert await rig.queue() == (0, 0, 1)


async def test_an_upload_that_kills_its_workers_is_given_up_before_it_is_tried_again(
    rig: Rig,
) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    for death in range(MAX_DELIVERIES):
        delivery = attempts.Delivery(upload, claimed.entry_id, f"worker-{death}", death + 1, None)
        await open_attempt(rig.database, delivery)

    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.status(upload) == "failed"
    assert (await rig.outcomes(upload))[-1] == ("dead", "worker_killed")
    assert await rig.queue() == (0, 0, 1)


async def test_a_lost_lease_kills_the_child_and_writes_nothing(rig: Rig, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    upload = await rig.publish(str(told).encode())
    child = rig.child(doubles.say_pid)
    handling = asyncio.create_task(rig.handle(child))
    await wait_until(lambda: told.exists() and told.read_text())

    assert await stream.reclaim_next(rig.client, rig.keys, "bob", idle=timedelta(0))
    await asyncio.wait_for(handling, timeout=10)

    assert await rig.outcomes(upload) == [(None, None)]
    assert await rig.queue() == (1, 0, 0)
    pending: Any = await rig.client.xpending_range(rig.keys.stream, rig.keys.group, "-", "+", 1)
    assert pending[0]["consumer"] == b"bob"


async def test_a_new_entry_is_begun_without_another_question(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await rig.publish()
    monkeypatch.delattr(stream, "delivery_count")

    await rig.handle(rig.child(doubles.read_nothing))

    (attempt,) = await attempts_of(rig.database, upload)
    assert (attempt.outcome, attempt.delivery) == ("committed", 1)


async def test_a_reclaimed_entry_tells_how_often_it_was_delivered(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.claim()

    await rig.handle(rig.child(doubles.read_nothing))

    (attempt,) = await attempts_of(rig.database, upload)
    assert (attempt.outcome, attempt.delivery) == ("committed", 2)


async def test_who_sleeps_for_a_lease_before_it_begins_leaves_the_entry_to_who_has_it(
    rig: Rig,
) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    assert claimed.new_since is not None
    slept = replace(claimed, new_since=claimed.new_since - LEASE.total_seconds())
    assert await stream.reclaim_next(rig.client, rig.keys, "bob", idle=timedelta(0))

    await rig.handler.handle(slept, rig.child(doubles.crash))

    assert await rig.outcomes(upload) == []
    assert await rig.queue() == (1, 0, 0)


async def test_a_stale_reading_is_refused_and_settles_nothing(rig: Rig, tmp_path: Path) -> None:
    told = tmp_path / "begun"
    upload = await rig.publish(str(told).encode())
    handling = asyncio.create_task(rig.handle(rig.child(doubles.wait_for_release)))
    await wait_until(lambda: told.exists() and told.read_text())

    await open_attempt(rig.database, attempts.Delivery(upload, "1-1", "bob", 2, None))
    told.unlink()
    await handling

    assert await get_scorecard(rig.database, upload) is None
    assert [outcome for outcome, _ in await rig.outcomes(upload)] == ["stale", None]
    assert await rig.queue() == (1, 0, 0)


async def test_a_leaving_replica_hands_back_what_it_has_in_work(rig: Rig, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    upload = await rig.publish(str(told).encode())
    handling = asyncio.create_task(rig.handle(rig.child(doubles.say_pid)))
    await wait_until(lambda: told.exists() and told.read_text())
    assert rig.handler.in_work == 1

    rig.handler.interrupt_all()
    await asyncio.wait_for(handling, timeout=10)

    assert rig.handler.in_work == 0
    assert await rig.outcomes(upload) == [("released", None)]
    assert await rig.status(upload) == "uploaded"
    again = await stream.reclaim_next(rig.client, rig.keys, "bob", idle=timedelta(hours=1))
    assert again is not None
    assert await stream.delivery_count(rig.client, rig.keys, again) == 1
