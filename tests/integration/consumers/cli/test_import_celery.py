"""Moving over from Celery: its list on a real server, in the form that kombu gives it."""

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from pipeline.storage.database import Database
from pipeline.storage.uploads import NewUpload, record_upload
from tests.integration.consumers.cli.conftest import Operator

TASK = "backend.worker.processor.process_upload_task"


def message(*arguments: object, **keywords: object) -> str:
    """As Celery's message protocol 2 has it."""
    body = json.dumps([arguments, keywords, {"callbacks": None, "chord": None}])
    return json.dumps(
        {
            "body": base64.b64encode(body.encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {"lang": "py", "task": TASK, "id": uuid4().hex, "retries": 0},
            "properties": {"body_encoding": "base64", "delivery_mode": 2, "priority": 0},
        }
    )


@pytest.fixture
def queue(operator: Operator) -> Iterator[str]:
    name = f"celery-{uuid4().hex[:12]}"
    yield name
    operator.redis.delete(name)


def recorded(operator: Operator) -> str:
    """An upload whose row is there, and whose task waits in Celery's list alone."""
    upload_id = uuid4().hex

    async def record() -> None:
        async with Database(operator.environment["DATABASE_URL"]) as database:
            await record_upload(
                database, NewUpload(upload_id, "card.jpg", "image/jpeg", 9, "b", "k")
            )

    asyncio.run(record())
    return upload_id


def entries(operator: Operator) -> list[str]:
    """Uploads that the stream's entries name, in their order."""
    found: Any = operator.redis.xrange(operator.keys.stream)
    return [upload for _, fields in found for upload in _named(fields)]


def _named(fields: dict[bytes, bytes]) -> Iterator[str]:
    text = b" ".join(fields.values()).decode(errors="replace")
    start = text.index("upload_id")
    yield text[start:].replace("\\", "").split('"')[2]


def test_what_waits_is_published_oldest_first_and_the_list_is_empty(
    operator: Operator, queue: str
) -> None:
    first, second = recorded(operator), recorded(operator)
    operator.redis.lpush(queue, message(first))
    operator.redis.lpush(queue, message(upload_id=second))

    told = operator.told("import-celery", "--queue", queue, "--yes")

    assert (told["published"], told["left"]) == (2, 0)
    assert entries(operator) == [first, second]
    assert operator.redis.llen(queue) == 0
    assert operator.told("audit", first)["holds"]


def test_a_second_run_publishes_nothing_twice(operator: Operator, queue: str) -> None:
    upload = recorded(operator)
    for _ in range(2):
        operator.redis.lpush(queue, message(upload))
        told = operator.told("import-celery", "--queue", queue, "--yes")
    assert (told["published"], told["waiting_already"]) == (0, 1)
    assert entries(operator) == [upload]


def test_two_messages_of_one_upload_become_one_entry(operator: Operator, queue: str) -> None:
    upload = recorded(operator)
    operator.redis.lpush(queue, message(upload), message(upload))
    told = operator.told("import-celery", "--queue", queue, "--yes")
    assert (told["published"], told["waiting_already"]) == (1, 1)
    assert entries(operator) == [upload]


def test_what_is_not_understood_stays_in_the_list(operator: Operator, queue: str) -> None:
    known = recorded(operator)
    foreign = ["no json", json.dumps({"body": "%%%"}), message(7), message(uuid4().hex)]
    operator.redis.lpush(queue, *foreign, message(known))

    told = operator.told("import-celery", "--queue", queue, "--yes", code=1)

    assert (told["published"], told["left"]) == (1, 4)
    assert operator.redis.llen(queue) == 4
    assert entries(operator) == [known]


def test_without_a_yes_nothing_is_moved(operator: Operator, queue: str) -> None:
    operator.redis.lpush(queue, message(recorded(operator)))
    said = operator.types("import-celery", "--queue", queue, code=2)
    assert "1 message: to be published to the stream." in said.stderr
    assert operator.redis.llen(queue) == 1
    assert entries(operator) == []


def test_an_empty_list_is_no_problem(operator: Operator, queue: str) -> None:
    assert f"Nothing waits in the list {queue}" in operator.types(
        "import-celery", "--queue", queue
    ).stderr.replace("\n", " ")
