"""Publishing: object, row, entry, in that order, so that no entry names what is not there."""

import mimetypes
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from consumers import entry as entries
from consumers.entry import MESSAGE, Entry
from consumers.stream import Client, Keys, Lane
from otel import spans
from otel.spans import Destination
from pipeline.imaging.formats import media_type_of
from pipeline.storage.bulk import record_uploads
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore
from pipeline.storage.publications import Announcement, record_publication
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

    async def publish_file(
        self, filename: str, content: bytes, lane: Lane = Lane.LIVE
    ) -> Published:
        """Put a file's bytes into the bucket and have them read.

        Raises:
            ObjectStoreUnavailable: S3 does not answer; nothing was recorded.
            DatabaseUnavailable: PostgreSQL does not answer; nothing was published.
        """
        upload_id = uuid4().hex
        key = object_key(upload_id, filename)
        content_type = content_type_of(filename)
        upload = NewUpload(upload_id, filename, content_type, len(content), self._bucket, key)
        with spans.sending(Destination(self._keys.of(lane)), upload_id):
            await self._objects.put(self._bucket, key, content, content_type)
            return await self._publish(upload, lane)

    async def publish_stored(self, upload: NewUpload) -> Published:
        """Have an upload read whose row a backend has begun, and whose object is in S3 by now.

        Raises:
            RedisError: the row is `uploaded`, so the reconciler publishes it when Redis is back.
        """
        with spans.sending(Destination(self._keys.stream), upload.id):
            return await self._publish(upload, Lane.LIVE)

    async def _publish(self, upload: NewUpload, lane: Lane) -> Published:
        if lane is Lane.BACKFILL:
            await record_uploads(self._database, [upload], backfill=True)
        else:
            await record_upload(self._database, upload)
        entry_id = await add_entry(self._client, self._keys, upload.id, lane)
        trace_id = spans.trace_id()
        await record_publication(self._database, upload.id, entry_id, trace_id)
        return Published(upload.id, upload.filename, entry_id, trace_id)


async def add_entry(client: Client, keys: Keys, upload_id: str, lane: Lane = Lane.LIVE) -> str:
    """Add the entry that has an upload read, with the current trace context.

    Returns:
        The entry's id.
    """
    message = await entries.encode(Entry(upload_id, spans.inject()))
    began = time.perf_counter()
    added: Any = await client.xadd(keys.of(lane), {MESSAGE: message})
    entry_id = str(added, "ascii")
    took = timedelta(seconds=time.perf_counter() - began)
    spans.added(Destination(keys.of(lane)), entry_id, took)
    return entry_id


async def add_entries(
    client: Client, keys: Keys, upload_ids: Sequence[str], lane: Lane
) -> list[Announcement]:
    """Add an entry for each upload, in this order and in one round trip, each in its own trace.

    Raises:
        RedisError: some may have been added.
    """
    if not upload_ids:
        return []
    destination = Destination(keys.of(lane))
    messages, traces = [], []
    for upload_id in upload_ids:
        with spans.sending(destination, upload_id):
            messages.append(await entries.encode(Entry(upload_id, spans.inject())))
            traces.append(spans.trace_id())
    began = time.perf_counter()
    async with client.pipeline(transaction=False) as commands:
        for message in messages:
            commands.xadd(destination.stream, {MESSAGE: message})
        added: list[Any] = await commands.execute()
    spans.added_together(destination, timedelta(seconds=time.perf_counter() - began))
    return [
        Announcement(upload_id, str(entry_id, "ascii"), trace_id)
        for upload_id, entry_id, trace_id in zip(upload_ids, added, traces, strict=True)
    ]


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
