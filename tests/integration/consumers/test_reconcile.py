import asyncio
import itertools
from datetime import timedelta
from typing import Any

import pytest

from consumers.entry import parse
from consumers.queue import queued_uploads
from consumers.queue.entries import PAGE
from consumers.reconcile import missing_entries, reconcile
from consumers.stream import ensure_group
from consumers.watch import Watcher
from pipeline.storage.attempts import Delivery, open_attempt
from pipeline.storage.uploads import cancel_upload
from tests import doubles
from tests.integration.consumers.rig import Rig
from tests.wait import wait_until_async as wait_until

AT_ONCE = timedelta(0)


async def republished(rig: Rig) -> list[str]:
    found = await reconcile(rig.client, rig.keys, rig.database, settled_for=AT_ONCE)
    return [each.upload_id for each in found]


async def lose_everything(rig: Rig) -> None:
    await rig.client.delete(rig.keys.stream, rig.keys.retry, rig.keys.dead)


async def test_after_redis_lost_everything_each_unfinished_upload_is_published_again(
    rig: Rig,
) -> None:
    read = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    waiting = [await rig.publish() for _ in range(3)]
    await lose_everything(rig)

    assert await republished(rig) == waiting

    assert await queued_uploads(rig.client, rig.keys) == set(waiting)
    assert read not in waiting


async def test_what_is_published_again_is_read(rig: Rig) -> None:
    upload = await rig.publish()
    await lose_everything(rig)
    await republished(rig)
    await ensure_group(rig.client, rig.keys)

    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.status(upload) == "parsed"


async def test_nothing_is_missing_where_an_entry_waits_or_is_in_work(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()
    await rig.publish()

    assert await republished(rig) == []


async def test_nothing_is_missing_that_waits_for_its_next_try(rig: Rig) -> None:
    await rig.publish()
    await rig.handle(rig.child(doubles.crash))

    assert await rig.queue() == (0, 1, 0)
    assert await republished(rig) == []


async def test_what_has_ended_is_never_published_again(rig: Rig) -> None:
    await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    cancelled = await rig.publish()
    await cancel_upload(rig.database, cancelled)
    await lose_everything(rig)

    assert await republished(rig) == []


async def test_an_upload_that_has_just_changed_is_left_alone(rig: Rig) -> None:
    await rig.publish()
    await lose_everything(rig)

    missing = await missing_entries(
        rig.client, rig.keys, rig.database, settled_for=timedelta(hours=1)
    )

    assert missing == []


async def add_strangers(rig: Rig, number: int) -> None:
    """Entries that no upload of ours has."""
    async with rig.client.pipeline(transaction=False) as commands:
        for each in range(number):
            commands.xadd(rig.keys.stream, {"data": f'{{"upload_id": "stranger-{each}"}}'})
        await commands.execute()


async def test_a_search_rests_between_the_pages_of_a_long_queue_and_misses_nothing(
    rig: Rig,
) -> None:
    uploads = [await rig.publish()]
    await add_strangers(rig, 2 * PAGE)
    uploads.append(await rig.publish())
    rests = []

    async def rest() -> None:
        rests.append(await rig.client.xlen(rig.keys.stream))

    async def search() -> list[str]:
        return await missing_entries(
            rig.client, rig.keys, rig.database, settled_for=AT_ONCE, rest=rest
        )

    assert await search() == []
    assert rests == [2 * PAGE + 2] * 3

    await rig.client.delete(rig.keys.stream)
    assert sorted(await search()) == sorted(uploads)


@pytest.mark.parametrize("at", [1, 2], ids=["after PostgreSQL's answer", "between Redis's pages"])
async def test_what_changes_while_it_is_searched_for_is_left_to_the_next_search(
    rig: Rig, at: int
) -> None:
    await add_strangers(rig, PAGE)
    upload = await rig.publish()
    rests = itertools.count(1)

    async def is_begun() -> None:
        if next(rests) != at:
            return
        claimed = await rig.claim()
        while parse(claimed.fields).upload_id != upload:
            claimed = await rig.claim()
        await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice-0", 1, None))
        # Whatever becomes of its entry now: somebody is at it.
        await rig.client.xdel(rig.keys.stream, claimed.entry_id)

    during = await missing_entries(
        rig.client, rig.keys, rig.database, settled_for=AT_ONCE, rest=is_begun
    )
    after = await missing_entries(rig.client, rig.keys, rig.database, settled_for=AT_ONCE)

    assert (during, after) == ([], [upload])


async def test_the_watcher_reconciles(rig: Rig) -> None:
    upload = await rig.publish()
    await lose_everything(rig)
    watching = asyncio.create_task(
        Watcher(rig.client, rig.keys, rig.database, settled_for=AT_ONCE).run()
    )

    async def is_back() -> Any:
        return upload in await queued_uploads(rig.client, rig.keys)

    await wait_until(is_back)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert await rig.client.get(rig.keys.watcher) is None
