"""Having one upload read again, or sooner, wherever it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from consumers.backfill import overtake
from consumers.entry import MESSAGE, upload_of
from consumers.operations.result import Effect, Result
from consumers.publish import add_entry
from consumers.queue import DeadLetter, dead_letters, pages
from consumers.replay import ReplayError, replay
from consumers.stream import Client, Keys
from otel import spans
from otel.spans import Destination
from pipeline.storage.attempts import reopen
from pipeline.storage.database import Database
from pipeline.storage.publications import Cause, record_publication
from pipeline.storage.scorecards import get_scorecard
from pipeline.storage.uploads import UploadStatus, get_upload

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where uploads stand in Redis."""

    queued: frozenset[str]
    """Ids that an entry in the stream names."""
    archived: Mapping[str, str]
    """Entries in the archive's queue by the upload that they name."""
    postponed: Mapping[str, bytes]
    """Members of the retry set by the upload that they name."""
    letters: Mapping[str, DeadLetter]
    """The newest dead letter by upload."""


class _Way(Enum):
    REPLAY = auto()
    HASTEN = auto()
    OVERTAKE = auto()
    PUBLISH = auto()
    """Its entry is missing."""
    READ_AGAIN = auto()


async def whereabouts(client: Client, keys: Keys) -> Whereabouts:
    """Look at the whole queue once, for any number of uploads."""
    postponed = {
        upload_id: message
        async for message, _ in client.zscan_iter(keys.retry, count=PAGE)
        if (upload_id := upload_of({MESSAGE: message}))
    }
    archived = {
        name: entry_id
        async for entry_id, fields in pages(client, keys.backfill)
        if (name := upload_of(fields))
    }
    queued = {name async for _, fields in pages(client, keys.stream) if (name := upload_of(fields))}
    letters = {each.upload_id: each async for each in dead_letters(client, keys) if each.upload_id}
    return Whereabouts(frozenset(queued), archived, postponed, letters)


async def retry_would(
    database: Database, place: Whereabouts, upload_id: str, *, again: bool = False
) -> Result:
    """What `retry` would come to, and nothing done."""
    return (await _decide(database, place, upload_id, again=again))[1]


async def retry(
    client: Client,
    keys: Keys,
    database: Database,
    place: Whereabouts,
    upload_id: str,
    *,
    again: bool = False,
) -> Result:
    """Have an upload read: again where it failed or was cancelled, now where it waits for a retry.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        place: where uploads stand, looked up a moment ago.
        upload_id: the upload.
        again: also where it was read, so long as nobody has confirmed its card.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        RedisError: Redis does not answer; the reconciler publishes what is reopened by then.
    """
    way, outlook = await _decide(database, place, upload_id, again=again)
    if way is None:
        return outlook
    if way is _Way.REPLAY:
        try:
            entry_id = await replay(client, keys, database, place.letters[upload_id])
        except ReplayError as error:
            return Result(upload_id, Effect.REFUSED, str(error))
        return Result(upload_id, Effect.DONE, outlook.text, entry_id)
    if way is _Way.HASTEN:
        # XX: a member that is gone meanwhile has come due by itself.
        await client.zadd(keys.retry, {place.postponed[upload_id]: 0}, xx=True)
        return outlook
    if way is _Way.OVERTAKE:
        moved = await overtake(client, keys, place.archived[upload_id])
        return Result(upload_id, Effect.DONE, outlook.text, moved)
    if way is _Way.READ_AGAIN and not await reopen(database, upload_id):
        return Result(upload_id, Effect.REFUSED, "A person has confirmed its card meanwhile.")
    cause = Cause.REPLAYED if way is _Way.READ_AGAIN else Cause.RECONCILED
    with spans.sending(Destination(keys.stream), upload_id):
        entry_id = await add_entry(client, keys, upload_id)
        await record_publication(database, upload_id, entry_id, spans.trace_id(), cause)
    return Result(upload_id, Effect.DONE, outlook.text, entry_id)


async def _decide(
    database: Database, place: Whereabouts, upload_id: str, *, again: bool
) -> tuple[_Way | None, Result]:
    upload = await get_upload(database, upload_id)
    if upload is None:
        return None, Result(upload_id, Effect.REFUSED, "No upload has this id.")
    match upload.status:
        case UploadStatus.UPLOADED | UploadStatus.PROCESSING:
            return _unfinished(place, upload_id)
        case UploadStatus.INITIATED:
            text = "The backend has not said yet that its file is there."
            return None, Result(upload_id, Effect.REFUSED, text)
        case UploadStatus.APPLIED:
            text = "A person has confirmed its card: no reading changes it."
            return None, Result(upload_id, Effect.REFUSED, text)
    card = await get_scorecard(database, upload_id)
    if card is not None and card.reviewed_at is not None:
        text = "A person has confirmed its card: no reading changes it."
        return None, Result(upload_id, Effect.REFUSED, text)
    if upload.status == UploadStatus.PARSED and not again:
        text = "It was read; --again has it read a second time, in place of the card that it has."
        return None, Result(upload_id, Effect.REFUSED, text)
    if upload_id in place.letters:
        return _Way.REPLAY, Result(
            upload_id, Effect.DONE, "Its dead letter is replayed, counted anew."
        )
    text = f"It was `{upload.status}`, and is read again."
    return _Way.READ_AGAIN, Result(upload_id, Effect.DONE, text)


def _unfinished(place: Whereabouts, upload_id: str) -> tuple[_Way | None, Result]:
    if upload_id in place.postponed:
        text = "It waited for its next try, which begins now."
        return _Way.HASTEN, Result(upload_id, Effect.DONE, text)
    if upload_id in place.queued:
        text = f"It is waiting or in work; see `cricksy-ocr why {upload_id}`."
        return None, Result(upload_id, Effect.NOTHING, text)
    if upload_id in place.archived:
        text = "It waited in an archive's queue, and now waits with what people upload."
        return _Way.OVERTAKE, Result(upload_id, Effect.DONE, text)
    text = "No entry named it; it is published again."
    return _Way.PUBLISH, Result(upload_id, Effect.DONE, text)
