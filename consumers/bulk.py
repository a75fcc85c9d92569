"""Publishing what lies in S3 already, by the page, so that an archive needs little time and memory.

An object's upload id follows from what it is. Whoever publishes a prefix a second time, after a
kill or beside another who does, publishes what is missing and nothing twice.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import NAMESPACE_URL, uuid4, uuid5

from consumers.publish import Published, add_entries, content_type_of
from consumers.reconcile import SETTLED_FOR, reconcile
from consumers.stream import Client, Keys, Lane
from pipeline.storage.bulk import record_uploads, unannounced_uploads
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore, StoredObject
from pipeline.storage.publications import record_publications
from pipeline.storage.uploads import NewUpload


@dataclass(frozen=True, slots=True)
class Page:
    """What came of one page of a listing."""

    published: tuple[Published, ...]
    known: int = 0
    """Objects that had been published before."""


class BulkPublisher:
    """Records and publishes the objects under a prefix.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        objects: the object store.
    """

    def __init__(
        self, client: Client, keys: Keys, database: Database, objects: ObjectStore
    ) -> None:
        self._client = client
        self._keys = keys
        self._database = database
        self._objects = objects

    async def publish_prefix(
        self, bucket: str, prefix: str, lane: Lane, *, again: bool = False
    ) -> AsyncIterator[Page]:
        """Have every object under a prefix read, in the order that S3 lists them.

        Args:
            bucket: where they are.
            prefix: what their keys begin with.
            lane: where their entries wait.
            again: also those that were published before; they are new uploads then.

        Raises:
            ObjectMissing: there is no such bucket.
            ObjectStoreUnavailable: S3 does not answer.
            DatabaseUnavailable: PostgreSQL does not answer.
            RedisError: Redis does not answer.
        """
        async for listed in self._objects.list(bucket, prefix):
            if listed:
                yield await self._publish(
                    [_upload(bucket, each, again=again) for each in listed], lane
                )

    async def _publish(self, uploads: Sequence[NewUpload], lane: Lane) -> Page:
        new = await record_uploads(self._database, uploads, backfill=lane is Lane.BACKFILL)
        added = await add_entries(
            self._client, self._keys, [each.id for each in uploads if each.id in new], lane
        )
        await record_publications(self._database, added)
        entries = {each.upload_id: (each.entry_id, each.trace_id) for each in added}
        entries |= await self._publish_left([each.id for each in uploads if each.id not in new])
        published = tuple(
            Published(each.id, each.filename, *entries[each.id])
            for each in uploads
            if each.id in entries
        )
        return Page(published, len(uploads) - len(published))

    async def _publish_left(self, known: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Publish what an earlier run had recorded when it died.

        Returns:
            Entry and trace of each.
        """
        left = await unannounced_uploads(self._database, known) if known else {}
        if not left:
            return {}
        # A run that is under way at the same time publishes them itself.
        youngest = min(left.values())
        await asyncio.sleep(max((SETTLED_FOR - youngest).total_seconds(), 0))
        republished = await reconcile(
            self._client, self._keys, self._database, among=frozenset(left)
        )
        return {each.upload_id: (each.entry_id, each.trace_id) for each in republished}


def _upload(bucket: str, stored: StoredObject, *, again: bool) -> NewUpload:
    filename = PurePosixPath(stored.key).name
    return NewUpload(
        id=uuid4().hex if again else upload_id_of(bucket, stored),
        filename=filename,
        content_type=content_type_of(filename),
        file_size=stored.size,
        bucket=bucket,
        key=stored.key,
    )


def upload_id_of(bucket: str, stored: StoredObject) -> str:
    """The id of an object's upload: the same each time, and another when its bytes have changed."""
    return uuid5(NAMESPACE_URL, f"s3://{bucket}/{stored.key}#{stored.etag}").hex
