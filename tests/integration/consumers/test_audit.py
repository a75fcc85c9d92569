import json
from datetime import timedelta

from consumers import stream
from consumers.audit import Audit, audit
from consumers.queue import dead_letters
from consumers.replay import replay
from pipeline.storage.attempts import Delivery, mark_retry, open_attempt
from tests import doubles
from tests.integration.consumers.rig import Rig


async def audited(rig: Rig) -> Audit:
    return await audit(rig.client, rig.keys, rig.database)


async def test_each_end_is_counted_and_the_invariant_holds(rig: Rig) -> None:
    await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    await rig.publish()
    await rig.handle(rig.child(doubles.crash))

    found = await audited(rig)

    assert found.holds
    assert found.published == 3
    assert found.by_status == {"parsed": 1, "failed": 1, "uploaded": 1}
    assert found.dead_by_reason == {"unreadable_image": 1}
    assert (found.deliveries, found.unfinished) == (3, 1)
    assert (found.lost, found.twice, found.contradictory) == ([], [], [])


async def test_an_unfinished_upload_without_an_entry_is_lost(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))
    assert (await audited(rig)).holds

    await stream.acknowledge(rig.client, rig.keys, claimed.entry_id)

    found = await audited(rig)
    assert not found.holds
    assert found.lost == [upload]


async def test_two_commits_for_one_wish_are_found(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    async with rig.database.transaction() as connection:
        await connection.execute("DELETE FROM scorecards")
    await rig.client.xadd(rig.keys.stream, {"data": json.dumps({"upload_id": upload})})
    await rig.handle(rig.child(doubles.read_nothing))

    found = await audited(rig)

    assert found.twice == [upload]
    assert not found.holds


async def test_a_replay_is_a_wish_of_its_own(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    (letter,) = [each async for each in dead_letters(rig.client, rig.keys)]
    await replay(rig.client, rig.keys, rig.database, letter)
    await rig.handle(rig.child(doubles.read_nothing))

    found = await audited(rig)

    assert [outcome for outcome, _ in await rig.outcomes(upload)] == ["dead", "committed"]
    assert found.twice == []
    assert found.holds


async def test_a_backend_that_sets_a_failed_upload_back_wishes_anew(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    async with rig.database.transaction() as connection:
        await connection.execute("UPDATE uploads SET status = 'uploaded'")
    await rig.client.xadd(rig.keys.stream, {"data": json.dumps({"upload_id": upload})})
    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.status(upload) == "parsed"
    assert (await audited(rig)).holds


async def test_parsed_without_a_scorecard_is_a_contradiction(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    async with rig.database.transaction() as connection:
        await connection.execute("DELETE FROM scorecards")

    found = await audited(rig)

    assert found.contradictory == [upload]
    assert not found.holds


async def test_one_upload_is_audited_alone(rig: Rig) -> None:
    first = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))

    found = await audit(rig.client, rig.keys, rig.database, first)

    assert found.published == 1


async def test_refused_stale_writes_are_counted(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))
    await stream.reclaim_next(rig.client, rig.keys, "bob", idle=timedelta(0))
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "bob", 2, None))
    await mark_retry(rig.database, upload, 1, error_code="ocr_crashed", error="It crashed.")

    assert (await audited(rig)).stale_writes_refused == 1
