"""The servers behind a replica, seen from outside."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from redis import Redis

from consumers.stream import Keys
from pipeline.storage.attempts import Attempt, attempts_of
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.scorecards import Scorecard, get_scorecard
from pipeline.storage.uploads import NewUpload, Upload, get_upload, record_upload
from tests.wait import wait_until

T = TypeVar("T")
COMMAND = Path(sys.executable).with_name("cricksy-ocr")


@dataclass(frozen=True)
class System:
    """The servers behind a replica, seen from outside."""

    environment: dict[str, str]

    @property
    def redis(self) -> Redis:
        return Redis.from_url(self.environment["CRICKSY_REDIS_URL"])

    @property
    def keys(self) -> Keys:
        return Keys(self.environment["CRICKSY_STREAM"], "ocr")

    def submit(self, *paths: Path, wait: bool = False) -> list[dict[str, Any]]:
        """`cricksy-ocr submit`, as an operator types it."""
        done = subprocess.run(
            [COMMAND, "submit", "--json", *(["--wait"] if wait else []), *paths],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.stdout, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def record(self, content: bytes | None) -> str:
        """Object and row of an upload, as a backend writes them; no entry, no object for None."""

        async def write(database: Database) -> str:
            upload_id = uuid4().hex
            key = f"uploads/{upload_id}/card"
            bucket = self.environment["CRICKSY_S3_BUCKET"]
            if content is not None:
                await self._store().put(bucket, key, content, "application/octet-stream")
            await record_upload(
                database,
                NewUpload(upload_id, "card", "image/jpeg", len(content or b""), bucket, key),
            )
            return upload_id

        return self._ask(write)

    def upload(self, upload_id: str) -> Upload | None:
        return self._ask(lambda database: get_upload(database, upload_id))

    def attempts(self, upload_id: str) -> list[Attempt]:
        return self._ask(lambda database: attempts_of(database, upload_id))

    def scorecard(self, upload_id: str) -> Scorecard | None:
        return self._ask(lambda database: get_scorecard(database, upload_id))

    def letters(self) -> list[dict[bytes, bytes]]:
        with self.redis as redis:
            return [fields for _, fields in redis.xrange(self.keys.dead)]

    def unfinished(self) -> int:
        with self.redis as redis:
            return int(redis.xlen(self.keys.stream))

    def add(self, fields: dict[str, str | bytes]) -> str:
        with self.redis as redis:
            return str(redis.xadd(self.keys.stream, fields), "ascii")

    def wait_until_parsed(self, upload_id: str) -> None:
        wait_until(
            lambda: (row := self.upload(upload_id)) is not None and row.status == "parsed",
            timeout=60,
            message="parsed",
        )

    def _store(self) -> ObjectStore:
        return ObjectStore(
            ObjectStoreAddress(
                self.environment["CRICKSY_S3_ENDPOINT_URL"],
                self.environment["CRICKSY_S3_ACCESS_KEY"],
                self.environment["CRICKSY_S3_SECRET_KEY"],
            )
        )

    def _ask(self, question: Callable[[Database], Awaitable[T]]) -> T:
        async def ask() -> T:
            async with Database(self.environment["DATABASE_URL"]) as database:
                return await question(database)

        return asyncio.run(ask())
