"""What stands in Redis, read without changing it."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consumers.entry import MESSAGE, parse
from consumers.stream import Client, Keys
from pipeline.errors import MalformedEntry

PAGE = 1000


async def queued_uploads(client: Client, keys: Keys) -> set[str]:
    """Ids of the uploads that an entry names: in the stream, in work or not, or in the retry set.

    An entry that moves from one to the other meanwhile is found in one of them: the stream is read
    first and last.
    """
    found = {upload_id async for upload_id in _in_stream(client, keys)}
    found |= {upload_id async for upload_id in _waiting_for_retry(client, keys)}
    found |= {upload_id async for upload_id in _in_stream(client, keys)}
    return found


async def _in_stream(client: Client, keys: Keys) -> AsyncIterator[str]:
    async for _, fields in _pages(client, keys.stream):
        with suppress(MalformedEntry):
            yield parse(fields).upload_id


async def _waiting_for_retry(client: Client, keys: Keys) -> AsyncIterator[str]:
    async for message, _ in client.zscan_iter(keys.retry, count=PAGE):
        with suppress(MalformedEntry):
            yield parse({MESSAGE: message}).upload_id


async def _pages(client: Client, stream: str) -> AsyncIterator[tuple[str, dict[bytes, bytes]]]:
    start = "-"
    while True:
        page: Any = await client.xrange(stream, start, "+", count=PAGE)
        for entry_id, fields in page:
            yield entry_id.decode(), fields
        if len(page) < PAGE:
            return
        start = f"({page[-1][0].decode()}"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One entry that was given up."""

    letter_id: str
    upload_id: str | None
    """None where the entry names no upload."""
    reason: str
    error: str
    attempts: int
    deliveries: int
    consumer: str
    trace_id: str
    failed_at: datetime | None
    fields: dict[bytes, bytes]
    """All of it, as it stands in Redis."""


async def dead_letters(
    client: Client, keys: Keys, *, reason: str | None = None
) -> AsyncIterator[DeadLetter]:
    """The dead letters, oldest first.

    Args:
        client: Redis.
        keys: the queue.
        reason: only those with this error code.
    """
    async for letter_id, fields in _pages(client, keys.dead):
        letter = _letter(letter_id, fields)
        if reason is None or letter.reason == reason:
            yield letter


async def dead_letter(client: Client, keys: Keys, letter_id: str) -> DeadLetter | None:
    """One dead letter by its id in the dead-letter stream."""
    found: Any = await client.xrange(keys.dead, letter_id, letter_id)
    return _letter(letter_id, found[0][1]) if found else None


def _letter(letter_id: str, fields: dict[bytes, bytes]) -> DeadLetter:
    def text(name: str) -> str:
        return fields.get(name.encode(), b"").decode(errors="replace")

    def number(name: str) -> int:
        return int(text(name)) if text(name).isdecimal() else 0

    try:
        upload_id: str | None = parse(fields).upload_id
    except MalformedEntry:
        upload_id = None
    return DeadLetter(
        letter_id=letter_id,
        upload_id=upload_id,
        reason=text("reason"),
        error=text("error"),
        attempts=number("attempts"),
        deliveries=number("deliveries"),
        consumer=text("consumer"),
        trace_id=text("trace_id"),
        failed_at=datetime.fromisoformat(text("failed_at")) if text("failed_at") else None,
        fields=fields,
    )
