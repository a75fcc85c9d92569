import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from consumers import stream
from consumers.lease import LeaseKeeper
from consumers.stream import Claimed, Client, Keys
from tests.integration.storage.proxy import Proxy
from tests.wait import wait_until_async as wait_until

NOW = timedelta(milliseconds=1)
LEASE = timedelta(milliseconds=400)


@pytest.fixture
def keeper(redis_url: str, keys: Keys) -> Iterator[LeaseKeeper]:
    with LeaseKeeper(redis_url, keys, LEASE) as keeper:
        yield keeper


@pytest.fixture
async def claimed(client: Client, keys: Keys) -> Claimed:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, "alice", block=NOW)
    assert claimed is not None
    return claimed


async def idle(client: Client, keys: Keys) -> int:
    pending = await client.xpending_range(keys.stream, keys.group, "-", "+", 1)
    return int(pending[0]["time_since_delivered"])


async def test_a_held_entry_is_never_idle_for_a_lease(
    client: Client, keys: Keys, keeper: LeaseKeeper, claimed: Claimed
) -> None:
    loop_rounds = 0
    with keeper.hold(claimed, lambda: None):
        for _ in range(30):
            again = await stream.reclaim_next(client, keys, "bob", idle=LEASE)
            assert again is None
            await client.wait(1, 50)
            loop_rounds += 1
    assert loop_rounds == 30


async def test_a_renewal_is_no_delivery(
    client: Client, keys: Keys, keeper: LeaseKeeper, claimed: Claimed
) -> None:
    async def was_renewed() -> bool:
        return await idle(client, keys) < 40

    with keeper.hold(claimed, lambda: None):
        await client.wait(1, int(2 * LEASE.total_seconds() * 1000))
        await wait_until(was_renewed)
        assert await stream.delivery_count(client, keys, claimed) == 1


async def test_an_entry_that_is_no_longer_held_goes_idle(
    client: Client, keys: Keys, keeper: LeaseKeeper, claimed: Claimed
) -> None:
    with keeper.hold(claimed, lambda: None):
        pass

    async def reclaimed() -> bool:
        return await stream.reclaim_next(client, keys, "bob", idle=LEASE) is not None

    await wait_until(reclaimed)


async def test_a_lost_lease_is_told_once_and_never_stolen_back(
    client: Client, keys: Keys, keeper: LeaseKeeper, claimed: Claimed
) -> None:
    told = threading.Semaphore(0)
    await stream.reclaim_next(client, keys, "bob", idle=timedelta(0))

    with keeper.hold(claimed, told.release):
        await wait_until(lambda: told.acquire(blocking=False))
        await client.wait(1, int(LEASE.total_seconds() * 1000))

    assert not told.acquire(blocking=False)
    pending = await client.xpending_range(keys.stream, keys.group, "-", "+", 1)
    assert pending[0]["consumer"] == b"bob"


async def test_an_entry_that_redis_has_lost_is_not_a_lost_lease(
    client: Client, keys: Keys, keeper: LeaseKeeper, claimed: Claimed
) -> None:
    told = threading.Semaphore(0)
    await stream.acknowledge(client, keys, claimed.entry_id)

    with keeper.hold(claimed, told.release):
        await client.wait(1, int(LEASE.total_seconds() * 1000))

    assert not told.acquire(blocking=False)


async def test_leases_are_in_doubt_until_the_living_have_had_time_to_renew_them(
    redis_url: str, keys: Keys
) -> None:
    async with Proxy(urlsplit(redis_url).port or 0) as proxy:
        url = redis_url.replace(f":{urlsplit(redis_url).port}/", f":{proxy.port}/")
        with LeaseKeeper(url, keys, LEASE) as keeper:
            assert not keeper.in_doubt
            await proxy.stop()
            await wait_until(lambda: keeper.in_doubt)
            await proxy.start()

            await wait_until(lambda: not keeper.in_doubt)
            assert proxy.passed
