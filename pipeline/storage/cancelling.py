"""Cancelling: uploads that are not to be read after all.

Their entries are never deleted, for that would make the group's lag unknown: an entry whose upload
is cancelled is only acknowledged when its turn comes.
"""

from collections.abc import Collection, Sequence

from pipeline.storage.canaries import CANARY
from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text
from pipeline.storage.uploads import UploadStatus

UNFINISHED = (UploadStatus.INITIATED, UploadStatus.UPLOADED, UploadStatus.PROCESSING)
WAITING = (UploadStatus.UPLOADED,)

# In the order in which attempts lock: the fence before the upload. By id: two that cancel the same
# uploads wait for each other, and not both.
_LOCK = "SELECT FROM ocr_fences WHERE upload_id = ANY(%(ids)s) ORDER BY upload_id FOR UPDATE"

# Its entry is skipped when it comes, and the commit of an attempt in work is refused.
_CANCEL = """
UPDATE uploads SET status = 'cancelled', updated_at = now()
WHERE id = ANY(%(ids)s) AND status::text = ANY(%(statuses)s)
    AND NOT EXISTS (SELECT FROM scorecards WHERE upload_id = uploads.id::text)
RETURNING id::text
"""

# One that waits to be read again keeps the card that it has.
_KEEP = """
UPDATE uploads SET status = 'parsed', updated_at = now()
WHERE id = ANY(%(ids)s) AND status = 'uploaded' AND status::text = ANY(%(statuses)s)
    AND EXISTS (SELECT FROM scorecards WHERE upload_id = uploads.id::text)
RETURNING id::text
"""

_FORGET_WISH = "UPDATE ocr_fences SET reread_requested = false WHERE upload_id = ANY(%s)"


async def cancel_uploads(
    database: Database,
    upload_ids: Sequence[str],
    statuses: Collection[UploadStatus] = UNFINISHED,
) -> dict[str, UploadStatus]:
    """Cancel the uploads that have one of these statuses, in one transaction.

    Returns:
        The new status of each that was changed: `cancelled`, or `parsed` for one that has a card
        already and only waited to be read again.
    """
    parameters = {
        "ids": [storable_text(each) for each in upload_ids],
        "statuses": [str(each) for each in statuses],
    }
    async with database.transaction() as connection:
        await connection.execute(_LOCK, parameters)
        cancelled = await (await connection.execute(_CANCEL, parameters)).fetchall()
        kept = [each for (each,) in await (await connection.execute(_KEEP, parameters)).fetchall()]
        if kept:
            await connection.execute(_FORGET_WISH, (kept,))
    return {each: UploadStatus.CANCELLED for (each,) in cancelled} | dict.fromkeys(
        kept, UploadStatus.PARSED
    )


# What waits to be read, canaries left out.
_WAITING = """
SELECT id::text FROM uploads
WHERE status = 'uploaded' AND NOT starts_with(id::text, %(canary)s) AND id::text > %(after)s
ORDER BY id::text LIMIT %(limit)s
"""


async def waiting_uploads(database: Database, *, after: str = "", limit: int = 1000) -> list[str]:
    """Ids of a page of the uploads that wait to be read, or to be read again, by their ids."""
    parameters = {"canary": CANARY, "after": after, "limit": limit}
    async with database.transaction() as connection:
        cursor = await connection.execute(_WAITING, parameters)
        return [upload_id for (upload_id,) in await cursor.fetchall()]


_COUNT = """
SELECT count(*) FROM uploads
WHERE status = 'uploaded' AND NOT starts_with(id::text, %s)
"""


async def count_waiting(database: Database) -> int:
    """How many uploads wait to be read, or to be read again."""
    async with database.transaction() as connection:
        row = await (await connection.execute(_COUNT, (CANARY,))).fetchone()
    return int(row[0]) if row else 0
