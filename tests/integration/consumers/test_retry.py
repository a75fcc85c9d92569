from datetime import timedelta

from consumers import retry, stream
from consumers.entry import Entry, parse
from consumers.stream import Claimed, Client, Keys

NOW = timedelta(milliseconds=1)


async def claim(client: Client, keys: Keys) -> Claimed:
    claimed = await stream.read_next(client, keys, "alice", block=NOW)
    assert claimed is not None
    return claimed


async def test_a_postponed_entry_leaves_the_stream_until_it_is_due(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": '{"upload_id":"u1"}'})
    claimed = await claim(client, keys)

    await retry.postpone(client, keys, claimed.entry_id, Entry("u1"), timedelta(hours=1))

    assert await client.xlen(keys.stream) == 0
    assert (await client.xpending(keys.stream, keys.group))["pending"] == 0
    assert await retry.move_due(client, keys) == 0
    assert await client.zcard(keys.retry) == 1


async def test_a_due_entry_comes_back_once_with_its_trace_and_count(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": '{"upload_id":"u1"}'})
    claimed = await claim(client, keys)
    entry = Entry("u1", {"traceparent": "00-a-b-01", "x-retries": "1"})
    await retry.postpone(client, keys, claimed.entry_id, entry.again(None), timedelta(0))

    assert await retry.move_due(client, keys) == 1
    assert await retry.move_due(client, keys) == 0

    again = parse((await claim(client, keys)).fields)
    assert (again.upload_id, again.retries) == ("u1", 2)
    assert again.headers["traceparent"] == "00-a-b-01"
    assert await client.zcard(keys.retry) == 0


async def test_postponing_twice_because_an_answer_was_lost_postpones_once(
    client: Client, keys: Keys
) -> None:
    await client.xadd(keys.stream, {"data": '{"upload_id":"u1"}'})
    claimed = await claim(client, keys)
    await retry.postpone(client, keys, claimed.entry_id, Entry("u1"), timedelta(0))
    await retry.move_due(client, keys)

    await retry.postpone(client, keys, claimed.entry_id, Entry("u1"), timedelta(0))

    assert await client.zcard(keys.retry) == 0
    assert await client.xlen(keys.stream) == 1
