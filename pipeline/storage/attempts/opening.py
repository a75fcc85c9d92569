"""Opening an attempt: one delivery of an upload's entry, and what is to be done with it."""

from dataclasses import dataclass, replace

import psycopg
from psycopg.rows import class_row

from pipeline.errors import MalformedEntry, UploadMissing
from pipeline.storage.attempts.earlier import Earlier, attempt_before
from pipeline.storage.attempts.fences import FIRST, TakenFence, take_fence
from pipeline.storage.attempts.openings import (
    AlreadyCommitted,
    AlreadyDead,
    Cancelled,
    Opened,
    Opening,
)
from pipeline.storage.attempts.outcome import Outcome
from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text
from pipeline.storage.uploads import UploadStatus


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stream entry in the hands of a consumer."""

    upload_id: str
    entry_id: str
    consumer: str
    delivery: int
    """How often Redis has handed out the entry, this time included."""
    trace_id: str | None
    unrecorded: "Unrecorded | None" = None
    """How the attempt before ended, where PostgreSQL was away when that was to be written."""
    span_id: str | None = None
    """The span in which it is processed."""


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """The end of an earlier attempt: a transient failure, which is not yet on its row."""

    fence: int
    error_code: str
    error: str


async def open_attempt(database: Database, delivery: Delivery) -> Opening:
    """Takes the upload's next fence and records the delivery, in one transaction.

    An older attempt without an outcome is marked as abandoned: whoever had it can write nothing
    any more. Where nothing is to be read, the delivery's row is finished at once.

    Raises:
        UploadMissing: `uploads` has no such row; the delivery is recorded as dead.
        DatabaseUnavailable: nothing was written.
    """
    upload_id = storable_text(delivery.upload_id)
    async with database.transaction(pipelined=True) as connection:
        fences = await take_fence(connection, upload_id)
        standings = await _ask_standing(connection, upload_id)
        [taken], standing = await fences.fetchall(), await standings.fetchone()
        before = await _end_earlier(connection, delivery, upload_id, taken.fence)
        opening = await _decide(connection, upload_id, taken, standing)
        await _record(connection, upload_id, delivery, taken.fence, opening)
    if opening is None:
        raise UploadMissing(f"The entry names upload {upload_id}, which has no row in `uploads`.")
    return replace(opening, before=before)


async def _end_earlier(
    connection: psycopg.AsyncConnection, delivery: Delivery, upload_id: str, fence: int
) -> Earlier | None:
    """Closes what is open of the attempts before; gives the newest of them."""
    if fence == FIRST:
        return None
    if delivery.unrecorded is not None:
        await _record_late(connection, upload_id, delivery.unrecorded)
    abandoned = await (await connection.execute(_ABANDON_OLDER, (upload_id,))).fetchall()
    return await attempt_before(connection, upload_id, fence, abandoned=bool(abandoned))


@dataclass(frozen=True, slots=True)
class _Standing:
    """How an upload stands before an attempt is opened."""

    status: str
    bucket: str
    key: str
    filename: str
    content_type: str
    file_size: int | None
    revision: int | None


# The worker lived and failed: that is no death.
_RECORD_LATE = """
UPDATE ocr_attempts SET outcome = 'retry', error_code = %(error_code)s, error = %(error)s,
    finished_at = clock_timestamp()
WHERE upload_id = %(upload_id)s AND fence = %(fence)s AND outcome IS NULL
"""


async def _record_late(
    connection: psycopg.AsyncConnection, upload_id: str, unrecorded: Unrecorded
) -> None:
    parameters = {
        "upload_id": upload_id,
        "fence": unrecorded.fence,
        "error_code": storable_text(unrecorded.error_code),
        "error": storable_text(unrecorded.error),
    }
    await connection.execute(_RECORD_LATE, parameters)


# Closes what a vanished worker left open. Should it wake, its write is refused and recorded.
_ABANDON_OLDER = """
UPDATE ocr_attempts SET outcome = 'abandoned', finished_at = clock_timestamp()
WHERE upload_id = %s AND outcome IS NULL
RETURNING fence
"""

# How the upload stands; locked against a cancellation in between, but not against rows of the
# backend that refer to it.
_STANDING = """
SELECT status::text AS status, coalesce(s3_bucket, '') AS bucket, coalesce(s3_key, '') AS key,
    coalesce(filename, '') AS filename, coalesce(content_type, '') AS content_type, file_size,
    (SELECT revision FROM scorecards WHERE upload_id = %(upload_id)s) AS revision
FROM uploads WHERE id = %(upload_id)s
FOR NO KEY UPDATE
"""


async def _ask_standing(
    connection: psycopg.AsyncConnection, upload_id: str
) -> psycopg.AsyncCursor[_Standing]:
    cursor = connection.cursor(row_factory=class_row(_Standing))
    return await cursor.execute(_STANDING, {"upload_id": upload_id})


# The failure that ended the upload.
_DEATH = """
SELECT coalesce(error_code, ''), coalesce(error, ''), entry_id, fence FROM ocr_attempts
WHERE upload_id = %s AND outcome = 'dead' ORDER BY fence DESC LIMIT 1
"""

# What went wrong with the upload since it was last settled or replayed.
_COUNT_FAILURES = """
SELECT count(*) FILTER (WHERE outcome = 'retry'), count(*) FILTER (WHERE outcome = 'abandoned')
FROM ocr_attempts WHERE upload_id = %s AND fence > %s
"""

# The upload is in work.
_MARK_PROCESSING = "UPDATE uploads SET status = 'processing', updated_at = now() WHERE id = %s"

# A backend may have set `uploaded` only after its entry was read and committed.
_MARK_PARSED = """
UPDATE uploads SET status = 'parsed', updated_at = now()
WHERE id = %s AND status IN ('initiated', 'uploaded', 'processing')
"""


async def _decide(
    connection: psycopg.AsyncConnection,
    upload_id: str,
    taken: TakenFence,
    standing: _Standing | None,
) -> Opening | None:
    """What the delivery comes to; None where the upload has no row."""
    if standing is None:
        return None
    if standing.status == UploadStatus.CANCELLED:
        return Cancelled(taken.fence)
    committed = standing.revision is not None and not taken.reread_requested
    if committed or standing.status == UploadStatus.APPLIED:
        await connection.execute(_MARK_PARSED, (upload_id,))
        return AlreadyCommitted(taken.fence, standing.revision or 0)
    if standing.status == UploadStatus.FAILED:
        death = await (await connection.execute(_DEATH, (upload_id,))).fetchone()
        # Without a death of ours the backend has set the status: the new entry is its wish.
        if death is not None:
            return AlreadyDead(taken.fence, *death)
    transient_failures, deaths = await _failures(connection, upload_id, taken)
    await connection.execute(_MARK_PROCESSING, (upload_id,))
    return Opened(
        taken.fence,
        standing.bucket,
        standing.key,
        standing.filename,
        standing.content_type,
        standing.file_size,
        transient_failures,
        deaths,
    )


async def _failures(
    connection: psycopg.AsyncConnection, upload_id: str, taken: TakenFence
) -> tuple[int, int]:
    """Transient failures and deaths."""
    if taken.fence == FIRST:
        return 0, 0
    cursor = await connection.execute(_COUNT_FAILURES, (upload_id, taken.counted_from))
    return await cursor.fetchone() or (0, 0)


# One row a delivery; finished at once where it has an outcome.
_INSERT = """
INSERT INTO ocr_attempts (
    upload_id, fence, entry_id, consumer, delivery, trace_id, started_at, finished_at,
    outcome, error_code, error, span_id
) VALUES (
    %(upload_id)s, %(fence)s, %(entry_id)s, %(consumer)s, %(delivery)s, %(trace_id)s,
    clock_timestamp(), CASE WHEN %(outcome)s::text IS NOT NULL THEN clock_timestamp() END,
    %(outcome)s, %(error_code)s, %(error)s, %(span_id)s
)
"""

# An upload that nobody's ledger names was announced by a plain XADD; so was one that is opened
# after its death though nobody has asked for it since: its backend has set it back.
_OBSERVE = """
INSERT INTO ocr_publications (upload_id, entry_id, trace_id, cause)
SELECT %(upload_id)s, %(entry_id)s, %(trace_id)s, 'observed'
WHERE NOT EXISTS (SELECT FROM ocr_publications WHERE upload_id = %(upload_id)s)
    OR %(outcome)s::text IS NULL AND (
        SELECT max(finished_at) FROM ocr_attempts
        WHERE upload_id = %(upload_id)s AND outcome = 'dead'
    ) > (
        SELECT max(published_at) FROM ocr_publications
        WHERE upload_id = %(upload_id)s AND cause <> 'reconciled'
    )
ON CONFLICT DO NOTHING
"""

# Both at once: neither sees what the other writes, and needs not.
_RECORD = f"WITH recorded AS ({_INSERT}) {_OBSERVE}"


async def _record(
    connection: psycopg.AsyncConnection,
    upload_id: str,
    delivery: Delivery,
    fence: int,
    opening: Opening | None,
) -> None:
    outcome, error_code, error = _conclusion(opening)
    parameters = {
        "upload_id": upload_id,
        "fence": fence,
        "entry_id": delivery.entry_id,
        "consumer": delivery.consumer,
        "delivery": delivery.delivery,
        "trace_id": delivery.trace_id,
        "outcome": outcome,
        "error_code": error_code,
        "error": error,
        "span_id": delivery.span_id,
    }
    await connection.execute(_RECORD, parameters)


def _conclusion(opening: Opening | None) -> tuple[Outcome | None, str | None, str | None]:
    """Outcome, error code and error of a delivery; all None while it is open."""
    match opening:
        case None:
            return Outcome.DEAD, UploadMissing.code, str(UploadMissing())
        case AlreadyCommitted():
            return Outcome.DUPLICATE, None, None
        case AlreadyDead(error_code=error_code, error=error):
            return Outcome.DUPLICATE, error_code, error
        case Cancelled():
            return Outcome.CANCELLED, None, None
        case Opened():
            return None, None, None


async def record_malformed(
    database: Database,
    *,
    entry_id: str,
    consumer: str,
    delivery: int,
    trace_id: str | None,
    error: str,
) -> None:
    """Records the delivery of an entry that names no upload, as dead."""
    parameters = {
        "upload_id": None,
        "fence": None,
        "entry_id": entry_id,
        "consumer": consumer,
        "delivery": delivery,
        "trace_id": trace_id,
        "outcome": Outcome.DEAD,
        "error_code": MalformedEntry.code,
        "error": storable_text(error),
        "span_id": None,
    }
    async with database.transaction() as connection:
        await connection.execute(_INSERT, parameters)
