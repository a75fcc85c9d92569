"""What an operator does to uploads, and that the audit still holds after it."""

from datetime import timedelta
from typing import Any

from consumers import operations, stream
from consumers.audit import audit
from consumers.operations import Effect, Result
from consumers.queue import dead_letters
from consumers.reconcile import reconcile
from consumers.why import Rules
from pipeline.storage.attempts import Cancelled, Delivery, Opened, open_attempt
from pipeline.storage.scorecards import commit, get_scorecard
from pipeline.storage.uploads import NewUpload, get_upload, record_upload
from tests import doubles
from tests.integration.consumers.rig import Rig

RULES = Rules(timedelta(seconds=20), timedelta(seconds=300), 3, 3, timedelta(hours=1))
CARD: dict[str, object] = {"match": {}, "innings": []}


async def retry(rig: Rig, upload: str, *, again: bool = False) -> Result:
    place = await operations.whereabouts(rig.client, rig.keys)
    queue = (rig.client, rig.keys, rig.database)
    return await operations.retry(*queue, place, upload, again=again)


async def holds(rig: Rig) -> bool:
    return (await audit(rig.client, rig.keys, rig.database)).holds


async def read(rig: Rig) -> None:
    await rig.handle(rig.child(doubles.read_nothing))


async def test_a_cancelled_upload_that_waits_is_skipped_when_it_comes(rig: Rig) -> None:
    upload = await rig.publish()

    result = await operations.cancel(rig.database, upload)

    assert result.effect is Effect.DONE
    assert await rig.queue() == (1, 0, 0)
    await rig.handle(rig.child(doubles.crash))
    assert await rig.outcomes(upload) == [("cancelled", None)]
    assert await rig.status(upload) == "cancelled"
    assert await rig.queue() == (0, 0, 0)
    assert await holds(rig)


async def test_an_upload_cancelled_in_work_commits_nothing_and_is_acknowledged(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    opened = await open_attempt(
        rig.database, Delivery(upload, claimed.entry_id, claimed.consumer, 1, None)
    )
    assert isinstance(opened, Opened)

    result = await operations.cancel(rig.database, upload)
    committed = await commit(
        rig.database,
        upload,
        opened.fence,
        document=CARD,
        verified=False,
        pipeline_version="1",
        preview={},
    )

    assert "while it is in work" in result.text
    assert committed == Cancelled(opened.fence)
    assert await get_scorecard(rig.database, upload) is None
    assert await rig.status(upload) == "cancelled"
    await stream.acknowledge(rig.client, rig.keys, claimed.entry_id)
    assert await holds(rig)


async def test_what_has_ended_cannot_be_cancelled(rig: Rig) -> None:
    upload = await rig.publish()
    await read(rig)

    result = await operations.cancel(rig.database, upload)

    assert (result.effect, result.text) == (Effect.REFUSED, "It has ended: it is `parsed`.")
    assert (await operations.cancel(rig.database, "nobody")).effect is Effect.REFUSED


async def test_cancelling_a_second_reading_leaves_the_card(rig: Rig) -> None:
    upload = await rig.publish()
    await read(rig)
    await retry(rig, upload, again=True)

    result = await operations.cancel(rig.database, upload)
    await rig.handle(rig.child(doubles.crash))

    assert result.effect is Effect.DONE
    assert await rig.outcomes(upload) == [("committed", None), ("duplicate", None)]
    assert await rig.status(upload) == "parsed"
    assert await holds(rig)


async def test_a_failed_upload_is_read_again_from_its_dead_letter(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))

    result = await retry(rig, upload)

    assert result.effect is Effect.DONE
    assert await rig.queue() == (1, 0, 0)
    await read(rig)
    assert await rig.status(upload) == "parsed"
    assert await holds(rig)


async def test_a_failed_upload_whose_letter_was_dropped_is_read_again(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    assert [each async for each in operations.drop_letters(rig.client, rig.keys, rig.database)]
    assert [each async for each in dead_letters(rig.client, rig.keys)] == []

    await retry(rig, upload)
    await read(rig)

    assert await rig.status(upload) == "parsed"
    assert await holds(rig)


async def test_a_cancelled_upload_is_read_again(rig: Rig) -> None:
    upload = await rig.publish()
    await operations.cancel(rig.database, upload)

    assert (await retry(rig, upload)).effect is Effect.DONE
    await read(rig)
    await read(rig)

    assert await rig.outcomes(upload) == [("committed", None), ("duplicate", None)]
    assert await holds(rig)


async def test_what_waits_for_its_next_try_is_tried_now(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.crash))
    assert await rig.queue() == (0, 1, 0)

    result = await retry(rig, upload)

    assert result.effect is Effect.DONE
    first: Any = await rig.client.zrange(rig.keys.retry, 0, 0, withscores=True)
    assert first[0][1] == 0


async def test_what_waits_in_the_stream_is_left_where_it_is(rig: Rig) -> None:
    upload = await rig.publish()

    assert (await retry(rig, upload)).effect is Effect.NOTHING
    assert await rig.queue() == (1, 0, 0)


async def test_an_unfinished_upload_without_an_entry_is_published(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.client.xtrim(rig.keys.stream, maxlen=0)

    result = await retry(rig, upload)

    assert result.entry_id is not None
    assert await rig.queue() == (1, 0, 0)


async def test_what_was_read_is_read_a_second_time_only_when_asked_for(rig: Rig) -> None:
    upload = await rig.publish()
    await read(rig)

    assert (await retry(rig, upload)).effect is Effect.REFUSED
    assert (await retry(rig, upload, again=True)).effect is Effect.DONE
    await read(rig)

    card = await get_scorecard(rig.database, upload)
    assert card is not None
    assert card.revision == 2
    assert await holds(rig)


async def test_a_card_that_a_person_has_confirmed_is_not_read_again(rig: Rig) -> None:
    upload = await rig.publish()
    await read(rig)
    async with rig.database.transaction() as connection:
        await connection.execute("UPDATE scorecards SET reviewed_at = now()")

    assert (await retry(rig, upload, again=True)).effect is Effect.REFUSED
    assert await rig.queue() == (0, 0, 0)


async def test_an_upload_whose_file_has_not_come_is_neither_published_nor_unknown(
    rig: Rig,
) -> None:
    await record_upload(rig.database, NewUpload("u9", "a.jpg", "image/jpeg", 1, "b", "k"))
    async with rig.database.transaction() as connection:
        await connection.execute("UPDATE uploads SET status = 'initiated'")

    assert "backend has not said" in (await retry(rig, "u9")).text
    assert (await operations.cancel(rig.database, "u9")).effect is Effect.DONE


async def test_a_purge_cancels_what_waits_and_leaves_what_is_in_work(rig: Rig) -> None:
    in_work = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(in_work, claimed.entry_id, claimed.consumer, 1, None))
    waiting = [await rig.publish() for _ in range(3)]

    outlook = await operations.what_purge_would_do(rig.client, rig.keys, rig.database)
    changed = [page async for page in operations.purge_waiting(rig.database)]

    assert outlook.waiting == 3
    assert [sorted(page) for page in changed] == [waiting]
    assert {await rig.status(each) for each in waiting} == {"cancelled"}
    assert await rig.status(in_work) == "processing"
    assert await rig.queue() == (4, 0, 0)
    assert await holds(rig)


async def test_the_lag_stays_known_after_a_purge(rig: Rig) -> None:
    for _ in range(3):
        await rig.publish()
    _ = [page async for page in operations.purge_waiting(rig.database)]
    await rig.handle(rig.child(doubles.crash))

    (group,) = await rig.client.xinfo_groups(rig.keys.stream)

    assert group["lag"] == 2


async def test_a_purge_of_the_retries_ends_them_when_they_are_due(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.crash))

    _ = [page async for page in operations.purge_waiting(rig.database)]
    await rig.make_due()
    await rig.handle(rig.child(doubles.crash))

    assert await rig.outcomes(upload) == [("retry", "ocr_crashed"), ("cancelled", None)]
    assert await rig.queue() == (0, 0, 0)
    assert await holds(rig)


async def test_a_story_tells_publications_deliveries_and_the_card(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    await retry(rig, upload)
    await read(rig)

    story = await operations.tell(rig.client, rig.keys, rig.database, upload, RULES)

    record = story.evidence.record
    assert record is not None
    assert [each.cause for each in story.publications] == ["observed", "replayed"]
    assert [each.outcome for each in record.attempts] == ["dead", "committed"]
    assert record.scorecard is not None
    assert set(story.trace_ids) >= {each.trace_id for each in record.attempts}
    row = await get_upload(rig.database, upload)
    assert record.upload == row


async def test_an_upload_of_an_archive_that_is_wanted_at_once_is_live(rig: Rig) -> None:
    first, wanted = await rig.archive(), await rig.archive()
    await rig.publish()

    result = await retry(rig, wanted)

    assert result.effect is Effect.DONE
    assert result.entry_id is not None
    assert (await rig.queue())[0] == 2
    await read(rig)
    await read(rig)
    assert (await rig.status(wanted), await rig.status(first)) == ("parsed", "uploaded")
    assert await rig.client.xlen(rig.keys.backfill) == 1
    assert await holds(rig)


async def test_a_purged_archive_is_only_acknowledged(rig: Rig) -> None:
    upload = await rig.archive()
    assert (await operations.what_purge_would_do(rig.client, rig.keys, rig.database)).waiting == 1

    async for _ in operations.purge_waiting(rig.database):
        pass
    child = rig.child(doubles.crash)
    await rig.handler.handle(await rig.claim_of_archive(), child)
    child.stop()

    assert await rig.outcomes(upload) == [("cancelled", None)]
    assert await rig.queue() == (0, 0, 0)
    assert await holds(rig)


async def test_an_upload_of_an_archive_is_read_like_any_other(rig: Rig) -> None:
    upload = await rig.archive()

    child = rig.child(doubles.read_nothing)
    await rig.handler.handle(await rig.claim_of_archive(), child)
    child.stop()

    assert await rig.status(upload) == "parsed"
    found = await audit(rig.client, rig.keys, rig.database)
    assert (found.holds, found.published, found.unfinished) == (True, 1, 0)


async def test_an_upload_of_an_archive_that_is_read_again_is_of_it_no_more(rig: Rig) -> None:
    upload = await rig.archive()
    child = rig.child(doubles.read_nothing)
    await rig.handler.handle(await rig.claim_of_archive(), child)
    child.stop()
    await retry(rig, upload, again=True)
    await rig.client.delete(rig.keys.stream)

    await reconcile(rig.client, rig.keys, rig.database, settled_for=timedelta(0))

    assert (await rig.queue())[0] == 1
    assert await rig.client.xlen(rig.keys.backfill) == 0
