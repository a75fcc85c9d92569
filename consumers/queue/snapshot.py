"""The queue as a whole, at one moment: what `stuck`, the watcher and the console look at."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.exceptions import ResponseError

from consumers.bulletin import stage_field
from consumers.pause import Pause, current_pause
from consumers.queue.entries import PendingEntry, pending_entries
from consumers.queue.letters import DeadLetter, recent_letters
from consumers.queue.replicas import Consumer, Replica, consumers_of, replicas_of, stages_of
from consumers.stream import HANDED_BACK, Client, Keys, group_is_missing
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.attempts import ages_of_entries
from pipeline.storage.canaries import is_canary
from pipeline.storage.database import Database
from pipeline.storage.figures import Ledger, ledger

NEW = timedelta(minutes=5)
"""For how long a dead letter counts as new."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What Redis uses, and may use."""

    used: int
    """Bytes."""
    limit: int | None
    """Bytes, by `maxmemory`; None where it is not set."""
    host: int | None
    """Bytes of memory of its host; None where it does not tell."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What Redis and PostgreSQL hold at one moment."""

    at: datetime
    """By Redis's clock."""
    length: int
    """Entries in the stream: all that is unfinished, but for what waits for a retry."""
    group_exists: bool
    lag: int | None
    """Entries that the group has not been given yet; None where Redis cannot tell."""
    pending: tuple[PendingEntry, ...]
    consumers: tuple[Consumer, ...]
    replicas: tuple[Replica, ...]
    backfill: int
    """Entries of an archive that wait behind all others."""
    retries: int
    next_retry: timedelta | None
    """Until the first retry is due, negative where it is overdue; None where none waits."""
    dead: int
    """Dead letters, canaries left out."""
    new_letters: tuple[DeadLetter, ...]
    """The newest first, canaries left out."""
    memory: Memory
    ledger: Ledger | None
    """None while PostgreSQL does not answer."""
    database_error: str | None = None
    """What it said then."""
    paused: Pause | None = None
    """Nothing is claimed until somebody resumes; None where nobody has paused."""

    @property
    def waiting(self) -> int:
        """Entries that nobody has claimed yet, also where the lag is unknown.

        What is finished is deleted: what is in the stream and not pending waits.
        """
        return self.lag if self.lag is not None else max(self.length - len(self.pending), 0)

    def live_consumers(self, lease: timedelta) -> tuple[Consumer, ...]:
        """The members of the group that live.

        By what their replica says; for one that says nothing, by the sign of life that a claim or
        a renewed lease is.
        """
        return tuple(each for each in self.consumers if self._lives(each, lease))

    def _lives(self, consumer: Consumer, lease: timedelta) -> bool:
        if consumer.name == HANDED_BACK:
            return False
        for replica in self.replicas:
            if replica.owns(consumer.name):
                return replica.lives
        return consumer.idle <= 2 * lease

    @property
    def reading_slots(self) -> int:
        """Uploads that could be claimed at once, were they all free."""
        return sum(each.slots for each in self.replicas if each.reads)

    @property
    def backfill_slots(self) -> int:
        """Of these, uploads of an archive at most."""
        return sum(each.backfill_slots for each in self.replicas if each.reads)


async def take_snapshot(client: Client, keys: Keys, database: Database) -> Snapshot:
    """Look at all of it; with PostgreSQL away, at what Redis tells alone.

    Raises:
        RedisError: Redis does not answer.
    """
    async with client.pipeline(transaction=False) as commands:
        commands.time()
        commands.xlen(keys.stream)
        commands.xlen(keys.backfill)
        commands.zcard(keys.retry)
        commands.zrange(keys.retry, 0, 0, withscores=True)
        commands.xlen(keys.dead)
        commands.info("memory")
        moment, length, backfill, retries, first, dead, memory = await commands.execute()
    seconds, microseconds = moment
    now = seconds + microseconds / 1e6
    lag, group_exists = await _lag(client, keys)
    pending = await _pending(client, keys)
    letters = await recent_letters(client, keys, NEW)
    new_letters = tuple(each for each in letters if not is_canary(each.upload_id))
    found = Snapshot(
        at=datetime.fromtimestamp(now, UTC),
        length=length,
        group_exists=group_exists,
        lag=lag if group_exists else length,
        pending=tuple(pending),
        consumers=tuple(await consumers_of(client, keys)),
        replicas=tuple(await replicas_of(client, keys)),
        backfill=backfill,
        retries=retries,
        next_retry=timedelta(seconds=first[0][1] / 1000 - now) if first else None,
        # Letters of canaries are removed within moments.
        dead=dead - (len(letters) - len(new_letters)),
        new_letters=new_letters,
        memory=Memory(
            memory["used_memory"],
            memory.get("maxmemory") or None,
            memory.get("total_system_memory") or None,
        ),
        paused=await current_pause(client, keys),
        ledger=None,
    )
    try:
        ages = await ages_of_entries(database, [each.entry_id for each in pending])
        figures = await ledger(database)
    except DatabaseUnavailable as error:
        return replace(found, database_error=str(error))
    aged = tuple(replace(each, age=ages.get(each.entry_id)) for each in pending)
    return replace(found, pending=aged, ledger=figures)


async def _lag(client: Client, keys: Keys) -> tuple[int | None, bool]:
    """The group's lag, and whether there is a group."""
    try:
        groups: Any = await client.xinfo_groups(keys.stream)
    except ResponseError as error:
        if group_is_missing(error):
            return None, False
        raise
    for group in groups:
        if group["name"].decode() == keys.group:
            return group["lag"], True
    return None, False


async def _pending(client: Client, keys: Keys) -> list[PendingEntry]:
    stages = await stages_of(client, keys)
    return [
        replace(each, stage=stages.get(stage_field(each.entry_id, each.consumer)))
        for each in await pending_entries(client, keys)
    ]
