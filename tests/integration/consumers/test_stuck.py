from datetime import timedelta

from consumers import stream
from consumers.stuck import Group, Patience, StuckEntry, group_of, stuck_entries
from pipeline.storage.attempts import Delivery, open_attempt
from tests.integration.consumers.rig import Rig

LONG = timedelta(hours=1)
NONE = timedelta(microseconds=1)


async def stuck(
    rig: Rig, *, lease: timedelta = LONG, in_work: timedelta = LONG
) -> list[StuckEntry]:
    found = stuck_entries(rig.client, rig.keys, rig.database, Patience(lease, in_work))
    return [each async for each in found]


async def test_an_entry_in_work_is_not_stuck(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()

    assert await stuck(rig) == []


async def test_a_hung_worker_whose_lease_is_renewed_is_stuck_by_its_age(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim()
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice", 1, None))

    (found,) = await stuck(rig, in_work=NONE)

    assert (found.entry_id, found.upload_id) == (claimed.entry_id, upload)
    assert found.consumer == "alice"
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

    silence = (await group_of(rig.client, rig.keys)).silence(Patience(LONG, LONG))

    assert silence == "1 waiting, and the group has no consumer: start a replica."


async def test_a_backlog_beside_a_group_that_lives_is_no_silence(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()
    await rig.publish()

    group = await group_of(rig.client, rig.keys)

    assert group.waiting == 1
    assert group.silence(Patience(LONG, LONG)) is None
    assert group.silence(Patience(NONE, LONG)) is not None


def test_an_unknown_lag_is_not_nought() -> None:
    assert Group(None, None).silence(Patience(LONG, LONG)) is not None
    assert Group(0, None).silence(Patience(LONG, LONG)) is None
