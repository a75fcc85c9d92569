from datetime import timedelta
from typing import Any

from consumers import stream
from consumers.deadletter import Verdict, bury, bury_forgotten
from consumers.stream import Client, Keys

VERDICT = Verdict(
    "unreadable_image", "It is damaged.", attempts=2, deliveries=3, trace_id="ab" * 16
)


async def test_a_dead_letter_holds_the_entry_and_why_it_was_given_up(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": '{"upload_id":"u1"}', "extra": "kept"})
    claimed = await stream.read_next(client, keys, "alice", block=timedelta(milliseconds=1))
    assert claimed is not None

    await bury(client, keys, claimed, VERDICT)

    letters: Any = await client.xrange(keys.dead)
    ((_, letter),) = letters
    assert letter[b"data"] == b'{"upload_id":"u1"}'
    assert letter[b"extra"] == b"kept"
    assert letter[b"reason"] == b"unreadable_image"
    assert letter[b"error"] == b"It is damaged."
    assert (letter[b"attempts"], letter[b"deliveries"]) == (b"2", b"3")
    assert letter[b"consumer"] == b"alice"
    assert letter[b"trace_id"] == b"ab" * 16
    assert b"failed_at" in letter
    assert await client.xlen(keys.stream) == 0
    assert (await client.xpending(keys.stream, keys.group))["pending"] == 0


async def test_burying_twice_because_an_answer_was_lost_writes_one_letter(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "{}"})
    claimed = await stream.read_next(client, keys, "alice", block=timedelta(milliseconds=1))
    assert claimed is not None

    await bury(client, keys, claimed, VERDICT)
    await bury(client, keys, claimed, VERDICT)

    assert await client.xlen(keys.dead) == 1


async def test_the_letter_of_an_entry_that_redis_has_lost_is_written_once(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "{}"})
    claimed = await stream.read_next(client, keys, "alice", block=timedelta(milliseconds=1))
    assert claimed is not None
    await client.delete(keys.stream)

    assert not await bury(client, keys, claimed, VERDICT)
    assert await bury_forgotten(client, keys, claimed, VERDICT)
    assert not await bury_forgotten(client, keys, claimed, VERDICT)

    letters: Any = await client.xrange(keys.dead)
    ((_, letter),) = letters
    assert letter[b"entry_id"] == claimed.entry_id.encode()


async def test_an_entry_that_lost_its_group_alone_is_left_to_come_again(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": "{}"})
    claimed = await stream.read_next(client, keys, "alice", block=timedelta(milliseconds=1))
    assert claimed is not None
    await client.xgroup_destroy(keys.stream, keys.group)

    assert not await bury(client, keys, claimed, VERDICT)
    assert not await bury_forgotten(client, keys, claimed, VERDICT)
    assert await client.xlen(keys.dead) == 0


async def test_what_another_has_buried_is_not_forgotten(client: Client, keys: Keys) -> None:
    await client.xadd(keys.stream, {"data": "{}"})
    claimed = await stream.read_next(client, keys, "alice", block=timedelta(milliseconds=1))
    assert claimed is not None

    assert await bury(client, keys, claimed, VERDICT)
    assert not await bury_forgotten(client, keys, claimed, VERDICT)
    assert await client.xlen(keys.dead) == 1
