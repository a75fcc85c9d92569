"""Replicas side by side, alike but for where they send their telemetry."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
from psycopg import sql

from consumers.connection import connect
from consumers.publish import Publisher
from consumers.stream import Client, Keys
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.uploads import NewUpload

FASTSTREAM = Path(sys.executable).with_name("faststream")
GROUP = "ocr"
KEY = "card"
POLL = 0.001
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
    environment: Mapping[str, str]
    bucket: str
    _cpu_seconds: float = 0.0

    async def read_one(self, content: bytes) -> Sample:
        """Publish an upload and wait until it has ended."""
        keys = Keys(self.environment["CRICKSY_STREAM"], GROUP)
        client = connect(self.environment["CRICKSY_REDIS_URL"], "{ocr}:uploads")
        objects = _objects(self.environment)
        try:
            async with Database(self.environment["DATABASE_URL"]) as database:
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
    environment: dict[str, Any] = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CRICKSY_", "OTEL_"))
    } | {
        **servers,
        **telemetry,
        "DATABASE_URL": _database(servers["DATABASE_URL"], mode),
        "CRICKSY_STREAM": f"{{{mode}}}:uploads",
        "CRICKSY_S3_BUCKET": bucket,
        "CRICKSY_CONCURRENCY": "1",
        "CRICKSY_MAX_TASKS_PER_CHILD": "1000000",
        "CRICKSY_LOG_LEVEL": "ERROR",
    }
    asyncio.run(migrate(environment["DATABASE_URL"]))
    process = psutil.Popen([FASTSTREAM, "run", "consumers.app:app"], env=environment)
    try:
        yield Bench(mode, process, environment, bucket)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _database(server: str, mode: str) -> str:
    name = f"telemetry_{mode}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server.rpartition('/')[0]}/{name}"
