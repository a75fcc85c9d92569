import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from consumers.connection import connect
from consumers.stream import Client, Keys, ensure_group


@pytest.fixture
def stack_folder() -> Iterator[Path]:
    """A data folder for a stack of the test's own; passable for PostgreSQL's account."""
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "stack"


@pytest.fixture
def keys(stream_name: str) -> Keys:
    return Keys(stream_name, "ocr")


@pytest.fixture
async def client(redis_url: str, keys: Keys) -> AsyncIterator[Client]:
    client = connect(redis_url, "{ocr}:uploads")
    await ensure_group(client, keys)
    yield client
    await client.delete(
        keys.stream,
        keys.backfill,
        keys.retry,
        keys.dead,
        keys.replicas,
        keys.stages,
        keys.alerts,
        keys.watcher,
    )
    await client.aclose()
