from collections.abc import AsyncIterator

import pytest

from consumers.stream import Client, Keys, connect, ensure_group


@pytest.fixture
def keys(stream_name: str) -> Keys:
    return Keys(stream_name, "ocr")


@pytest.fixture
async def client(redis_url: str, keys: Keys) -> AsyncIterator[Client]:
    client = connect(redis_url)
    await ensure_group(client, keys)
    yield client
    await client.delete(keys.stream, keys.retry, keys.dead)
    await client.aclose()
