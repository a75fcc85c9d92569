"""What is left in Celery's queue, moved over to the stream, each upload once.

Publishing one too often would cost a delivery and nothing else, since the commit is found or a
fence refuses; but Celery's own worker knows no fence. So nothing is to be moved while one lives.
"""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from consumers import entry as entries
from consumers.entry import Entry
from consumers.from_celery.message import TASK, NotUnderstood, read_message
from consumers.from_celery.queue import CeleryKeys, Stored, alone_with, held, remove, waiting
from consumers.publish import add_entry
from consumers.queue import queued_uploads
from consumers.stream import Client, Keys
from otel import spans
from otel.spans import Destination
from pipeline.storage.database import Database
from pipeline.storage.publications import record_publication
from pipeline.storage.uploads import UploadStatus, upload_statuses

READ = frozenset({UploadStatus.PARSED, UploadStatus.APPLIED, UploadStatus.CANCELLED})


class Fate(StrEnum):
    """What becomes of a message."""

    PUBLISHED = "published"
    """An entry of the stream names its upload."""
    DELAYED = "delayed"
    """It has a countdown: it waits beside the stream until then."""
    WAITS = "waiting_already"
    ENDED = "ended"
    FAILED = "failed"
    """Its upload had failed; `cricksy-ocr retry` has it read again."""
    UNKNOWN = "unknown_upload"
    """PostgreSQL has no such upload; the message stays where it is."""
    FOREIGN = "not_understood"
    """It is no message of ours; it stays where it is."""
    GONE = "gone"
    """Somebody else took it meanwhile: a worker, or another import."""


LEFT: frozenset[Fate] = frozenset({Fate.UNKNOWN, Fate.FOREIGN})
"""Of messages that stay where they are."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and its fate."""

    stored: Stored
    fate: Fate
    upload_id: str | None = None
    due: datetime | None = None
    why: str = ""
    """What it is, where it is not understood."""


@dataclass(frozen=True, slots=True)
class Celery:
    """The queue that is to be emptied."""

    broker: Client
    keys: CeleryKeys
    task: str = TASK


async def look(celery: Celery, client: Client, keys: Keys, database: Database) -> list[Message]:
    """Celery's messages with what is to become of each; moves nothing.

    What workers held comes first, for they took it first; then each priority, the oldest first.

    Args:
        celery: the queue.
        client: Redis.
        keys: the stream.
        database: PostgreSQL.
    """
    found = [_understood(celery, each) for each in await held(celery.broker, celery.keys)]
    # The hash is shared: what another application's workers hold is none of our business.
    found = [each for each in found if each.upload_id or each.stored.queue == celery.keys.queue]
    found += [_understood(celery, each) for each in await waiting(celery.broker, celery.keys)]
    named = list(dict.fromkeys(each.upload_id for each in found if each.upload_id))
    statuses = await upload_statuses(database, named)
    queued = await queued_uploads(client, keys)
    messages = []
    for each in found:
        if each.upload_id is not None:
            fate = _fate(each.upload_id, each.due, statuses, queued)
            # A second message of the same upload finds it waiting.
            queued.add(each.upload_id)
            messages.append(replace(each, fate=fate))
        else:
            messages.append(each)
    return messages


async def move(
    celery: Celery, messages: Sequence[Message], client: Client, keys: Keys, database: Database
) -> AsyncIterator[Message]:
    """Publish what is to be published, and take each message that is done with away.

    An upload is published before its message goes: dying in between costs nothing, for the next run
    finds the upload waiting.
    """
    for message in messages:
        if message.fate in LEFT:
            yield message
            continue
        async with alone_with(celery.broker, celery.keys, message.stored) as is_there:
            if is_there:
                await _publish(message, client, keys, database)
                await remove(celery.broker, celery.keys, message.stored)
        yield message if is_there else replace(message, fate=Fate.GONE)


async def _publish(message: Message, client: Client, keys: Keys, database: Database) -> None:
    if message.upload_id is None or message.fate not in {Fate.PUBLISHED, Fate.DELAYED}:
        return
    with spans.sending(Destination(keys.stream), message.upload_id):
        if message.fate is Fate.DELAYED and message.due is not None:
            entry = await entries.encode(Entry(message.upload_id, spans.inject()))
            await client.zadd(keys.retry, {entry: round(message.due.timestamp() * 1000)})
            return
        entry_id = await add_entry(client, keys, message.upload_id)
        await record_publication(database, message.upload_id, entry_id, spans.trace_id())


def _understood(celery: Celery, stored: Stored) -> Message:
    try:
        asked = read_message(stored.raw, celery.task)
    except NotUnderstood as found:
        return Message(stored, Fate.FOREIGN, why=str(found))
    return Message(stored, Fate.PUBLISHED, asked.upload_id, asked.due)


def _fate(upload_id: str, due: datetime | None, statuses: dict[str, str], queued: set[str]) -> Fate:
    status = statuses.get(upload_id)
    if status is None:
        return Fate.UNKNOWN
    if status in READ:
        return Fate.ENDED
    if status == UploadStatus.FAILED:
        return Fate.FAILED
    if upload_id in queued:
        return Fate.WAITS
    later = due is not None and due > datetime.fromtimestamp(time.time(), UTC)
    return Fate.DELAYED if later else Fate.PUBLISHED
