"""Entries: in the stream, in somebody's hands, waiting for another try."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redis.exceptions import ResponseError

from consumers.entry import MESSAGE, upload_of
from consumers.queue.replicas import Stage
from consumers.stream import Client, Keys, group_is_missing

PAGE = 250
"""Entries that come over the wire at once: they keep the event loop for milliseconds."""

Rest = Callable[[], Awaitable[None]]
"""What who reads all entries does between two pages."""


async def no_rest() -> None:
    """The next page at once."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that a consumer has claimed."""

    entry_id: str
    upload_id: str | None
    """None where the entry names none."""
    consumer: str
    idle: timedelta
    """Since its consumer last showed life."""
    deliveries: int
    """How often it has been handed to a consumer."""
    age: timedelta | None = None
    """Since its first attempt was opened; None before that, or where PostgreSQL is away."""
    stage: Stage | None = None
    """Where its consumer was last seen with it."""


async def queued_uploads(client: Client, keys: Keys) -> set[str]:
    """Ids of the uploads that `named_uploads` finds."""
    return {upload_id async for upload_id in named_uploads(client, keys)}


async def named_uploads(client: Client, keys: Keys, *, rest: Rest = no_rest) -> AsyncIterator[str]:
    """The upload of each entry that names one: in any stream or in the retry set, in work or not.

    An entry that moves meanwhile is found all the same: the archive's queue is read before the
    stream that its entries move to, and the stream's end once more after the retry set. Only one
    that is read and fails between the two may be missed; its upload's row has then changed.

    Args:
        client: Redis.
        keys: the queue.
        rest: between two pages.
    """
    async for _, fields in pages(client, keys.backfill, rest=rest):
        if upload_id := upload_of(fields):
            yield upload_id
    newest = ""
    async for newest, fields in pages(client, keys.stream, rest=rest):  # noqa: B007 -- used below
        if upload_id := upload_of(fields):
            yield upload_id
    async for message in _postponed(client, keys, rest):
        if upload_id := upload_of({MESSAGE: message}):
            yield upload_id
    # What has moved meanwhile has a newer id.
    async for _, fields in pages(client, keys.stream, after=newest, rest=rest):
        if upload_id := upload_of(fields):
            yield upload_id


async def _postponed(client: Client, keys: Keys, rest: Rest) -> AsyncIterator[bytes]:
    cursor: Any = 0
    members: Any
    while True:
        cursor, members = await client.zscan(keys.retry, cursor, count=PAGE)
        for message, _ in members:
            yield message
        if not cursor:
            return
        await rest()


async def pages(
    client: Client, stream: str, *, after: str = "", rest: Rest = no_rest
) -> AsyncIterator[tuple[str, dict[bytes, bytes]]]:
    """Every entry of a stream, oldest first; a page at a time comes over the wire.

    Args:
        client: Redis.
        stream: its key.
        after: only what comes behind this id.
        rest: between two pages.
    """
    start = f"({after}" if after else "-"
    while True:
        page: Any = await client.xrange(stream, start, "+", count=PAGE)
        for entry_id, fields in page:
            yield entry_id.decode(), fields
        if len(page) < PAGE:
            return
        start = f"({page[-1][0].decode()}"
        await rest()


async def pending_entries(client: Client, keys: Keys) -> list[PendingEntry]:
    """What is claimed, oldest first; nothing where there is no group."""
    found: list[PendingEntry] = []
    start = "-"
    while True:
        try:
            page: Any = await client.xpending_range(keys.stream, keys.group, start, "+", PAGE)
        except ResponseError as error:
            if group_is_missing(error):
                return []
            raise
        found += await _named(client, keys, page)
        if len(page) < PAGE:
            return found
        start = f"({page[-1]['message_id'].decode()}"


async def _named(client: Client, keys: Keys, page: list[dict[str, Any]]) -> list[PendingEntry]:
    if not page:
        return []
    # What is finished is deleted, and what waits comes later: between the first and the last of
    # these there is little else, and one answer for all of them is far quicker than one for each.
    found: Any = await client.xrange(keys.stream, page[0]["message_id"], page[-1]["message_id"])
    fields = {entry_id: fields for entry_id, fields in found if fields}
    return [
        PendingEntry(
            each["message_id"].decode(),
            upload_of(fields.get(each["message_id"], {})),
            each["consumer"].decode(),
            timedelta(milliseconds=each["time_since_delivered"]),
            int(each["times_delivered"]),
        )
        for each in page
    ]
