"""Celery's side of the move."""

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from consumers.entry import upload_of
from pipeline.storage.database import Database
from pipeline.storage.uploads import NewUpload, UploadStatus, record_upload
from tests.integration.consumers.cli.conftest import Operator

TASK = "backend.worker.processor.process_upload_task"


@pytest.fixture
def broker(operator: Operator, redis_url: str) -> Iterator[Redis]:
    """A database of Valkey for Celery alone: its hash and its channel are not told by queue."""
    url = f"{redis_url.rpartition('/')[0]}/7"
    operator.environment["CRICKSY_CELERY_BROKER_URL"] = url
    with Redis.from_url(url) as client:
        client.flushdb()
        yield client
        client.flushdb()


def message(*arguments: object, task: str = TASK, **keywords: object) -> str:
    """As Celery's message protocol 2 has it."""
    body = json.dumps([arguments, keywords, {"callbacks": None, "chord": None}])
    return json.dumps(
        {
            "body": base64.b64encode(body.encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {"lang": "py", "task": task, "id": uuid4().hex, "retries": 0},
            "properties": {"body_encoding": "base64", "delivery_mode": 2, "priority": 0},
        }
    )


def recorded(operator: Operator, status: UploadStatus = UploadStatus.UPLOADED) -> str:
    """An upload whose row is there, and whose task waits in Celery's list alone."""
    upload_id = uuid4().hex

    async def record() -> None:
        async with Database(operator.environment["DATABASE_URL"]) as database:
            await record_upload(
                database, NewUpload(upload_id, "card.jpg", "image/jpeg", 9, "b", "k")
            )
            async with database.transaction() as connection:
                change = "UPDATE uploads SET status = %s WHERE id = %s"
                await connection.execute(change, (status, upload_id))

    asyncio.run(record())
    return upload_id


def entries(operator: Operator) -> list[str | None]:
    """Uploads that the stream's entries name, in their order."""
    found: Any = operator.redis.xrange(operator.keys.stream)
    return [upload_of(fields) for _, fields in found]
