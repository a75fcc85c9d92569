"""Dead letters, read without changing them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consumers.entry import upload_of
from consumers.queue.entries import PAGE, Rest, no_rest, pages
from consumers.stream import Client, Keys


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
    client: Client, keys: Keys, *, reason: str | None = None, rest: Rest = no_rest
) -> AsyncIterator[DeadLetter]:
    """The dead letters, oldest first.

    Args:
        client: Redis.
        keys: the queue.
        reason: only those with this error code.
        rest: between two pages.
    """
    async for letter_id, fields in pages(client, keys.dead, rest=rest):
        letter = _letter(letter_id, fields)
        if reason is None or letter.reason == reason:
            yield letter


async def dead_letter(client: Client, keys: Keys, letter_id: str) -> DeadLetter | None:
    """One dead letter by its id in the dead-letter stream."""
    found: Any = await client.xrange(keys.dead, letter_id, letter_id)
    return _letter(letter_id, found[0][1]) if found else None


async def recent_letters(
    client: Client, keys: Keys, since: timedelta, limit: int = 100
) -> list[DeadLetter]:
    """The dead letters of so long, the newest first."""
    seconds, _ = await client.time()
    start = round((seconds - since.total_seconds()) * 1000)
    found: Any = await client.xrevrange(keys.dead, "+", start, count=limit)
    return [_letter(letter_id.decode(), fields) for letter_id, fields in found]


async def newest_letters(
    client: Client, keys: Keys, limit: int, *, before: str = "", reason: str = ""
) -> list[DeadLetter]:
    """Dead letters, the newest first.

    Args:
        client: Redis.
        keys: the queue.
        limit: letters of one page.
        before: the last id of the page before.
        reason: only those with this error code.
    """
    letters: list[DeadLetter] = []
    end = f"({before}" if before else "+"
    while len(letters) < limit:
        page: Any = await client.xrevrange(keys.dead, end, "-", count=PAGE)
        found = [_letter(letter_id.decode(), fields) for letter_id, fields in page]
        letters += [each for each in found if not reason or each.reason == reason]
        if len(page) < PAGE:
            break
        end = f"({found[-1].letter_id}"
    return letters[:limit]


def _letter(letter_id: str, fields: dict[bytes, bytes]) -> DeadLetter:
    def text(name: str) -> str:
        return fields.get(name.encode(), b"").decode(errors="replace")

    def number(name: str) -> int:
        return int(text(name)) if text(name).isdecimal() else 0

    return DeadLetter(
        letter_id=letter_id,
        upload_id=upload_of(fields),
        reason=text("reason"),
        error=text("error"),
        attempts=number("attempts"),
        deliveries=number("deliveries"),
        consumer=text("consumer"),
        trace_id=text("trace_id"),
        failed_at=datetime.fromisoformat(text("failed_at")) if text("failed_at") else None,
        fields=fields,
    )
