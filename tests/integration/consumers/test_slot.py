"""How one slot claims, over connections that are cut and servers that are demoted."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from faststream.redis import RedisBroker
from faststream.redis.annotations import RedisStreamMessage
from redis import Redis

from consumers import stream
from consumers.claiming import Claiming
from consumers.entry import lane_of
from consumers.sharing import TURN, Share
from consumers.slot import slot_subscriber
from consumers.stream import Client, Keys, Lane
from deploy.devstack import DevStack
from tests.integration.storage.proxy import Proxy
from tests.wait import wait_until_async as wait_until

ALICE = "alice"
LEASE = timedelta(minutes=1)


@pytest.fixture
async def proxy(redis_url: str) -> AsyncIterator[Proxy]:
    """Between the slot and Redis."""
    async with Proxy(urlsplit(redis_url).port or 0) as proxy:
        yield proxy


@asynccontextmanager
async def slot(url: str, proxy: Proxy, claiming: Claiming) -> AsyncIterator[list[str]]:
    """One slot at work; gives the ids of the entries that it has handled."""
    handled: list[str] = []
    port = urlsplit(url).port
    broker = RedisBroker(url.replace(f":{port}/", f":{proxy.port}/"), graceful_timeout=5)

    subscriber = slot_subscriber(broker, claiming, ALICE)

    @subscriber
    async def handle(_: RedisStreamMessage) -> None:
        handled.append(subscriber.in_hand.entry_id)

    await broker.start()
    try:
        yield handled
    finally:
        await broker.stop()


async def add(client: Client, keys: Keys) -> str:
    entry_id: Any = await client.xadd(keys.stream, {"data": "1"})
    return str(entry_id, "ascii")


async def holders(client: Client, keys: Keys) -> list[str]:
    pending: Any = await client.xpending_range(keys.stream, keys.group, "-", "+", 10)
    return [each["consumer"].decode() for each in pending]


async def wait_until_it_reads(client: Client) -> None:
    async def blocked() -> bool:
        info = await client.info("clients")
        return int(info["blocked_clients"]) > 0

    await wait_until(blocked)


async def test_an_entry_whose_claim_was_answered_in_vain_does_not_wait_for_its_lease(
    redis_url: str, client: Client, keys: Keys, proxy: Proxy
) -> None:
    async with slot(redis_url, proxy, Claiming(keys, LEASE)) as handled:
        await wait_until_it_reads(client)
        proxy.freeze()
        entry_id = await add(client, keys)

        async def is_claimed() -> bool:
            return await holders(client, keys) == [ALICE]

        await wait_until(is_claimed)
        assert handled == []
        await proxy.stop()
        await proxy.start()

        await wait_until(lambda: handled == [entry_id])


async def test_an_entry_that_comes_when_nothing_is_claimed_any_more_is_handed_back_at_once(
    redis_url: str, client: Client, keys: Keys, proxy: Proxy
) -> None:
    claiming = Claiming(keys, LEASE)
    async with slot(redis_url, proxy, claiming) as handled:
        await wait_until_it_reads(client)
        proxy.freeze()
        await add(client, keys)
        claiming.obstacles.add("leaving")
        proxy.thaw()

        async def is_handed_back() -> bool:
            return await holders(client, keys) == [stream.HANDED_BACK]

        await wait_until(is_handed_back)
        assert handled == []


async def test_a_read_under_way_ends_before_the_slot_does(
    redis_url: str, client: Client, keys: Keys, proxy: Proxy
) -> None:
    async with slot(redis_url, proxy, Claiming(keys, LEASE)) as handled:
        await wait_until_it_reads(client)
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, asyncio.ensure_future, add(client, keys))

    assert handled == []
    assert await holders(client, keys) == [stream.HANDED_BACK]


async def test_a_demoted_server_is_left_for_its_successor(
    redis_url: str, client: Client, keys: Keys, proxy: Proxy
) -> None:
    elsewhere = {"DATABASE_URL": "elsewhere", "CRICKSY_S3_ENDPOINT_URL": "elsewhere"}
    with (
        tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder,
        DevStack(Path(folder) / "stack", environment=elsewhere) as stack,
        Redis.from_url(stack.environment["CRICKSY_REDIS_URL"]) as demoted,
    ):
        demoted.config_set("requirepass", urlsplit(redis_url).password or "")
        successor, proxy._upstream = (
            proxy._upstream,
            urlsplit(stack.environment["CRICKSY_REDIS_URL"]).port or 0,
        )
        demoted.replicaof("127.0.0.1", "1")
        async with slot(redis_url, proxy, Claiming(keys, LEASE)) as handled:
            await wait_until(lambda: "errorstat_READONLY" in demoted.info("errorstats"))
            proxy._upstream = successor
            entry_id = await add(client, keys)

            await wait_until(lambda: handled == [entry_id])


async def test_an_archive_is_read_though_people_s_uploads_never_end(
    redis_url: str, client: Client, keys: Keys, proxy: Proxy
) -> None:
    claiming = Claiming(keys, LEASE, share=Share(1))
    port = urlsplit(redis_url).port
    broker = RedisBroker(redis_url.replace(f":{port}/", f":{proxy.port}/"), graceful_timeout=5)
    subscriber = slot_subscriber(broker, claiming, ALICE)
    lanes: list[Lane] = []

    @subscriber
    async def handle(_: RedisStreamMessage) -> None:
        lanes.append(lane_of(subscriber.in_hand.fields))
        await add(client, keys)

    upload: Any = {"data": '{"upload_id": "a1"}'}
    for _ in range(2):
        await client.xadd(keys.backfill, upload)
        await add(client, keys)
    await broker.start()
    await wait_until(lambda: lanes.count(Lane.BACKFILL) == 2)
    await broker.stop()

    first = lanes.index(Lane.BACKFILL)
    second = lanes.index(Lane.BACKFILL, first + 1)
    # Each joined the end of a line of two or three.
    assert TURN <= first <= TURN + 3
    assert TURN <= second - first <= TURN + 3
