from datetime import timedelta

from consumers import stream
from consumers.queue import take_snapshot
from consumers.stuck import Patience, StuckEntry, silence, stuck_entries
from pipeline.storage.attempts import Delivery, open_attempt
from tests.integration.consumers.rig import Rig

LONG = timedelta(hours=1)
NONE = timedelta(microseconds=1)


async def stuck(
    rig: Rig, *, lease: timedelta = LONG, in_work: timedelta = LONG
) -> list[StuckEntry]:
    snapshot = await take_snapshot(rig.client, rig.keys, rig.database)
    return stuck_entries(snapshot, Patience(lease, in_work))


async def silent(rig: Rig, *, lease: timedelta = LONG) -> str | None:
    return silence(await take_snapshot(rig.client, rig.keys, rig.database), lease)


async def test_an_entry_in_work_is_not_stuck(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()

    assert await stuck(rig) == []


async def test_a_hung_worker_whose_lease_is_renewed_is_stuck_by_its_age(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))

    (found,) = await stuck(rig, in_work=NONE)

    assert (found.entry.entry_id, found.entry.upload_id) == (claimed.entry_id, upload)
    assert found.entry.consumer == "alice"
    assert found.causes[0].startswith("In work since")


async def test_an_entry_that_nobody_reclaims_is_stuck(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()
    await rig.client.wait(1, 5)

    (found,) = await stuck(rig, lease=timedelta(milliseconds=1))

    assert "nobody reclaims it" in found.causes[0]


async def test_an_entry_that_is_delivered_again_and_again_is_stuck(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()
    for _ in range(2):
        await stream.reclaim_next(rig.client, rig.keys, "bob", idle=timedelta(0))

    (found,) = await stuck(rig)

    assert found.causes == ("Delivered 3 times without an outcome.",)


async def test_a_backlog_without_a_consumer_says_so(rig: Rig) -> None:
    await rig.publish()

    assert await silent(rig) == "1 waiting, and the group has no consumer: start a replica."


async def test_a_backlog_beside_a_group_that_lives_is_no_silence(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()
    await rig.publish()

    assert await silent(rig) is None
    assert "no consumer has shown life" in (await silent(rig, lease=NONE) or "")


async def test_where_no_replica_ever_ran_the_backlog_is_told_all_the_same(rig: Rig) -> None:
    await rig.publish()
    await rig.client.xgroup_destroy(rig.keys.stream, rig.keys.group)

    assert await stuck(rig) == []
    assert "no replica has ever made the consumer group" in (await silent(rig) or "")


async def test_where_nothing_was_ever_published_nothing_is_stuck(rig: Rig) -> None:
    await rig.client.delete(rig.keys.stream)

    assert await stuck(rig) == []
    assert await silent(rig) is None
