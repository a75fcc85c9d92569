from datetime import timedelta
from typing import Any

from consumers import stream
from consumers.membership import forget_the_dead, leave
from consumers.stream import Client, Keys

NOW = timedelta(milliseconds=1)
ALICE, BOB = "alice", "bob"


async def names(client: Client, keys: Keys) -> set[str]:
    members: Any = await client.xinfo_consumers(keys.stream, keys.group)
    return {member["name"].decode() for member in members}


async def test_a_leaving_consumer_is_deleted_and_drops_nothing(client: Client, keys: Keys) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    claimed = await stream.read_next(client, keys, ALICE, block=NOW)
    assert claimed is not None

    await leave(client, keys, [ALICE])

    assert await names(client, keys) == {stream.HANDED_BACK}
    again = await stream.reclaim_next(client, keys, BOB, idle=timedelta(hours=1))
    assert again is not None
    assert again.entry_id == claimed.entry_id


async def test_the_dead_are_forgotten_once_nothing_is_left_in_their_hands(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "1"})
    assert await stream.read_next(client, keys, ALICE, block=NOW)
    await stream.read_next(client, keys, BOB, block=NOW)

    assert await forget_the_dead(client, keys, silent_for=timedelta(0)) == [BOB]
    assert await names(client, keys) == {ALICE}

    assert await stream.reclaim_next(client, keys, BOB, idle=timedelta(0))
    assert await forget_the_dead(client, keys, silent_for=timedelta(0)) == [ALICE]


async def test_the_living_are_not_forgotten(client: Client, keys: Keys) -> None:
    await stream.read_next(client, keys, ALICE, block=NOW)

    assert await forget_the_dead(client, keys, silent_for=timedelta(minutes=1)) == []

    assert await names(client, keys) == {ALICE}


async def test_where_the_group_is_gone_nobody_is_forgotten(client: Client, keys: Keys) -> None:
    await client.xgroup_destroy(keys.stream, keys.group)
    assert await forget_the_dead(client, keys, silent_for=timedelta(0)) == []

    await client.delete(keys.stream)
    assert await forget_the_dead(client, keys, silent_for=timedelta(0)) == []
