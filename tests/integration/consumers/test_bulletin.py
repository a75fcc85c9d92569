import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from consumers.bulletin import Bulletin, stage_field
from consumers.queue import replicas_of
from consumers.stream import Claimed, Client, Keys
from consumers.vitals import VitalSigns
from tests.wait import wait_until_async

CLAIMED = Claimed("1-0", "alice-0", {})


@asynccontextmanager
async def pinned(
    client: Client, keys: Keys, obstacles: set[str] | None = None
) -> AsyncIterator[Bulletin]:
    bulletin = Bulletin(client, keys, "alice", 2, obstacles if obstacles is not None else set())
    running = asyncio.create_task(bulletin.run())
    try:
        yield bulletin
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await client.delete(keys.stages, keys.replicas)


async def notice(client: Client, keys: Keys) -> tuple[int, dict[str, Any]]:
    """When it was pinned, in Unix milliseconds, and what it says."""
    found: Any = None

    async def look() -> bool:
        nonlocal found
        found = await client.hget(keys.replicas, "alice")
        return found is not None

    await wait_until_async(look)
    at, _, text = found.partition(b" ")
    return int(at), json.loads(text)


async def test_a_replica_says_that_it_lives_and_how_much_it_reads(
    client: Client, keys: Keys
) -> None:
    async with pinned(client, keys):
        at, said = await notice(client, keys)

    seconds, _ = await client.time()
    assert abs(seconds - at / 1000) < 5
    assert (said["name"], said["slots"], said["obstacles"]) == ("alice", 2, {})


async def test_a_replica_that_leaves_takes_its_notice_down(client: Client, keys: Keys) -> None:
    async with pinned(client, keys):
        await notice(client, keys)

    assert not await client.exists(keys.replicas)


async def test_what_holds_a_replica_up_is_told_with_the_time_since(
    client: Client, keys: Keys
) -> None:
    obstacles = {"s3"}
    async with pinned(client, keys, obstacles) as bulletin:
        _, said = await notice(client, keys)
        assert 0 <= said["obstacles"]["s3"] < 5

        obstacles.clear()
        bulletin.show_stage(CLAIMED, "fetch", None)

        async def is_free() -> bool:
            return bool((await notice(client, keys))[1]["obstacles"] == {})

        await wait_until_async(is_free)


async def test_the_stage_of_an_entry_is_shown_until_it_leaves_the_replica(
    client: Client, keys: Keys
) -> None:
    field = stage_field("1-0", "alice-0")

    async def stage() -> Any:
        shown: Any = await client.hget(keys.stages, field)
        return shown and json.loads(shown.partition(b" ")[2])

    async def is_in_ocr() -> bool:
        return bool(await stage() == ["ocr", 2])

    async def is_gone() -> bool:
        return await stage() is None

    async with pinned(client, keys) as bulletin:
        bulletin.show_stage(CLAIMED, "decode", 1)
        bulletin.show_stage(CLAIMED, "ocr", 2)
        await wait_until_async(is_in_ocr)

        bulletin.forget(CLAIMED)
        await wait_until_async(is_gone)


async def test_the_stage_of_a_replica_that_died_stays_to_be_read(
    client: Client, keys: Keys
) -> None:
    async def shown() -> int:
        return int(await client.hlen(keys.stages))

    bulletin = Bulletin(client, keys, "alice", 2, ())
    running = asyncio.create_task(bulletin.run())
    bulletin.show_stage(CLAIMED, "ocr", 1)
    await wait_until_async(shown)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert await shown() == 1
    await client.delete(keys.stages)


async def test_a_replica_tells_of_its_process(client: Client, keys: Keys) -> None:
    signs = VitalSigns()
    signs.done = 3
    bulletin = Bulletin(client, keys, "alice", 2, (), lambda: signs.taken([1000, None], 4))
    running = asyncio.create_task(bulletin.run())
    await notice(client, keys)
    (replica,) = await replicas_of(client, keys)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert replica.vitals is not None
    assert (replica.vitals.done, replica.vitals.replaced) == (3, 4)
    assert replica.vitals.version
    assert replica.vitals.memory is None or replica.vitals.memory > 1_000_000
