"""An operator who types commands over real servers."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from consumers.bulletin import PIN
from consumers.cli.main import app
from consumers.stream import Keys
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.uploads import NewUpload, record_upload, upload_statuses
from tests.redis_user import as_operator


class Operator:
    """Types commands, and sees what the servers hold."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**environment, "COLUMNS": "120", "TERM": "dumb"}
        self.redis = Redis.from_url(as_operator(environment["CRICKSY_REDIS_URL"]))
        self.keys = Keys(environment["CRICKSY_STREAM"], "ocr")

    def types(self, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments), env=self.environment)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    def told(self, *arguments: str, code: int = 0) -> Any:
        """What the command prints with `--json`."""
        return json.loads(self.types(*arguments, "--json", code=code).stdout)

    def publish(self) -> str:
        upload_id = uuid4().hex

        async def record() -> None:
            async with Database(self.environment["DATABASE_URL"]) as database:
                row = NewUpload(upload_id, "card.jpg", "image/jpeg", 9, "b", "k", game_id="g1")
                await record_upload(database, row)

        asyncio.run(record())
        self.redis.xadd(self.keys.stream, {"data": json.dumps({"upload_id": upload_id})})
        return upload_id

    def status_of(self, upload_id: str) -> str | None:
        async def ask() -> dict[str, str]:
            async with Database(self.environment["DATABASE_URL"]) as database:
                return await upload_statuses(database, [upload_id])

        return asyncio.run(ask()).get(upload_id)

    def pin_replica(self, **said: object) -> None:
        vitals = {"version": "9.9", "uptime": 61.0, "memory": 5_000_000, "done": 7, "replaced": 1}
        notice = {"name": "alice", "host": "h", "pid": 7, "slots": 2, "obstacles": {}}
        text = json.dumps({**notice, "vitals": vitals, **said})
        self.redis.eval(PIN, 1, self.keys.replicas, "alice", text)

    def claim(self, consumer: str) -> None:
        self.redis.xreadgroup("ocr", consumer, {self.keys.stream: ">"}, count=1)

    def bury(self, upload_id: str) -> str:
        fields: Any = {"data": json.dumps({"upload_id": upload_id}), "reason": "timed_out"}
        letter: Any = self.redis.xadd(self.keys.dead, fields)
        return str(letter, "ascii")


@pytest.fixture
def operator(environment: dict[str, str]) -> Iterator[Operator]:
    asyncio.run(migrate(environment["DATABASE_URL"]))
    operator = Operator(environment)
    keys = operator.keys
    operator.redis.xgroup_create(keys.stream, "ocr", "0", mkstream=True)
    yield operator
    operator.redis.delete(
        keys.stream,
        keys.backfill,
        keys.retry,
        keys.dead,
        keys.replicas,
        keys.alerts,
        keys.paused,
        keys.stages,
    )
    operator.redis.close()
