"""The servers behind a replica, seen from outside."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from redis import Redis
from redis.exceptions import ResponseError

from consumers.stream import HANDED_BACK, Keys
from pipeline.storage.attempts import Attempt, attempts_of
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.scorecards import Scorecard, get_scorecard
from pipeline.storage.uploads import NewUpload, Upload, get_upload, record_upload
from tests.redis_user import as_operator
from tests.wait import wait_until

T = TypeVar("T")
COMMAND = Path(sys.executable).with_name("cricksy-ocr")


@dataclass(frozen=True)
class System:
    """The servers behind a replica, seen from outside."""

    environment: dict[str, str]

    @property
    def redis(self) -> Redis:
        return Redis.from_url(as_operator(self.environment["CRICKSY_REDIS_URL"]))

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

    def canary(self) -> int:
        """Exit code of `cricksy-ocr canary`."""
        arguments = [str(COMMAND), "canary"]
        return subprocess.run(arguments, env=self.environment, check=False, timeout=60).returncode

    def record(self, content: bytes | None) -> str:
        """Object and row of an upload, as a backend writes them; no entry, no object for None."""

        async def write(database: Database) -> str:
            upload_id = uuid4().hex
            key = f"uploads/{upload_id}/card"
            bucket = self.environment["CRICKSY_S3_BUCKET"]
            if content is not None:
                await self.object_store().put(bucket, key, content, "application/octet-stream")
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

    def publish(self, content: bytes) -> str:
        """Object, row and entry of an upload."""
        upload_id = self.record(content)
        self.add({"data": json.dumps({"upload_id": upload_id})})
        return upload_id

    def consumers(self) -> set[str]:
        """The names in the group; without the one that holds what was handed back."""
        with self.redis as redis, suppress(ResponseError):  # there is no group yet
            found = {each["name"].decode() for each in redis.xinfo_consumers(*self._group)}
            return found - {HANDED_BACK}
        return set()

    def pending(self) -> list[dict[str, Any]]:
        """What is claimed, as XPENDING tells it."""
        with self.redis as redis, suppress(ResponseError):  # there is no group yet
            found: Any = redis.xpending_range(*self._group, "-", "+", 100)
            return list(found)
        return []

    def stages(self) -> list[str]:
        """Where replicas say that their uploads are."""
        with self.redis as redis:
            return [said.decode() for said in redis.hvals(self.keys.stages)]

    def outcomes(self, upload_id: str) -> list[str | None]:
        """Of an upload's attempts."""
        return [attempt.outcome for attempt in self.attempts(upload_id)]

    @property
    def _group(self) -> tuple[str, str]:
        return self.keys.stream, self.keys.group

    def is_parsed(self, upload_id: str) -> bool:
        with psycopg.connect(self.environment["DATABASE_URL"]) as database:
            row = database.execute(
                "SELECT FROM uploads WHERE id = %s AND status = 'parsed'", [upload_id]
            ).fetchone()
        return row is not None

    def wait_until_parsed(self, upload_id: str) -> None:
        wait_until(lambda: self.is_parsed(upload_id), timeout=60, message="parsed")

    def object_store(self) -> ObjectStore:
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
