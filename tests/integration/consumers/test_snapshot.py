from datetime import timedelta
from typing import Any

import pytest

from consumers import stream
from consumers.bulletin import PIN, stage_field
from consumers.queue import Snapshot, take_snapshot
from pipeline.storage import figures
from pipeline.storage.attempts import Delivery, mark_retry, open_attempt
from pipeline.storage.database import Database, DatabaseTimeouts
from tests import doubles
from tests.integration.consumers.rig import Rig

LEASE = timedelta(seconds=20)
AT_ONCE = DatabaseTimeouts(connect=timedelta(seconds=1))


async def look(rig: Rig, database: Database | None = None) -> Snapshot:
    return await take_snapshot(rig.client, rig.keys, database or rig.database)


async def test_an_empty_queue_holds_nothing(rig: Rig) -> None:
    found = await look(rig)

    assert (found.length, found.lag, found.waiting, found.pending) == (0, 0, 0, ())
    assert (found.retries, found.next_retry, found.dead, found.new_letters) == (0, None, 0, ())
    assert found.memory.used > 0
    assert found.ledger is not None
    assert found.ledger.oldest is None
    assert found.ledger.ended.failure_share is None


async def test_a_pending_entry_tells_owner_deliveries_age_and_stage(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim("alice-0")
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice-0", 1, None))
    field = stage_field(claimed.entry_id, "alice-0")
    await rig.client.eval(PIN, 1, rig.keys.stages, field, '["ocr", 2]')

    (entry,) = (await look(rig)).pending

    assert (entry.upload_id, entry.consumer, entry.deliveries) == (upload, "alice-0", 1)
    assert entry.idle < LEASE
    assert entry.age is not None
    assert str(entry.stage) == "ocr of page 2"


async def test_what_nobody_has_read_waits_also_where_redis_cannot_tell_the_lag(rig: Rig) -> None:
    await rig.publish()
    await rig.publish()
    await rig.publish()
    await rig.claim()
    entries: Any = await rig.client.xrange(rig.keys.stream)
    # XDEL of an entry that nobody has read makes the lag unknown.
    await rig.client.xdel(rig.keys.stream, entries[1][0])

    found = await look(rig)

    assert found.lag is None
    assert found.waiting == 1


async def test_without_a_group_all_that_is_in_the_stream_waits(rig: Rig) -> None:
    await rig.publish()
    await rig.client.xgroup_destroy(rig.keys.stream, rig.keys.group)

    found = await look(rig)

    assert (found.group_exists, found.waiting, found.consumers) == (False, 1, ())


async def test_retries_tell_when_the_first_is_due(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.crash))
    assert upload

    found = await look(rig)

    assert found.retries == 1
    assert found.next_retry is not None
    assert timedelta(seconds=40) < found.next_retry < timedelta(seconds=75)


async def test_what_ended_of_late_is_told_in_shares(rig: Rig) -> None:
    for double in (doubles.read_nothing, doubles.read_nothing, doubles.refuse):
        await rig.publish()
        await rig.handle(rig.child(double))

    found = await look(rig)

    assert found.ledger is not None
    ended = found.ledger.ended
    assert (ended.committed, ended.dead, ended.verified) == (2, 1, 0)
    assert ended.failure_share == 1 / 3
    assert ended.last is not None
    assert list(found.ledger.failed.values()) == ["unreadable_image"]
    (letter,) = found.new_letters
    assert letter.reason == "unreadable_image"


async def test_the_oldest_unfinished_upload_is_named_by_when_it_was_asked_for(rig: Rig) -> None:
    first = await rig.publish()
    await rig.publish()
    async with rig.database.transaction() as connection:
        await connection.execute(
            "UPDATE uploads SET updated_at = now() - interval '7 minutes' WHERE id = %s", (first,)
        )

    found = await look(rig)

    assert found.ledger is not None
    assert found.ledger.oldest is not None
    assert found.ledger.oldest.upload_id == first
    assert found.ledger.oldest.age > timedelta(minutes=7)


async def test_a_retry_does_not_make_an_upload_younger(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))
    async with rig.database.transaction() as connection:
        await connection.execute(
            "UPDATE ocr_publications SET published_at = now() - interval '7 minutes'"
        )
    await mark_retry(rig.database, upload, 1, error_code="ocr_crashed", error="It crashed.")

    found = await look(rig)

    assert found.ledger is not None
    assert found.ledger.oldest is not None
    assert found.ledger.oldest.age > timedelta(minutes=7)


@pytest.mark.parametrize("failed", [False, True])
async def test_behind_a_long_line_what_was_begun_keeps_its_age(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, *, failed: bool
) -> None:
    monkeypatch.setattr(figures, "HEAD", 1)
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))
    if failed:
        await mark_retry(rig.database, upload, 1, error_code="ocr_crashed", error="It crashed.")
    first = await rig.publish()
    async with rig.database.transaction() as connection:
        await connection.execute(
            "UPDATE ocr_publications SET published_at = now() - interval '7 minutes'"
        )
        await connection.execute(
            "UPDATE uploads SET updated_at = now() - interval '5 minutes' WHERE id = %s", (first,)
        )

    found = await look(rig)

    assert found.ledger is not None
    assert found.ledger.oldest is not None
    assert found.ledger.oldest.upload_id == upload


async def test_a_row_that_does_not_say_when_it_was_changed_is_as_old_as_itself(rig: Rig) -> None:
    upload = await rig.publish()
    async with rig.database.transaction() as connection:
        await connection.execute("ALTER TABLE uploads ALTER updated_at DROP NOT NULL")
        await connection.execute(
            "UPDATE uploads SET updated_at = NULL, created_at = now() - interval '7 minutes'"
        )

    found = await look(rig)

    assert found.ledger is not None
    assert found.ledger.oldest is not None
    assert found.ledger.oldest.upload_id == upload
    assert found.ledger.oldest.age > timedelta(minutes=7)


async def test_canaries_are_kept_out_of_the_figures(rig: Rig) -> None:
    await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    async with rig.database.transaction() as connection:
        await connection.execute("UPDATE ocr_attempts SET upload_id = 'canary-1'")
        await connection.execute("UPDATE uploads SET id = 'canary-1', status = 'uploaded'")
    letter = {"data": '{"upload_id": "canary-1"}', "reason": "unreadable_image"}
    await rig.client.delete(rig.keys.dead)
    await rig.client.xadd(rig.keys.dead, letter)  # type: ignore[arg-type]  # str is one of them

    found = await look(rig)

    assert (found.dead, found.new_letters) == (0, ())

    assert found.ledger is not None
    assert found.ledger.ended.dead == 0
    assert found.ledger.oldest is None
    assert not found.ledger.failed


async def test_with_postgresql_away_redis_alone_is_told(rig: Rig) -> None:
    await rig.publish()
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    async with Database(nowhere, timeouts=AT_ONCE) as database:
        found = await look(rig, database)

    assert found.ledger is None
    assert "PostgreSQL" in (found.database_error or "")
    assert found.waiting == 1


async def test_a_consumer_lives_by_what_its_replica_says(rig: Rig) -> None:
    await rig.claim_nothing("alice-0")
    await rig.pin_replica("alice")

    assert [each.name for each in (await look(rig)).live_consumers(timedelta(0))] == ["alice-0"]
    assert (await look(rig)).reading_slots == 1
    await rig.client.delete(rig.keys.replicas)
    assert (await look(rig)).live_consumers(timedelta(0)) == ()


async def test_what_was_handed_back_has_no_living_owner(rig: Rig) -> None:
    await rig.publish()
    claimed = await rig.claim("alice-0")
    await stream.hand_back(rig.client, rig.keys, claimed.entry_id, "alice-0")

    names = [each.name for each in (await look(rig)).live_consumers(LEASE)]

    assert stream.HANDED_BACK not in names
