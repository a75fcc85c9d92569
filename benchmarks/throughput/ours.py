"""The whole system: replicas that claim, fetch, read, commit and acknowledge."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import psycopg
from psycopg import sql
from redis import Redis

from consumers.connection import connect
from consumers.publish import Publisher, add_entry
from consumers.stream import Keys
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.uploads import NewUpload, record_upload

FASTSTREAM = Path(sys.executable).with_name("faststream")
GROUP = "ocr"
KEY = "throughput/card"
PATIENCE = 600.0
"""Seconds for one round."""
LOOK = 0.005
"""Seconds between looks whether all have ended."""


class Ours:
    """So many replicas of one slot each, with a stream and a database of their own.

    Args:
        servers: environment that leads to them.
        replicas: how many.
        warm: read before anything counts, twice a replica.
        app: that `faststream run` starts.
    """

    name = "ours"

    def __init__(
        self,
        servers: Mapping[str, str],
        replicas: int,
        warm: bytes,
        app: str = "consumers.app:app",
    ) -> None:
        self._app = app
        self._replicas = replicas
        self._warm = warm
        self._running = ExitStack()
        name = f"throughput_{uuid4().hex[:8]}"
        self._environment: dict[str, Any] = {
            variable: value
            for variable, value in os.environ.items()
            if not variable.startswith(("CRICKSY_", "OTEL_"))
        } | {
            **servers,
            "DATABASE_URL": new_database(servers["DATABASE_URL"], name),
            "CRICKSY_STREAM": f"{{{name}}}:uploads",
            "CRICKSY_CONCURRENCY": "1",
            "CRICKSY_LOG_LEVEL": "ERROR",
        }

    def __enter__(self) -> Self:
        asyncio.run(migrate(self._environment["DATABASE_URL"]))
        for _ in range(self._replicas):
            process = subprocess.Popen(  # noqa: S603 - our own command
                [FASTSTREAM, "run", self._app], env=self._environment
            )
            self._running.callback(process.wait)
            self._running.callback(process.terminate)
        self.seconds([self._warm] * 2 * self._replicas)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._running.close()

    def seconds(self, cards: Sequence[bytes]) -> float:
        """From the moment in which all of them wait until the last is acknowledged."""
        with Redis.from_url(self._environment["CRICKSY_REDIS_URL"]) as redis:
            stream = self._environment["CRICKSY_STREAM"]
            paused = f"{stream.rpartition(':')[0]}:paused"
            redis.set(paused, "{}")
            asyncio.run(self._publish(cards))
            # A paused slot looks again after a quarter of a second: they start together.
            redis.delete(paused)
            return self._seconds_until_empty(redis)

    def _seconds_until_empty(self, redis: Redis) -> float:
        began = time.perf_counter()
        while unfinished := redis.xlen(self._environment["CRICKSY_STREAM"]):
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(f"{unfinished} cards are unfinished")
            time.sleep(LOOK)
        return time.perf_counter() - began

    def latencies(self, count: int, pause: float) -> list[float]:
        """From the moment before an upload is announced until it is being worked on, in seconds.

        Args:
            count: uploads, one after the other.
            pause: seconds between them: the system is idle.
        """
        published = asyncio.run(self._publish([self._warm] * count, pause))
        with Redis.from_url(self._environment["CRICKSY_REDIS_URL"]) as redis:
            self._seconds_until_empty(redis)
        with psycopg.connect(self._environment["DATABASE_URL"]) as database:
            rows = database.execute(
                "SELECT upload_id, extract(epoch FROM started_at)::float8 FROM ocr_attempts"
            ).fetchall()
        began: dict[str, float] = dict(rows)
        return [began[upload] - at for upload, at in published]

    async def _publish(self, cards: Sequence[bytes], pause: float = 0) -> list[tuple[str, float]]:
        environment = self._environment
        keys = Keys(environment["CRICKSY_STREAM"], GROUP)
        client = connect(environment["CRICKSY_REDIS_URL"], keys.stream)
        objects = ObjectStore(
            ObjectStoreAddress(
                environment["CRICKSY_S3_ENDPOINT_URL"],
                environment["CRICKSY_S3_ACCESS_KEY"],
                environment["CRICKSY_S3_SECRET_KEY"],
            )
        )
        bucket = environment["CRICKSY_S3_BUCKET"]
        published: list[tuple[str, float]] = []
        try:
            async with Database(environment["DATABASE_URL"]) as database:
                publisher = Publisher(client, keys, database, objects, bucket)
                for number, content in enumerate(cards):
                    if not pause:
                        await publisher.publish_file(f"card-{number}", content)
                        continue
                    stored = NewUpload(uuid4().hex, "card", "image/png", len(content), bucket, KEY)
                    await objects.put(bucket, KEY, content, stored.content_type)
                    await record_upload(database, stored)
                    published.append((stored.id, time.time()))
                    await add_entry(client, keys, stored.id)
                    await asyncio.sleep(pause)
        finally:
            await client.aclose()
            objects.close()
        return published


def new_database(server: str, name: str) -> str:
    """An empty database beside the one of a URL; gives its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server.rpartition('/')[0]}/{name}"
