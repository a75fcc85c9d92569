"""Who stands in line: entries that nobody has claimed yet, and those that wait for another try."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redis.exceptions import ResponseError

from consumers.entry import MESSAGE, parse, upload_of
from consumers.stream import Client, Keys, group_is_missing
from pipeline.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry that nobody has claimed yet."""

    entry_id: str
    upload_id: str | None
    """None where the entry names none."""
    waits: timedelta
    """Since it was added."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """An entry that waits for another try."""

    upload_id: str | None
    number: int
    """Of the try that it waits for, from 1."""
    due: timedelta
    """Until then; negative where it is over."""


async def waiting_entries(client: Client, keys: Keys, limit: int) -> list[WaitingEntry]:
    """The first entries that will be claimed next."""
    seconds, _ = await client.time()
    start = f"({await _last_delivered(client, keys)}"
    found: Any = await client.xrange(keys.stream, start, "+", count=limit)
    return [
        WaitingEntry(entry_id.decode(), upload_of(fields), _age(entry_id, seconds))
        for entry_id, fields in found
    ]


async def postponed_entries(client: Client, keys: Keys, limit: int) -> list[Postponed]:
    """The entries that are due first."""
    seconds, _ = await client.time()
    found: Any = await client.zrange(keys.retry, 0, limit - 1, withscores=True)
    return [
        Postponed(
            upload_of({MESSAGE: message}), _number(message), timedelta(seconds=due / 1000 - seconds)
        )
        for message, due in found
    ]


async def _last_delivered(client: Client, keys: Keys) -> str:
    try:
        groups: Any = await client.xinfo_groups(keys.stream)
    except ResponseError as error:
        if group_is_missing(error):
            return "0-0"
        raise
    named = (each for each in groups if each["name"].decode() == keys.group)
    return next((each["last-delivered-id"].decode() for each in named), "0-0")


def _age(entry_id: bytes, now: int) -> timedelta:
    # An entry's id begins with the milliseconds of its XADD.
    return timedelta(seconds=max(now - int(entry_id.partition(b"-")[0]) / 1000, 0))


def _number(message: bytes) -> int:
    try:
        return parse({MESSAGE: message}).retries
    except MalformedEntry:
        return 0
