"""Pausing, over slots and a replica's own words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from faststream.redis import RedisBroker
from faststream.redis.annotations import RedisStreamMessage

from consumers import backfill, stream
from consumers.claiming import PAUSED, Claiming
from consumers.pause import current_pause, pause, resume
from consumers.queue import pending_entries, take_snapshot
from consumers.slot import slot_subscriber
from consumers.stream import Client, Keys
from tests.integration.consumers.rig import Rig
from tests.wait import wait_until_async

LEASE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _resumed(client: Client, keys: Keys) -> AsyncIterator[None]:
    yield
    await resume(client, keys)


@asynccontextmanager
async def slot(url: str, client: Client, claiming: Claiming) -> AsyncIterator[list[str]]:
    """One slot at work beside what holds it while it is paused; gives the ids it has handled."""
    handled: list[str] = []
    broker = RedisBroker(url, graceful_timeout=5)
    subscriber = slot_subscriber(broker, claiming, "alice")

    @subscriber
    async def handle(_: RedisStreamMessage) -> None:
        handled.append(subscriber.in_hand.entry_id)

    holding = asyncio.create_task(claiming.hold_while_paused(client))
    await broker.start()
    try:
        yield handled
    finally:
        holding.cancel()
        with suppress(asyncio.CancelledError):
            await holding
        await broker.stop()


async def add(client: Client, keys: Keys) -> str:
    entry_id: Any = await client.xadd(keys.stream, {"data": "1"})
    return str(entry_id, "ascii")


async def test_an_entry_that_comes_in_the_moment_of_the_pause_is_not_begun(
    redis_url: str, client: Client, keys: Keys
) -> None:
    claiming = Claiming(keys, LEASE)
    async with slot(redis_url, client, claiming) as handled:
        first = await add(client, keys)
        await wait_until_async(lambda: handled == [first])
        await pause(client, keys, by="test")
        second = await add(client, keys)
        await wait_until_async(lambda: PAUSED in claiming.obstacles)

        for each in await pending_entries(client, keys):
            assert (each.entry_id, each.deliveries) == (first, 1) or each.deliveries == 0
        assert handled == [first]
        await resume(client, keys)
        await wait_until_async(lambda: handled == [first, second])


async def test_what_waits_while_it_is_paused_is_read_once_it_is_resumed(
    redis_url: str, client: Client, keys: Keys
) -> None:
    await pause(client, keys, by="test")
    claiming = Claiming(keys, LEASE)
    async with slot(redis_url, client, claiming) as handled:
        await wait_until_async(lambda: PAUSED in claiming.obstacles)
        entry_id = await add(client, keys)
        await resume(client, keys)

        await wait_until_async(lambda: handled == [entry_id])
    assert PAUSED not in claiming.obstacles


async def test_every_way_to_claim_tells_of_the_pause(client: Client, keys: Keys) -> None:
    await pause(client, keys, by="test")
    await add(client, keys)
    await client.xadd(keys.backfill, {"data": "1"})

    new = await stream.read_next(client, keys, "alice", block=timedelta(milliseconds=1))
    again = await stream.reclaim_next(client, keys, "bob", idle=timedelta(0))
    archived = await backfill.claim_next(client, keys, "alice", turn=False)

    assert [each and each.paused for each in (new, again, archived.claimed)] == [True] * 3
    await resume(client, keys)
    again = await stream.reclaim_next(client, keys, "bob", idle=timedelta(0))
    assert again is not None
    assert not again.paused


async def test_who_pauses_first_is_told_to_those_who_wonder(client: Client, keys: Keys) -> None:
    assert await pause(client, keys, by="ann@host", reason="new version")
    assert not await pause(client, keys, by="bob@host")

    found = await current_pause(client, keys)

    assert found is not None
    assert (found.by, found.reason) == ("ann@host", "new version")
    seconds, _ = await client.time()
    assert abs(found.since.timestamp() - seconds) < 5


async def test_a_key_set_by_hand_pauses_as_well(client: Client, keys: Keys) -> None:
    await client.set(keys.paused, "1")

    assert await current_pause(client, keys) is not None


async def test_the_snapshot_tells_of_a_pause(rig: Rig) -> None:
    assert (await take_snapshot(rig.client, rig.keys, rig.database)).paused is None
    await pause(rig.client, rig.keys, by="ann@host")

    paused = (await take_snapshot(rig.client, rig.keys, rig.database)).paused

    assert paused is not None
    assert paused.by == "ann@host"


async def test_resuming_what_is_not_paused_says_so(client: Client, keys: Keys) -> None:
    assert not await resume(client, keys)
    await pause(client, keys, by="test")
    assert await resume(client, keys)
