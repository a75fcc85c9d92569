"""An archive in S3: published once, whatever comes between, and by however many."""

import asyncio
import gc
import sys
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import pytest

from consumers import bulk, reconcile
from consumers.audit import audit
from consumers.bulk import BulkPublisher, Page, upload_id_of
from consumers.entry import upload_of
from consumers.queue import queued_uploads
from consumers.stream import Lane
from pipeline.storage.objects import ObjectStore, StoredObject
from pipeline.storage.publications import publications_of
from pipeline.storage.uploads import get_upload
from tests.integration.consumers.rig import Rig

OBJECTS = 25
PAGE = 10


class Listing(ObjectStore):
    """A bucket of any size: what is published of it is listed, and not fetched."""

    def __init__(self, size: int, *, etag: str = "e1", page_size: int = PAGE) -> None:
        self._size = size
        self._etag = etag
        self._page_size = page_size

    async def list(
        self,
        bucket: str,  # noqa: ARG002 -- as declared
        prefix: str,
        *,
        page_size: int = PAGE,  # noqa: ARG002 -- as declared
    ) -> AsyncIterator[tuple[StoredObject, ...]]:
        for start in range(0, self._size, self._page_size):
            yield tuple(
                StoredObject(f"{prefix}{number:06}.jpg", 1000, self._etag)
                for number in range(start, min(start + self._page_size, self._size))
            )


def publisher(rig: Rig, listing: ObjectStore) -> BulkPublisher:
    return BulkPublisher(rig.client, rig.keys, rig.database, listing)


async def publish(
    rig: Rig, listing: ObjectStore, *, lane: Lane = Lane.BACKFILL, again: bool = False
) -> Page:
    """All of a prefix, as one page."""
    pages = [
        page
        async for page in publisher(rig, listing).publish_prefix(
            "bucket", "cards/", lane, again=again
        )
    ]
    published = tuple(each for page in pages for each in page.published)
    return Page(published, sum(page.known for page in pages))


async def entries_in(rig: Rig, stream: str) -> list[str | None]:
    found: Any = await rig.client.xrange(stream)
    return [upload_of(fields) for _, fields in found]


def ids(size: int = OBJECTS, etag: str = "e1") -> list[str]:
    return [
        upload_id_of("bucket", StoredObject(f"cards/{number:06}.jpg", 1000, etag))
        for number in range(size)
    ]


async def test_every_object_waits_in_the_archive_s_queue_in_the_order_of_the_listing(
    rig: Rig,
) -> None:
    page = await publish(rig, Listing(OBJECTS))

    assert [each.upload_id for each in page.published] == ids()
    assert await entries_in(rig, rig.keys.backfill) == ids()
    assert await entries_in(rig, rig.keys.stream) == []
    row = await get_upload(rig.database, ids()[3])
    assert row is not None
    assert (row.status, row.bucket, row.key) == ("uploaded", "bucket", "cards/000003.jpg")
    (publication,) = await publications_of(rig.database, ids()[3])
    assert publication.entry_id == page.published[3].entry_id
    found = await audit(rig.client, rig.keys, rig.database)
    assert (found.holds, found.published, found.unfinished) == (True, OBJECTS, OBJECTS)


async def test_live_objects_wait_with_people_s_uploads(rig: Rig) -> None:
    await publish(rig, Listing(3), lane=Lane.LIVE)

    assert await entries_in(rig, rig.keys.stream) == ids(3)
    assert await entries_in(rig, rig.keys.backfill) == []


async def test_what_was_published_before_is_left_alone_and_what_has_changed_is_new(
    rig: Rig,
) -> None:
    await publish(rig, Listing(3))

    second = await publish(rig, Listing(5))
    changed = await publish(rig, Listing(5, etag="e2"))

    assert ([each.upload_id for each in second.published], second.known) == (ids(5)[3:], 3)
    assert [each.upload_id for each in changed.published] == ids(5, "e2")
    again = await publish(rig, Listing(5), again=True)
    assert (len(again.published), again.known) == (5, 0)
    assert await rig.client.xlen(rig.keys.backfill) == 15


@pytest.mark.parametrize("killed_in", ["add_entries", "record_publications"])
async def test_a_run_that_was_killed_in_the_midst_of_a_page_is_gone_on_with(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    calls = Counter[str]()
    done: Any = getattr(bulk, killed_in)

    async def dies_at_the_second_page(*arguments: Any) -> Any:
        calls[killed_in] += 1
        if calls[killed_in] == 2:
            raise asyncio.CancelledError
        return await done(*arguments)

    monkeypatch.setattr(bulk, killed_in, dies_at_the_second_page)
    with pytest.raises(asyncio.CancelledError):
        await publish(rig, Listing(OBJECTS))
    monkeypatch.undo()

    page = await publish(rig, Listing(OBJECTS))

    assert Counter(await entries_in(rig, rig.keys.backfill)) == Counter(ids())
    left = OBJECTS - PAGE if killed_in == "add_entries" else OBJECTS - 2 * PAGE
    assert (len(page.published), page.known) == (left, OBJECTS - left)


async def test_two_runs_side_by_side_publish_each_object_once(rig: Rig) -> None:
    first, second = await asyncio.gather(
        publish(rig, Listing(OBJECTS)), publish(rig, Listing(OBJECTS, page_size=7))
    )

    assert len(first.published) + len(second.published) == OBJECTS
    assert Counter(await entries_in(rig, rig.keys.backfill)) == Counter(ids())


async def test_what_redis_has_lost_goes_back_to_the_lane_that_it_came_from(rig: Rig) -> None:
    await publish(rig, Listing(OBJECTS))
    upload = await rig.publish()
    await rig.client.delete(rig.keys.stream, rig.keys.backfill)

    found = await audit(rig.client, rig.keys, rig.database)
    assert len(found.lost) == OBJECTS
    await reconcile.reconcile(rig.client, rig.keys, rig.database, settled_for=timedelta(0))

    assert sorted(map(str, await entries_in(rig, rig.keys.backfill))) == sorted(ids())
    assert await entries_in(rig, rig.keys.stream) == [upload]
    assert (await audit(rig.client, rig.keys, rig.database)).holds


async def test_reconcilers_side_by_side_publish_each_upload_once(rig: Rig) -> None:
    await publish(rig, Listing(OBJECTS))
    await rig.client.delete(rig.keys.backfill)

    await asyncio.gather(
        *(
            reconcile.reconcile(rig.client, rig.keys, rig.database, settled_for=timedelta(0))
            for _ in range(3)
        )
    )

    assert Counter(await entries_in(rig, rig.keys.backfill)) == Counter(ids())


async def test_an_entry_in_the_archive_s_queue_is_not_missing(rig: Rig) -> None:
    await publish(rig, Listing(3))

    republished = await reconcile.reconcile(
        rig.client, rig.keys, rig.database, settled_for=timedelta(0)
    )

    assert republished == []
    assert await queued_uploads(rig.client, rig.keys) == set(ids(3))


async def test_the_length_of_an_archive_costs_no_memory(rig: Rig) -> None:
    async def held(objects: int) -> list[int]:
        """Bytes after each page."""
        found = []
        listing = Listing(objects, page_size=100)
        async for _ in publisher(rig, listing).publish_prefix("b", f"{objects}/", Lane.BACKFILL):
            # What is left of a page is in cycles, which the interpreter collects now and then.
            gc.collect()
            found.append(tracemalloc.get_traced_memory()[0])
        return found

    tracemalloc.start()
    bytes_held = await held(2000)
    tracemalloc.stop()

    # From page to page: what else this process comes to load is loaded once.
    growth = median(after - before for before, after in pairwise(bytes_held))
    assert growth < 100 * sys.getsizeof(ids(1)[0]) / 2
