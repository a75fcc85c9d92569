"""What is stuck, drawn from XPENDING: slow is not stuck, and neither is idle.

Renewal keeps the idle time of a hung but living worker at nought, so idle time alone tells
nothing: the age since the first claim, the deliveries and a silent group are looked at as well.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from consumers.entry import parse
from consumers.stream import Client, Keys
from pipeline.errors import MalformedEntry
from pipeline.storage.attempts import ages_of_entries
from pipeline.storage.database import Database

PAGE = 500
SUSPICIOUS_DELIVERIES = 3


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what may last before it counts as stuck."""

    lease: timedelta
    in_work: timedelta
    """Since the entry was first claimed."""


@dataclass(frozen=True, slots=True)
class StuckEntry:
    """One entry that does not get on."""

    entry_id: str
    upload_id: str | None
    """None where the entry names none."""
    consumer: str
    idle: timedelta
    """Since its consumer last showed life."""
    age: timedelta | None
    """Since it was first claimed; None before an attempt was opened."""
    deliveries: int
    causes: tuple[str, ...]
    """A sentence each."""


@dataclass(frozen=True, slots=True)
class Group:
    """How the consumer group stands."""

    waiting: int | None
    """Entries that nobody has read; None where Redis does not know."""
    silent_for: timedelta | None
    """Since any consumer last showed life; None without consumers."""

    def silence(self, patience: Patience) -> str | None:
        """A sentence, if entries wait and nobody is there to claim them."""
        if self.waiting == 0:
            return None
        waiting = "An unknown number waits," if self.waiting is None else f"{self.waiting} waiting,"
        if self.silent_for is None:
            return f"{waiting} and the group has no consumer: start a replica."
        if self.silent_for > 2 * patience.lease:
            seconds = self.silent_for.total_seconds()
            return f"{waiting} and no consumer has shown life for {seconds:.0f} s."
        return None


async def stuck_entries(
    client: Client, keys: Keys, database: Database, patience: Patience
) -> AsyncIterator[StuckEntry]:
    """The pending entries that do not get on, oldest first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; it knows when an entry was first claimed.
    """
    async for page in _pending(client, keys):
        ages = await ages_of_entries(database, [each["message_id"].decode() for each in page])
        for each in page:
            found = _judged(each, ages.get(each["message_id"].decode()), patience)
            if found.causes:
                yield await _named(client, keys, found)


async def group_of(client: Client, keys: Keys) -> Group:
    """How the consumer group stands."""
    groups: Any = await client.xinfo_groups(keys.stream)
    (group,) = [each for each in groups if each["name"].decode() == keys.group]
    consumers: Any = await client.xinfo_consumers(keys.stream, keys.group)
    idle = [timedelta(milliseconds=each["idle"]) for each in consumers]
    return Group(group["lag"], min(idle) if idle else None)


async def _pending(client: Client, keys: Keys) -> AsyncIterator[list[dict[str, Any]]]:
    start = "-"
    while True:
        page: Any = await client.xpending_range(keys.stream, keys.group, start, "+", PAGE)
        if page:
            yield page
        if len(page) < PAGE:
            return
        start = f"({page[-1]['message_id'].decode()}"


def _judged(pending: dict[str, Any], age: timedelta | None, patience: Patience) -> StuckEntry:
    idle = timedelta(milliseconds=pending["time_since_delivered"])
    deliveries = int(pending["times_delivered"])
    causes = []
    if idle > 2 * patience.lease:
        causes.append(f"Idle for {idle.total_seconds():.0f} s, and nobody reclaims it.")
    if age is not None and age > patience.in_work:
        causes.append(f"In work since {age.total_seconds():.0f} s.")
    if deliveries >= SUSPICIOUS_DELIVERIES:
        causes.append(f"Delivered {deliveries} times without an outcome.")
    return StuckEntry(
        pending["message_id"].decode(),
        None,
        pending["consumer"].decode(),
        idle,
        age,
        deliveries,
        tuple(causes),
    )


async def _named(client: Client, keys: Keys, found: StuckEntry) -> StuckEntry:
    entry: Any = await client.xrange(keys.stream, found.entry_id, found.entry_id)
    try:
        upload_id = parse(entry[0][1]).upload_id if entry else None
    except MalformedEntry:
        upload_id = None
    return replace(found, upload_id=upload_id)
