"""Replicas side by side, alike but for where they send their telemetry."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psutil

from benchmarks.servers import OwnQueue
from consumers.connection import connect
from consumers.publish import Publisher
from consumers.stream import Client, Keys
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.uploads import NewUpload

KEY = "card"
POLL = 0.005
"""Seconds between looks whether an upload has ended."""
PATIENCE = 120.0
"""Seconds for one upload, the start of its replica included."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one upload took."""

    seconds: float
    """From its publication until its entry is gone: claimed, read, committed, acknowledged."""
    cpu_seconds: float
    """Of the replica's own process since its last sample: telemetry made and sent, and all else but
    the reading, which is its child's."""


@dataclass
class Bench:
    """One replica, and the way to it."""

    mode: str
    process: psutil.Popen
    queue: OwnQueue
    bucket: str
    _cpu_seconds: float = 0.0

    async def read_one(self, content: bytes) -> Sample:
        """Publish an upload and wait until it has ended."""
        environment, keys = self.queue.environment, self.queue.keys
        client = connect(environment["CRICKSY_REDIS_URL"], keys.stream)
        objects = _objects(environment)
        try:
            async with Database(environment["DATABASE_URL"]) as database:
                publisher = Publisher(client, keys, database, objects, self.bucket)
                began = time.perf_counter()
                await publisher.publish_stored(
                    NewUpload(uuid4().hex, KEY, "image/jpeg", len(content), self.bucket, KEY)
                )
                await _until_ended(client, keys)
                return Sample(time.perf_counter() - began, self._cpu_since_last())
        finally:
            await client.aclose()
            objects.close()

    def _cpu_since_last(self) -> float:
        times = self.process.cpu_times()
        before, self._cpu_seconds = self._cpu_seconds, times.user + times.system
        return self._cpu_seconds - before


async def _until_ended(client: Client, keys: Keys) -> None:
    async with asyncio.timeout(PATIENCE):
        while await client.xlen(keys.stream):  # noqa: ASYNC110 -- another process empties it
            await asyncio.sleep(POLL)


def _objects(environment: Mapping[str, str]) -> ObjectStore:
    return ObjectStore(
        ObjectStoreAddress(
            environment["CRICKSY_S3_ENDPOINT_URL"],
            environment["CRICKSY_S3_ACCESS_KEY"],
            environment["CRICKSY_S3_SECRET_KEY"],
        )
    )


async def store(environment: Mapping[str, str], bucket: str, content: bytes) -> None:
    """Put the card where all replicas find it."""
    objects = _objects(environment)
    await objects.ensure_bucket(bucket)
    await objects.put(bucket, KEY, content, "application/octet-stream")
    objects.close()


@contextmanager
def running(
    mode: str, servers: Mapping[str, str], telemetry: Mapping[str, str], bucket: str
) -> Iterator[Bench]:
    """A replica of one slot, with a stream and a database of its own."""
    queue = OwnQueue(
        servers,
        f"telemetry_{mode}",
        {
            **telemetry,
            "CRICKSY_S3_BUCKET": bucket,
            "CRICKSY_MAX_TASKS_PER_CHILD": "1000000",
        },
    )
    with queue.replica() as process:
        yield Bench(mode, process, queue, bucket)
