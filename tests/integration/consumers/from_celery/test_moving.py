"""Two imports at once: a scheduled one that meets another."""

import asyncio
import base64
import json
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from consumers.entry import upload_of
from consumers.from_celery.message import TASK
from consumers.from_celery.moving import Celery, Fate, Message, look, move
from consumers.from_celery.queue import CeleryKeys
from consumers.stream import Client, Keys
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.uploads import NewUpload, record_upload


def message(upload_id: str) -> str:
    body = base64.b64encode(json.dumps([[upload_id], {}, {}]).encode()).decode()
    properties = {"body_encoding": "base64"}
    return json.dumps({"body": body, "headers": {"task": TASK}, "properties": properties})


async def test_two_imports_that_saw_the_same_messages_publish_each_once(
    redis_url: str, key_prefix: str, client: Client, keys: Keys, database_url: str
) -> None:
    await migrate(database_url)
    uploads = [uuid4().hex for _ in range(20)]
    names = CeleryKeys("ocr", prefix=key_prefix)
    async with Database(database_url) as database, Redis.from_url(redis_url) as broker:
        for each in uploads:
            await record_upload(database, NewUpload(each, "card.jpg", "image/jpeg", 9, "b", "k"))
            await broker.lpush(f"{key_prefix}ocr", message(each))
        celery = Celery(broker, names)
        both = [await look(celery, client, keys, database) for _ in range(2)]

        async def run(messages: list[Message]) -> list[Fate]:
            moving = move(celery, messages, client, keys, database)
            return [each.fate async for each in moving]

        ran = await asyncio.gather(*map(run, both))
        assert not await broker.keys(f"{key_prefix}*ocr*:moving:*")
        assert not await broker.llen(f"{key_prefix}ocr")

    for fates in zip(*ran, strict=True):
        assert sorted(fates) == [Fate.GONE, Fate.PUBLISHED]
    entries: Any = await client.xrange(keys.stream)
    assert sorted(str(upload_of(fields)) for _, fields in entries) == sorted(uploads)
