"""The archive's queue: how its entries come into the live stream, one by one."""

import asyncio
import json
from collections import Counter
from typing import Any

from consumers.backfill import claim_next
from consumers.entry import MESSAGE, Entry, encode, parse, upload_of
from consumers.stream import Client, Keys, Lane


async def add(client: Client, stream: str, *upload_ids: str) -> None:
    for each in upload_ids:
        await client.xadd(stream, {"data": json.dumps({"upload_id": each})})


async def waiting_in(client: Client, stream: str) -> list[str | None]:
    found: Any = await client.xrange(stream)
    return [upload_of(fields) for _, fields in found]


async def claim(client: Client, keys: Keys, *, turn: bool = False) -> str | None:
    look = await claim_next(client, keys, "alice", turn=turn)
    return upload_of(look.claimed.fields) if look.claimed else None


async def test_the_archive_is_read_in_its_order_when_nobody_waits(
    client: Client, keys: Keys
) -> None:
    await add(client, keys.backfill, "a1", "a2", "a3")

    assert [await claim(client, keys) for _ in range(4)] == ["a1", "a2", "a3", None]

    assert await client.xlen(keys.backfill) == 0
    pending: Any = await client.xpending(keys.stream, keys.group)
    assert pending["pending"] == 3


async def test_nothing_of_the_archive_moves_while_somebody_waits(
    client: Client, keys: Keys
) -> None:
    await add(client, keys.backfill, "a1", "a2")
    await add(client, keys.stream, "u1", "u2")

    assert [await claim(client, keys) for _ in range(3)] == ["u1", "u2", "a1"]

    assert await waiting_in(client, keys.backfill) == ["a2"]


async def test_what_is_in_work_holds_nothing_up(client: Client, keys: Keys) -> None:
    await add(client, keys.stream, "u1")
    await add(client, keys.backfill, "a1")
    assert await claim(client, keys) == "u1"

    assert await claim(client, keys) == "a1"


async def test_a_turn_brings_one_entry_to_the_end_of_the_live_line(
    client: Client, keys: Keys
) -> None:
    await add(client, keys.backfill, "a1", "a2")
    await add(client, keys.stream, "u1", "u2")

    look = await claim_next(client, keys, "alice", turn=True)

    assert look.claimed is not None
    assert upload_of(look.claimed.fields) == "u1"
    assert (look.moved, look.left) == (True, 1)
    assert await waiting_in(client, keys.stream) == ["u1", "u2", "a1"]


async def test_an_entry_of_the_archive_is_known_as_such_and_keeps_its_trace(
    client: Client, keys: Keys
) -> None:
    message = await encode(Entry("a1", {"traceparent": "00-1-2-01"}))
    await client.xadd(keys.backfill, {MESSAGE: message})
    await add(client, keys.backfill, "a2")

    entries = []
    for _ in range(2):
        look = await claim_next(client, keys, "alice", turn=False)
        assert look.claimed is not None
        entries.append(parse(look.claimed.fields))

    assert [each.lane for each in entries] == [Lane.BACKFILL] * 2
    assert entries[0].headers["traceparent"] == "00-1-2-01"
    again = parse({MESSAGE: await encode(entries[1].again(None))})
    assert (again.lane, again.retries) == (Lane.BACKFILL, 1)


async def test_many_that_claim_at_once_are_given_each_entry_once(
    client: Client, keys: Keys
) -> None:
    ids = [f"a{number}" for number in range(200)]
    await add(client, keys.backfill, *ids)

    async def slot() -> list[str | None]:
        found: list[str | None] = []
        while (claimed := await claim(client, keys)) is not None:
            found.append(claimed)
        return found

    claimed = [
        each for found in await asyncio.gather(*(slot() for _ in range(8))) for each in found
    ]

    assert Counter(claimed) == Counter(ids)
