"""What a backend gets that calls `process_upload_task` as it always did."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.entry import MESSAGE, parse, upload_of
from consumers.from_celery.bridge import Sent, UploadTask
from consumers.reconcile import reconcile
from consumers.stream import Client, Keys
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.uploads import NewUpload, record_upload

NOBODY = "redis://127.0.0.1:1/0"
ROW = NewUpload("u1", "card.jpg", "image/jpeg", 9, "b", "k")


@pytest.fixture
def task(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> UploadTask:
    """The bridge in a backend that has this environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return UploadTask()


async def published(client: Client, keys: Keys) -> list[str | None]:
    entries: Any = await client.xrange(keys.stream)
    return [upload_of(fields) for _, fields in entries]


async def delayed(client: Client, keys: Keys) -> dict[str, float]:
    """Seconds from now by upload."""
    found: Any = await client.zrange(keys.retry, 0, -1, withscores=True)
    now = time.time()
    return {parse({MESSAGE: each}).upload_id: due / 1000 - now for each, due in found}


async def test_delay_publishes_from_within_a_running_loop(
    task: UploadTask, client: Client, keys: Keys
) -> None:
    assert task.delay("u1") == Sent("u1", published=True)
    assert task.delay(upload_id="u2").id == "u2"
    assert await published(client, keys) == ["u1", "u2"]


async def test_apply_async_takes_what_celery_takes(
    task: UploadTask, client: Client, keys: Keys
) -> None:
    task.apply_async(args=["u1"], queue="ocr", priority=3, expires=60, retry=False)
    task.apply_async(("u2",))
    task.apply_async(kwargs={"upload_id": "u3"})
    assert await published(client, keys) == ["u1", "u2", "u3"]


async def test_threads_publish_side_by_side(task: UploadTask, client: Client, keys: Keys) -> None:
    ids = [f"u{number}" for number in range(20)]
    threads = [threading.Thread(target=task.delay, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(filter(None, await published(client, keys))) == sorted(ids)


async def test_what_is_due_later_waits_beside_the_stream(
    task: UploadTask, client: Client, keys: Keys
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=2)
    task.apply_async(args=["u1"], countdown=600)
    task.apply_async(args=["u2"], eta=soon)
    task.apply_async(args=["u3"], eta=soon.replace(tzinfo=None))
    task.apply_async(args=["u4"], eta=datetime.now(UTC) - timedelta(hours=2))
    waits = await delayed(client, keys)
    assert 540 < waits.pop("u1") <= 600
    assert set(waits) == {"u2", "u3"}
    assert all(7140 < seconds <= 7200 for seconds in waits.values())
    assert await published(client, keys) == ["u4"]


async def test_a_connection_that_redis_has_closed_costs_no_upload(
    task: UploadTask, client: Client, keys: Keys
) -> None:
    task.delay("u1")
    await client.client_kill_filter(_type="normal", skipme=True)
    assert task.delay("u2").published
    assert await published(client, keys) == ["u1", "u2"]


async def test_while_redis_is_away_the_reconciler_is_left_to_publish(
    task: UploadTask,
    client: Client,
    keys: Keys,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await migrate(database_url)
    monkeypatch.setenv("CRICKSY_REDIS_URL", NOBODY)
    async with Database(database_url) as database:
        await record_upload(database, ROW)
        assert task.delay("u1") == task.delay("u1") == Sent("u1", published=False)
        # The second did not wait for Redis again.
        assert caplog.text.count("Upload u1 is left to the reconciler") == 1
        await reconcile(client, keys, database, settled_for=timedelta(0))
    assert await published(client, keys) == ["u1"]


@pytest.mark.parametrize(
    "call",
    [
        {},
        {"args": [7]},
        {"args": ["u1", "u2"]},
        {"kwargs": {"upload": "u1"}},
        {"args": ["u1"], "link": "another task"},
    ],
)
async def test_a_call_that_asks_for_something_else_is_an_error(
    call: dict[str, Any], task: UploadTask, client: Client, keys: Keys
) -> None:
    with pytest.raises(TypeError):
        task.apply_async(**call)
    assert await published(client, keys) == []
