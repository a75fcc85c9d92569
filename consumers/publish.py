"""Publishing: object, row, entry, in that order, so that no entry names what is not there."""

import mimetypes
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from consumers import entry as entries
from consumers.entry import MESSAGE, Entry
from consumers.stream import Client, Keys
from otel import spans
from otel.spans import Destination
from pipeline.imaging.formats import media_type_of
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore
from pipeline.storage.publications import record_publication
from pipeline.storage.uploads import NewUpload, record_upload

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Published:
    """One upload on its way."""

    upload_id: str
    filename: str
    entry_id: str
    trace_id: str


class Publisher:
    """Stores, records and publishes uploads.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        objects: the object store.
        bucket: where files of this machine are put.
    """

    def __init__(
        self, client: Client, keys: Keys, database: Database, objects: ObjectStore, bucket: str
    ) -> None:
        self._client = client
        self._keys = keys
        self._database = database
        self._objects = objects
        self._bucket = bucket

    async def publish_file(self, filename: str, content: bytes) -> Published:
        """Put a file's bytes into the bucket and have them read.

        Raises:
            ObjectStoreUnavailable: S3 does not answer; nothing was recorded.
            DatabaseUnavailable: PostgreSQL does not answer; nothing was published.
        """
        upload_id = uuid4().hex
        key = object_key(upload_id, filename)
        with spans.sending(Destination(self._keys.stream), upload_id):
            await self._objects.put(self._bucket, key, content, content_type_of(filename))
            return await self._record(upload_id, filename, self._bucket, key, len(content))

    async def publish_object(self, bucket: str, key: str, size: int) -> Published:
        """Have an object read that is in S3 already."""
        upload_id = uuid4().hex
        with spans.sending(Destination(self._keys.stream), upload_id):
            return await self._record(upload_id, PurePosixPath(key).name, bucket, key, size)

    async def publish_prefix(self, bucket: str, prefix: str) -> AsyncIterator[Published]:
        """Have every object under a prefix read, in the order that S3 lists them."""
        async for page in self._objects.list(bucket, prefix):
            for stored in page:
                yield await self.publish_object(bucket, stored.key, stored.size)

    async def _record(
        self, upload_id: str, filename: str, bucket: str, key: str, size: int
    ) -> Published:
        return await self._publish(
            NewUpload(
                id=upload_id,
                filename=filename,
                content_type=content_type_of(filename),
                file_size=size,
                bucket=bucket,
                key=key,
            )
        )

    async def publish_stored(self, upload: NewUpload) -> Published:
        """Have an upload read whose row a backend has begun, and whose object is in S3 by now.

        Raises:
            RedisError: the row is `uploaded`, so the reconciler publishes it when Redis is back.
        """
        with spans.sending(Destination(self._keys.stream), upload.id):
            return await self._publish(upload)

    async def _publish(self, upload: NewUpload) -> Published:
        await record_upload(self._database, upload)
        entry_id = await add_entry(self._client, self._keys, upload.id)
        trace_id = spans.trace_id()
        await record_publication(self._database, upload.id, entry_id, trace_id)
        return Published(upload.id, upload.filename, entry_id, trace_id)


async def add_entry(client: Client, keys: Keys, upload_id: str) -> str:
    """Add the entry that has an upload read, with the current trace context.

    Returns:
        The entry's id.
    """
    message = await entries.encode(Entry(upload_id, spans.inject()))
    began = time.perf_counter()
    added: Any = await client.xadd(keys.stream, {MESSAGE: message})
    entry_id = str(added, "ascii")
    took = timedelta(seconds=time.perf_counter() - began)
    spans.added(Destination(keys.stream), entry_id, took)
    return entry_id


def object_key(upload_id: str, filename: str) -> str:
    """`uploads/<id>/<safe filename>`: no name can leave its folder."""
    safe = UNSAFE.sub("_", PurePosixPath(filename.replace("\\", "/")).name).lstrip(".") or "upload"
    return f"uploads/{upload_id}/{safe[-100:]}"


def content_type_of(filename: str) -> str:
    """By the name alone; what a file really is shows when it is decoded."""
    return (
        media_type_of(filename) or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    )


def split_s3_uri(uri: str) -> tuple[str, str]:
    """Bucket and prefix of `s3://bucket/prefix`."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return bucket, prefix
