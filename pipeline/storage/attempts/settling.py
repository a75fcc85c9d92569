"""How attempts end without a scorecard: tried again, given up, handed back, opened anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg

from pipeline.storage.attempts.fences import StaleFence, hold_fence
from pipeline.storage.attempts.outcome import Outcome
from pipeline.storage.database import Database
from pipeline.storage.storable import storable_json, storable_text

Stages = Sequence[Mapping[str, object]]
"""What ran, in order: name, start, seconds and what else the stage tells."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The attempt's end is recorded."""

    transient_failures: int
    """Of the upload, since it was last settled or replayed."""


# Writes an open attempt's end.
_FINISH = """
UPDATE ocr_attempts SET outcome = %(outcome)s, error_code = %(error_code)s, error = %(error)s,
    stages = %(stages)s, finished_at = clock_timestamp()
WHERE upload_id = %(upload_id)s AND fence = %(fence)s
"""


async def finish_attempt(
    connection: psycopg.AsyncConnection,
    upload_id: str,
    fence: int,
    outcome: Outcome,
    *,
    error_code: str | None = None,
    error: str | None = None,
    stages: Stages = (),
) -> None:
    """Writes the end of an attempt whose fence the transaction holds."""
    parameters = {
        "upload_id": upload_id,
        "fence": fence,
        "outcome": outcome,
        "error_code": error_code,
        "error": None if error is None else storable_text(error),
        "stages": storable_json(stages),
    }
    await connection.execute(_FINISH, parameters)


# Waits for its next try, and says so: `processing` is only what somebody works on.
_BACK_TO_UPLOADED = """
UPDATE uploads
SET status = 'uploaded', retry_count = coalesce(retry_count, 0) + %(failures)s, updated_at = now()
WHERE id = %(upload_id)s AND status = 'processing'
"""


async def mark_retry(
    database: Database,
    upload_id: str,
    fence: int,
    *,
    error_code: str,
    error: str,
    stages: Stages = (),
) -> Settled | StaleFence:
    """Records a transient failure; the upload goes back to `uploaded` until it is tried again."""
    async with database.transaction() as connection:
        held = await hold_fence(connection, upload_id, fence)
        if isinstance(held, StaleFence):
            return held
        if held is None:
            await finish_attempt(
                connection,
                upload_id,
                fence,
                Outcome.RETRY,
                error_code=error_code,
                error=error,
                stages=stages,
            )
            await connection.execute(_BACK_TO_UPLOADED, {"upload_id": upload_id, "failures": 1})
        return Settled(await count_transient_failures(connection, upload_id))


# The upload has failed. One that a person cancelled or confirmed meanwhile stays as it is, and one
# whose earlier scorecard stands keeps it: only its second reading has failed.
_MARK_FAILED = """
UPDATE uploads SET status = 'failed', error_message = %(error)s, processed_at = now(),
    updated_at = now()
WHERE id = %(upload_id)s AND status NOT IN ('applied', 'cancelled')
    AND NOT EXISTS (SELECT FROM scorecards WHERE upload_id = %(upload_id)s)
"""

# The second reading has failed: the card of the first one stands.
_BACK_TO_PARSED = """
UPDATE uploads SET status = 'parsed', updated_at = now()
WHERE id = %(upload_id)s AND status IN ('uploaded', 'processing')
    AND EXISTS (SELECT FROM scorecards WHERE upload_id = %(upload_id)s)
"""

# What comes after a settlement is counted from nought.
_SETTLE_FENCE = """
UPDATE ocr_fences SET counted_from = fence, reread_requested = false WHERE upload_id = %s
"""


async def mark_dead(
    database: Database,
    upload_id: str,
    fence: int,
    *,
    error_code: str,
    error: str,
    stages: Stages = (),
) -> Settled | StaleFence:
    """Records the failure that ends the upload: status `failed`, with the sentence for people."""
    async with database.transaction() as connection:
        held = await hold_fence(connection, upload_id, fence)
        if isinstance(held, StaleFence):
            return held
        failures = await count_transient_failures(connection, upload_id)
        if held is None:
            await finish_attempt(
                connection,
                upload_id,
                fence,
                Outcome.DEAD,
                error_code=error_code,
                error=error,
                stages=stages,
            )
            parameters = {"upload_id": upload_id, "error": storable_text(error)}
            await connection.execute(_MARK_FAILED, parameters)
            await connection.execute(_BACK_TO_PARSED, parameters)
            await connection.execute(_SETTLE_FENCE, (upload_id,))
        return Settled(failures)


async def release_attempt(
    database: Database, upload_id: str, fence: int, *, stages: Stages = ()
) -> Settled | StaleFence:
    """Records that a leaving replica hands the entry back: neither a failure nor a death."""
    async with database.transaction() as connection:
        held = await hold_fence(connection, upload_id, fence)
        if isinstance(held, StaleFence):
            return held
        if held is None:
            await finish_attempt(connection, upload_id, fence, Outcome.RELEASED, stages=stages)
            await connection.execute(_BACK_TO_UPLOADED, {"upload_id": upload_id, "failures": 0})
        return Settled(await count_transient_failures(connection, upload_id))


# Transient failures since the upload was last settled or replayed.
_COUNT_TRANSIENT = """
SELECT count(*) FROM ocr_attempts JOIN ocr_fences USING (upload_id)
WHERE upload_id = %s AND outcome = 'retry' AND ocr_attempts.fence > ocr_fences.counted_from
"""


async def count_transient_failures(connection: psycopg.AsyncConnection, upload_id: str) -> int:
    """How often the upload has failed transiently since it was last settled or replayed."""
    row = await (await connection.execute(_COUNT_TRANSIENT, (upload_id,))).fetchone()
    return int(row[0]) if row else 0


# Locks the upload's fence, which an upload that was never delivered does not have yet.
_LOCK_FENCE = """
INSERT INTO ocr_fences (upload_id, fence) SELECT id, 0 FROM uploads WHERE id = %s
ON CONFLICT (upload_id) DO UPDATE SET fence = ocr_fences.fence
"""

# Back to the start, unless a person has confirmed the card.
_REOPEN = """
UPDATE uploads SET status = 'uploaded', error_message = NULL, updated_at = now()
WHERE id = %(upload_id)s AND status <> 'applied' AND NOT EXISTS (
    SELECT FROM scorecards WHERE upload_id = %(upload_id)s AND reviewed_at IS NOT NULL
)
"""

# Failures are counted from nought, and a card that is there is no reason to skip the next entry.
_REOPEN_FENCE = """
UPDATE ocr_fences SET counted_from = fence,
    reread_requested = EXISTS (SELECT FROM scorecards WHERE upload_id = %(upload_id)s)
WHERE upload_id = %(upload_id)s
"""


# Somebody waits for it now.
_LEAVE_ARCHIVE = "DELETE FROM ocr_backfill WHERE upload_id = %(upload_id)s"


async def reopen(database: Database, upload_id: str) -> bool:
    """Lets the upload be read again, as an operator asked; its entry is published after this.

    Returns:
        False, and nothing changed, where a person has confirmed the card or there is no such row.
    """
    parameters = {"upload_id": storable_text(upload_id)}
    async with database.transaction() as connection:
        await connection.execute(_LOCK_FENCE, (parameters["upload_id"],))
        reopened = (await connection.execute(_REOPEN, parameters)).rowcount == 1
        if reopened:
            await connection.execute(_REOPEN_FENCE, parameters)
            await connection.execute(_LEAVE_ARCHIVE, parameters)
    return reopened
