"""What waits in the Redis list of the Celery worker that this replaces, moved over once.

Celery pushes a message on the left and takes the oldest from the right. A message is JSON whose
`body` is JSON again, in base64: positional arguments, keyword arguments, and what to do after.

Source: Celery's message protocol, version 2, as kombu's Redis transport stores it.
"""

import base64
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consumers.publish import add_entry
from consumers.queue import queued_uploads
from consumers.stream import Client, Keys
from otel import spans
from otel.spans import Destination
from pipeline.storage.database import Database
from pipeline.storage.publications import record_publication
from pipeline.storage.uploads import UploadStatus, upload_statuses

ENDED = frozenset(
    {UploadStatus.PARSED, UploadStatus.APPLIED, UploadStatus.FAILED, UploadStatus.CANCELLED}
)
UNACKED = "unacked"
"""The hash in which kombu keeps what Celery's workers hold."""


class Fate(StrEnum):
    """What became of a message."""

    PUBLISHED = "published"
    """An entry of the stream names its upload now."""
    WAITS = "waits already"
    ENDED = "had ended"
    UNKNOWN = "unknown upload"
    """PostgreSQL has no such upload; the message stays in the list."""
    FOREIGN = "not understood"
    """The message names no upload; it stays in the list."""


LEFT: frozenset[Fate] = frozenset({Fate.UNKNOWN, Fate.FOREIGN})
"""Of messages that stay where they are."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the list."""

    raw: bytes
    upload_id: str | None
    fate: Fate


def upload_of(raw: bytes) -> str | None:
    """The upload that a message has read; None for a message of another kind."""
    try:
        message: Any = json.loads(raw)
        body: Any = message["body"]
        if message.get("properties", {}).get("body_encoding", "base64") == "base64":
            body = base64.b64decode(body)
        arguments, keywords = json.loads(body)[:2]
        named = keywords.get("upload_id", arguments[0] if arguments else None)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None
    return named if isinstance(named, str) and named else None


async def look(
    broker: Client, queue: str, client: Client, keys: Keys, database: Database
) -> list[Message]:
    """The messages of the list, the oldest first, with what is to become of each; moves nothing.

    Args:
        broker: the Redis that Celery used.
        queue: the list's name.
        client: Redis.
        keys: the stream.
        database: PostgreSQL.
    """
    found: Any = await broker.lrange(queue, 0, -1)
    raws = [bytes(raw) for raw in reversed(found)]
    ids = [upload_of(raw) for raw in raws]
    named = list(dict.fromkeys(each for each in ids if each is not None))
    statuses = await upload_statuses(database, named)
    waiting = await queued_uploads(client, keys)
    messages = []
    for raw, upload_id in zip(raws, ids, strict=True):
        fate = _fate(upload_id, statuses, waiting)
        if fate is Fate.PUBLISHED and upload_id is not None:
            # A second message of the same upload finds it waiting.
            waiting.add(upload_id)
        messages.append(Message(raw, upload_id, fate))
    return messages


async def move(
    broker: Client,
    queue: str,
    messages: Sequence[Message],
    *,
    client: Client,
    keys: Keys,
    database: Database,
) -> AsyncIterator[Message]:
    """Publish what is to be published, and take each message that is done with from the list.

    An entry is published before its message goes: dying in between costs nothing, for the next run
    finds the upload waiting.
    """
    for message in messages:
        if message.fate is Fate.PUBLISHED and message.upload_id is not None:
            with spans.sending(Destination(keys.stream), message.upload_id):
                entry_id = await add_entry(client, keys, message.upload_id)
                await record_publication(database, message.upload_id, entry_id, spans.trace_id())
        if message.fate not in LEFT:
            await _remove(broker, queue, message.raw)
        yield message


async def _remove(broker: Client, queue: str, raw: bytes) -> None:
    """Take the oldest message of this text from the list."""
    removing: Any = broker.lrem(queue, -1, raw)  # type: ignore[arg-type]  # bytes will do
    await removing


async def held_by_workers(broker: Client) -> int:
    """How many messages Celery's workers hold, or held when they died."""
    count: Any = broker.hlen(UNACKED)
    return int(await count)


def _fate(upload_id: str | None, statuses: dict[str, str], waiting: set[str]) -> Fate:
    if upload_id is None:
        return Fate.FOREIGN
    status = statuses.get(upload_id)
    if status is None:
        return Fate.UNKNOWN
    if status in ENDED:
        return Fate.ENDED
    return Fate.WAITS if upload_id in waiting else Fate.PUBLISHED
