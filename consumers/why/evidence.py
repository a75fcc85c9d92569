"""What Redis and PostgreSQL know of one upload; with one of them away, what the other knows."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.exceptions import RedisError, ResponseError

from consumers.bulletin import stage_field
from consumers.entry import MESSAGE, parse, upload_of
from consumers.queue import (
    Consumer,
    DeadLetter,
    PendingEntry,
    Replica,
    consumers_of,
    dead_letters,
    pages,
    pending_entries,
    replicas_of,
    stages_of,
)
from consumers.stream import Client, Keys, group_is_missing
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.attempts import Attempt, ages_of_entries, attempts_of
from pipeline.storage.database import Database
from pipeline.storage.dropped import dropped_at
from pipeline.storage.figures import Ended, ledger
from pipeline.storage.scorecards import Scorecard, get_scorecard
from pipeline.storage.uploads import Upload, UploadStatus, get_upload

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that an upload's way depends on."""

    lease: timedelta
    in_work: timedelta
    """How long an upload may be in work."""
    max_retries: int
    max_deliveries: int
    link_life: timedelta
    """How long a backend's link for uploading works."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that nobody has read yet."""

    entry_id: str
    ahead: int
    """Entries that will be read before it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """An entry that waits for another try."""

    due: timedelta
    """Until then; negative where it is over."""
    number: int
    """Of the try that it waits for, from 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the upload stands in Redis, and who is there to read it."""

    claimed: tuple[PendingEntry, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    archived: tuple[Waiting, ...] = ()
    """In the archive's queue."""
    retries: tuple[Retry, ...] = ()
    letter: DeadLetter | None = None
    """The newest."""
    in_work: int = 0
    """Entries of all uploads that are claimed."""
    group_exists: bool = True
    consumers: tuple[Consumer, ...] = ()
    replicas: tuple[Replica, ...] = ()

    @property
    def entries(self) -> int:
        """How many entries name it."""
        return len(self.claimed) + len(self.waiting) + len(self.archived) + len(self.retries)


@dataclass(frozen=True, slots=True)
class Record:
    """What PostgreSQL knows of the upload."""

    upload: Upload | None
    """None where there is no row."""
    attempts: tuple[Attempt, ...] = ()
    scorecard: Scorecard | None = None
    dropped_at: datetime | None = None
    ended: Ended | None = None
    """How uploads ended of late, all together."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known."""

    upload_id: str
    now: datetime
    rules: Rules
    place: Place | None
    """None while Redis is away."""
    record: Record | None
    """None while PostgreSQL is away."""
    redis_error: str = ""
    database_error: str = ""


async def gather(
    client: Client, keys: Keys, database: Database, upload_id: str, rules: Rules
) -> Evidence:
    """Look; a server that is away is part of the evidence."""
    found = Evidence(upload_id, datetime.now(UTC), rules, None, None)
    try:
        found = replace(found, record=await _record(database, upload_id))
    except DatabaseUnavailable as error:
        found = replace(found, database_error=str(error))
    try:
        place = await _place(client, keys, upload_id, may_be_dead=_may_be_dead(found.record))
    except (RedisError, OSError) as error:
        return replace(found, redis_error=str(error))
    if found.record is not None and place.claimed:
        place = await _with_ages(database, place)
    return replace(found, place=place)


async def _record(database: Database, upload_id: str) -> Record:
    return Record(
        upload=await get_upload(database, upload_id),
        attempts=tuple(await attempts_of(database, upload_id)),
        scorecard=await get_scorecard(database, upload_id),
        dropped_at=await dropped_at(database, upload_id),
        ended=(await ledger(database)).ended,
    )


async def _with_ages(database: Database, place: Place) -> Place:
    try:
        ages = await ages_of_entries(database, [each.entry_id for each in place.claimed])
    except DatabaseUnavailable:
        return place
    claimed = (replace(each, age=ages.get(each.entry_id)) for each in place.claimed)
    return replace(place, claimed=tuple(claimed))


def _may_be_dead(record: Record | None) -> bool:
    """Whether a dead letter is worth looking for: that takes as long as there are letters."""
    upload = record.upload if record else None
    return upload is None or upload.status == UploadStatus.FAILED


async def _letter(client: Client, keys: Keys, upload_id: str) -> DeadLetter | None:
    """The upload's newest."""
    newest = None
    async for letter in dead_letters(client, keys):
        if letter.upload_id == upload_id:
            newest = letter
    return newest


async def _place(client: Client, keys: Keys, upload_id: str, *, may_be_dead: bool) -> Place:
    # The archive's queue before the stream, to which its entries move.
    archived = await _waiting(client, keys.backfill, upload_id)
    delivered = await _last_delivered(client, keys)
    waiting = await _waiting(client, keys.stream, upload_id, delivered or (0, 0))
    # Claimed entries after those that wait: one that is claimed in between is found twice rather
    # than not at all.
    pending = await pending_entries(client, keys)
    stages = await stages_of(client, keys)
    claimed = tuple(
        replace(each, stage=stages.get(stage_field(each.entry_id, each.consumer)))
        for each in pending
        if each.upload_id == upload_id
    )
    taken = {each.entry_id for each in claimed}
    return Place(
        claimed=claimed,
        waiting=tuple(each for each in waiting if each.entry_id not in taken),
        archived=tuple(archived) if not waiting and not claimed else (),
        retries=tuple(await _retries(client, keys, upload_id)),
        letter=await _letter(client, keys, upload_id) if may_be_dead else None,
        in_work=len(pending),
        group_exists=delivered is not None,
        consumers=tuple(await consumers_of(client, keys)),
        replicas=tuple(await replicas_of(client, keys)),
    )


async def _last_delivered(client: Client, keys: Keys) -> tuple[int, int] | None:
    """Id of the last entry that the group was given; None where there is no group."""
    try:
        groups: Any = await client.xinfo_groups(keys.stream)
    except ResponseError as error:
        if group_is_missing(error):
            return None
        raise
    for group in groups:
        if group["name"].decode() == keys.group:
            return _number(group["last-delivered-id"].decode())
    return None


async def _waiting(
    client: Client, stream: str, upload_id: str, delivered: tuple[int, int] = (0, 0)
) -> list[Waiting]:
    found = []
    ahead = 0
    async for entry_id, fields in pages(client, stream, after="{}-{}".format(*delivered)):
        if upload_of(fields) == upload_id:
            found.append(Waiting(entry_id, ahead))
        ahead += 1
    return found


async def _retries(client: Client, keys: Keys, upload_id: str) -> list[Retry]:
    seconds, microseconds = await client.time()
    now = seconds + microseconds / 1e6
    return [
        Retry(timedelta(seconds=due / 1000 - now), parse({MESSAGE: message}).retries)
        async for message, due in client.zscan_iter(keys.retry, count=PAGE)
        if upload_of({MESSAGE: message}) == upload_id
    ]


def _number(entry_id: str) -> tuple[int, int]:
    """An entry's id, comparable."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)
