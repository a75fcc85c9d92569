"""The commit: scorecard, upload and attempt in one transaction, or none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from pipeline.errors import UploadMissing
from pipeline.storage.attempts import Cancelled, Outcome
from pipeline.storage.attempts.fences import StaleFence, ask_for_fence
from pipeline.storage.attempts.settling import Stages, finish_attempt
from pipeline.storage.database import Database
from pipeline.storage.digests import keep_digest
from pipeline.storage.storable import json_with, storable_json, storable_text
from pipeline.storage.uploads import UploadStatus


@dataclass(frozen=True, slots=True)
class Committed:
    """The scorecard is in PostgreSQL."""

    revision: int
    """1 for the first reading of the upload."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Refused: a person has reviewed the card, which no reading overwrites."""

    fence: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A committed scorecard."""

    upload_id: str
    document: Mapping[str, object]
    pipeline_version: str
    verified: bool
    revision: int
    committed_at: datetime
    reviewed_at: datetime | None


Commitment = Committed | StaleFence | Reviewed | Cancelled


async def commit(
    database: Database,
    upload_id: str,
    fence: int,
    *,
    document: Mapping[str, object],
    verified: bool,
    pipeline_version: str,
    preview: Mapping[str, object],
    stages: Stages = (),
    digest: bytes | None = None,
) -> Commitment:
    """Writes a reading, unless its fence is old, the card reviewed or the upload cancelled.

    What refuses it is recorded as the attempt's outcome, and nothing else is written. Committing
    the same fence again, because the first answer was lost, changes nothing.

    Args:
        database: PostgreSQL.
        upload_id: the upload.
        fence: as the attempt was opened with.
        document: the scorecard document of the contract.
        verified: every equation that the picture supports holds.
        pipeline_version: of the software that read it.
        preview: what the backend's review page reads; `scorecard`, the document, is added to it.
        stages: what ran.
        digest: SHA-256 of the picture, by which it is known when it comes again.

    Raises:
        UploadMissing: the upload's row has gone since the attempt was opened; nothing is written.
        DatabaseUnavailable: whether it was written is not known; commit again.
    """
    written = storable_json(document)
    parameters = {
        "upload_id": upload_id,
        "document": written,
        "pipeline_version": storable_text(pipeline_version),
        "verified": verified,
        "preview": json_with(preview, "scorecard", written),
    }
    async with database.transaction(pipelined=True) as connection:
        asked = await ask_for_fence(connection, upload_id, fence)
        statuses = await connection.execute(_STATUS, (upload_id,))
        held = await asked.held()
        if isinstance(held, StaleFence):
            return held
        if held is not None:
            return await _repeat(connection, upload_id, fence, held)
        answer = await _write(connection, await statuses.fetchone(), fence, parameters)
        if digest is not None and isinstance(answer, Committed):
            await keep_digest(connection, upload_id, digest)
        await finish_attempt(connection, upload_id, fence, _OUTCOMES[type(answer)], stages=stages)
        return answer


_OUTCOMES = {
    Committed: Outcome.COMMITTED,
    Reviewed: Outcome.REVIEWED,
    Cancelled: Outcome.CANCELLED,
}


# The upload's status, locked until the card is written: no cancellation comes in between.
_STATUS = "SELECT status::text FROM uploads WHERE id = %s FOR NO KEY UPDATE"

# Writes the card; touches no row, and so returns none, where a person has reviewed it.
_UPSERT = """
INSERT INTO scorecards (upload_id, document, pipeline_version, verified)
VALUES (%(upload_id)s, %(document)s, %(pipeline_version)s, %(verified)s)
ON CONFLICT (upload_id) DO UPDATE SET
    document = excluded.document, pipeline_version = excluded.pipeline_version,
    verified = excluded.verified, revision = scorecards.revision + 1,
    committed_at = clock_timestamp()
WHERE scorecards.reviewed_at IS NULL
RETURNING revision
"""

# Hands the card to the backend's review page. `applied` is for people alone.
_MARK_PARSED = """
UPDATE uploads SET status = 'parsed', parsed_preview = %(preview)s, error_message = NULL,
    processed_at = now(), updated_at = now()
WHERE id = %(upload_id)s
"""

# The wish to have it read again is fulfilled.
_SETTLE_FENCE = """
UPDATE ocr_fences SET counted_from = fence, reread_requested = false
WHERE upload_id = %(upload_id)s
"""

# Both at once.
_SETTLE = f"WITH settled AS ({_SETTLE_FENCE}) {_MARK_PARSED}"


async def _write(
    connection: psycopg.AsyncConnection,
    status: tuple[str] | None,
    fence: int,
    card: Mapping[str, object],
) -> Committed | Reviewed | Cancelled:
    """Writes the card, given as the statements' parameters, and the upload."""
    if status is None:
        raise UploadMissing(f"Upload {card['upload_id']} was deleted while it was read.")
    if status[0] == UploadStatus.CANCELLED:
        return Cancelled(fence)
    if status[0] == UploadStatus.APPLIED:
        return Reviewed(fence)
    written = await (await connection.execute(_UPSERT, card)).fetchone()
    if written is None:
        return Reviewed(fence)
    await connection.execute(_SETTLE, card)
    return Committed(written[0])


# Which revision the attempt had written.
_REVISION = "SELECT revision FROM scorecards WHERE upload_id = %s"


async def _repeat(
    connection: psycopg.AsyncConnection, upload_id: str, fence: int, outcome: str
) -> Committed | Reviewed | Cancelled:
    """The answer that was given when this attempt was settled."""
    if outcome == Outcome.REVIEWED:
        return Reviewed(fence)
    if outcome == Outcome.CANCELLED:
        return Cancelled(fence)
    if outcome == Outcome.COMMITTED:
        row = await (await connection.execute(_REVISION, (upload_id,))).fetchone()
        if row is not None:
            return Committed(row[0])
    raise ValueError(f"Attempt {fence} of upload {upload_id} has already ended as {outcome}.")


# One card with its history.
_GET = """
SELECT upload_id, document, pipeline_version, verified, revision, committed_at, reviewed_at
FROM scorecards WHERE upload_id = %s
"""


async def get_scorecard(database: Database, upload_id: str) -> Scorecard | None:
    """The upload's scorecard, or None while there is none."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Scorecard)) as cursor,
    ):
        await cursor.execute(_GET, (storable_text(upload_id),))
        return await cursor.fetchone()
