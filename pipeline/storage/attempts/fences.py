"""Fences: of all the attempts at an upload, only the newest may write how it ended.

A process that slept through its lease and wakes still believes that the upload is its own. Its
fence is older than the one that its successor has taken, and by that it is refused.
"""

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

FIRST = 1
"""The fence of an upload's first attempt."""


@dataclass(frozen=True, slots=True)
class TakenFence:
    """The newest fence of an upload, held by the caller."""

    fence: int
    counted_from: int
    """Failures and deaths count for attempts with a higher fence than this."""
    reread_requested: bool
    """An operator wants a committed upload read again."""


@dataclass(frozen=True, slots=True)
class StaleFence:
    """Refused: a newer attempt had been opened. The refusal is recorded, nothing else written."""

    fence: int
    newest: int


# Takes the upload's next fence and keeps its row locked until the transaction ends.
_TAKE = """
INSERT INTO ocr_fences (upload_id, fence) VALUES (%s, 1)
ON CONFLICT (upload_id) DO UPDATE SET fence = ocr_fences.fence + 1
RETURNING fence, counted_from, reread_requested
"""


async def take_fence(
    connection: psycopg.AsyncConnection, upload_id: str
) -> psycopg.AsyncCursor[TakenFence]:
    """Takes the next fence; until the transaction ends nobody else opens or settles the upload.

    Returns:
        Its one row, still to be fetched: in a pipeline the next question travels with this one.
    """
    cursor = connection.cursor(row_factory=class_row(TakenFence))
    return await cursor.execute(_TAKE, (upload_id,))


# Locks the upload's fence, so that none newer can be taken before the transaction ends, and tells
# how the attempt stands: a commit whose answer was lost is asked for again.
_HOLD = """
SELECT ocr_fences.fence, ocr_attempts.outcome
FROM ocr_fences LEFT JOIN ocr_attempts
    ON ocr_attempts.upload_id = ocr_fences.upload_id AND ocr_attempts.fence = %(fence)s
WHERE ocr_fences.upload_id = %(upload_id)s
FOR UPDATE OF ocr_fences
"""

# Keeps the refusal for the audit, also where the newer attempt has already given this one up.
_RECORD_STALE = """
UPDATE ocr_attempts SET outcome = 'stale', finished_at = clock_timestamp()
WHERE upload_id = %(upload_id)s AND fence = %(fence)s
    AND (outcome IS NULL OR outcome = 'abandoned')
"""


@dataclass(frozen=True, slots=True)
class AskedFence:
    """An upload's fence is locked; whether it is the attempt's own is still to be fetched."""

    upload_id: str
    fence: int
    """Of the attempt."""
    _connection: psycopg.AsyncConnection
    _cursor: psycopg.AsyncCursor

    async def held(self) -> StaleFence | str | None:
        """Fetches it, and records the refusal where a newer one has been taken.

        Returns:
            None when the attempt is open and may be settled, its outcome when it has one already,
            or the refusal.
        """
        newest, outcome = await self._cursor.fetchone() or (0, None)
        if newest == self.fence:
            return None if outcome is None else str(outcome)
        parameters = {"upload_id": self.upload_id, "fence": self.fence}
        await self._connection.execute(_RECORD_STALE, parameters)
        return StaleFence(self.fence, newest)


async def ask_for_fence(
    connection: psycopg.AsyncConnection, upload_id: str, fence: int
) -> AskedFence:
    """Locks the upload; in a pipeline the next question travels with this one."""
    parameters = {"upload_id": upload_id, "fence": fence}
    cursor = await connection.execute(_HOLD, parameters)
    return AskedFence(upload_id, fence, connection, cursor)


async def hold_fence(
    connection: psycopg.AsyncConnection, upload_id: str, fence: int
) -> StaleFence | str | None:
    """Locks the upload, and tells at once what `AskedFence.held` does."""
    return await (await ask_for_fence(connection, upload_id, fence)).held()
