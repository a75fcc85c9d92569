from datetime import timedelta
from typing import Any

from consumers import stream
from consumers.stream import Client, Keys

NOW = timedelta(milliseconds=1)
ALICE, BOB = "alice", "bob"


async def test_the_group_starts_at_the_first_entry_ever_queued(client: Client, keys: Keys) -> None:
    await client.delete(keys.stream)
    early: Any = await client.xadd(keys.stream, {"data": "early"})

    assert await stream.ensure_group(client, keys)

    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None
    assert claimed.entry_id == early.decode()


async def test_a_group_that_exists_is_left_alone(client: Client, keys: Keys) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    await stream.read_next(client, keys, ALICE, block=NOW)

    assert not await stream.ensure_group(client, keys)

    assert await stream.read_next(client, keys, BOB, block=NOW) is None


async def test_one_read_claims_one_entry(client: Client, keys: Keys) -> None:
    for number in range(3):
        await client.xadd(keys.stream, {"data": str(number)})

    await stream.read_next(client, keys, ALICE, block=NOW)

    assert (await client.xpending(keys.stream, keys.group))["pending"] == 1


async def test_an_entry_is_reclaimed_only_after_it_was_idle(client: Client, keys: Keys) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    first = await stream.read_next(client, keys, ALICE, block=NOW)
    assert first is not None

    assert await stream.reclaim_next(client, keys, BOB, idle=timedelta(minutes=1)) is None
    again = await stream.reclaim_next(client, keys, BOB, idle=timedelta(0))

    assert again is not None
    assert (again.entry_id, again.fields) == (first.entry_id, first.fields)
    assert await stream.delivery_count(client, keys, again) == 2


async def test_a_stalled_entry_is_found_behind_many_that_are_in_work(
    client: Client, keys: Keys
) -> None:
    for number in range(25):
        await client.xadd(keys.stream, {"data": str(number)})
        await stream.read_next(client, keys, ALICE, block=NOW)
    pending: Any = await client.xpending_range(keys.stream, keys.group, "-", "+", 25)
    stalled = pending[-1]["message_id"]
    await client.xclaim(keys.stream, keys.group, ALICE, 0, [stalled], idle=60_000, justid=True)

    again = await stream.reclaim_next(client, keys, BOB, idle=timedelta(seconds=30))

    assert again is not None
    assert again.entry_id == stalled.decode()


async def test_acknowledging_ends_the_entry_and_empties_the_stream(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None

    await stream.acknowledge(client, keys, claimed.entry_id)

    assert await client.xlen(keys.stream) == 0
    assert (await client.xpending(keys.stream, keys.group))["pending"] == 0
    assert await stream.delivery_count(client, keys, claimed) == 0


async def test_what_is_handed_back_is_taken_at_once_and_its_delivery_not_counted(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None

    assert await stream.hand_back(client, keys, claimed.entry_id, ALICE)

    again = await stream.reclaim_next(client, keys, BOB, idle=timedelta(hours=1))
    assert again is not None
    assert await stream.delivery_count(client, keys, again) == 1


async def test_nobody_hands_back_what_another_holds(client: Client, keys: Keys) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None

    assert not await stream.hand_back(client, keys, claimed.entry_id, BOB)

    assert await stream.reclaim_next(client, keys, BOB, idle=timedelta(minutes=1)) is None


async def test_an_entry_that_another_has_taken_is_not_counted_as_ones_own(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None
    assert await stream.delivery_count(client, keys, claimed) == 1

    await stream.reclaim_next(client, keys, BOB, idle=timedelta(0))

    assert await stream.delivery_count(client, keys, claimed) == 0


async def test_acknowledging_and_deleting_are_one_step(client: Client, keys: Keys) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None
    sent: list[str] = []

    async with client.monitor() as monitor:
        await stream.acknowledge(client, keys, claimed.entry_id)
        await client.echo(keys.stream)
        async for command in monitor.listen():
            words = command["command"].split()
            if words[0] == "ECHO":
                break
            if keys.stream in words or words[0] in {"MULTI", "EXEC"}:
                sent.append(words[0])

    # Others of the session may run transactions of their own; ours is one without a gap.
    assert "MULTI XACK XDEL EXEC" in " ".join(sent)
