"""The backend's table `uploads`: one row a picture, and where it stands."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from psycopg.rows import class_row

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text


class UploadStatus(StrEnum):
    """The states of an upload that this software knows; a backend's own type may have more."""

    INITIATED = "initiated"
    UPLOADED = "uploaded"
    PROCESSING = "processing"
    PARSED = "parsed"
    APPLIED = "applied"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A picture that has just been stored."""

    id: str
    filename: str
    content_type: str
    file_size: int
    """Bytes."""
    bucket: str
    key: str
    game_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A row of `uploads`; the empty string stands for a null text."""

    id: str
    filename: str
    content_type: str
    file_size: int | None
    """Bytes."""
    bucket: str
    key: str
    game_id: str | None
    user_id: str | None
    status: str
    """An `UploadStatus`, or a value that only the backend knows."""
    error_message: str | None
    retry_count: int
    created_at: datetime | None
    updated_at: datetime | None
    processed_at: datetime | None


# Records a stored picture. A row that the backend has initiated is moved on; one that is further
# already is left alone, so that recording twice changes nothing.
_RECORD = """
INSERT INTO uploads (
    id, game_id, user_id, filename, content_type, file_size, s3_bucket, s3_key,
    status, retry_count, created_at, updated_at
) VALUES (
    %(id)s, %(game_id)s, %(user_id)s, %(filename)s, %(content_type)s, %(file_size)s, %(bucket)s,
    %(key)s, 'uploaded', 0, now(), now()
)
ON CONFLICT (id) DO UPDATE SET
    status = 'uploaded', content_type = excluded.content_type, file_size = excluded.file_size,
    s3_bucket = excluded.s3_bucket, s3_key = excluded.s3_key, updated_at = now()
WHERE uploads.status = 'initiated'
"""


async def record_upload(database: Database, upload: NewUpload) -> bool:
    """Records a stored picture as `uploaded`; returns False where its row was further already."""
    parameters = {
        "id": storable_text(upload.id),
        "filename": storable_text(upload.filename),
        "content_type": storable_text(upload.content_type),
        "file_size": upload.file_size,
        "bucket": upload.bucket,
        "key": storable_text(upload.key),
        "game_id": upload.game_id,
        "user_id": upload.user_id,
    }
    async with database.transaction() as connection:
        cursor = await connection.execute(_RECORD, parameters)
        return cursor.rowcount == 1


# One upload as this software sees it.
_GET = """
SELECT id, coalesce(filename, '') AS filename, coalesce(content_type, '') AS content_type,
    file_size, coalesce(s3_bucket, '') AS bucket, coalesce(s3_key, '') AS key, game_id, user_id,
    status::text AS status, error_message, coalesce(retry_count, 0) AS retry_count,
    created_at, updated_at, processed_at
FROM uploads WHERE id = %s
"""


async def get_upload(database: Database, upload_id: str) -> Upload | None:
    """The upload's row, or None where there is none."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Upload)) as cursor,
    ):
        await cursor.execute(_GET, (storable_text(upload_id),))
        return await cursor.fetchone()


# Where several uploads stand and what was said of it, in one look.
_STANDINGS = "SELECT id, status::text, error_message FROM uploads WHERE id = ANY(%s)"


async def upload_standings(
    database: Database, upload_ids: Iterable[str]
) -> dict[str, tuple[str, str | None]]:
    """Status and error message of each upload that has a row, by its id."""
    wanted = [storable_text(upload_id) for upload_id in upload_ids]
    async with database.transaction() as connection:
        rows = await (await connection.execute(_STANDINGS, (wanted,))).fetchall()
    return {upload_id: (status, error) for upload_id, status, error in rows}


async def upload_statuses(database: Database, upload_ids: Iterable[str]) -> dict[str, str]:
    """The status of each upload that has a row, by its id."""
    standings = await upload_standings(database, upload_ids)
    return {upload_id: status for upload_id, (status, _) in standings.items()}


COUNTED = 10_000
"""Uploads of one status that are counted where people wait for the figure: to count millions takes
seconds."""

# How many uploads stand where, as far as they are counted. Each status is found behind the one
# before, by the index that begins with it.
_COUNT_BY_STATUS = """
WITH RECURSIVE statuses AS (
    (SELECT status FROM uploads ORDER BY status LIMIT 1)
    UNION ALL
    SELECT (SELECT status FROM uploads WHERE status > statuses.status ORDER BY status LIMIT 1)
    FROM statuses WHERE status IS NOT NULL
)
SELECT status::text, (
    SELECT count(*) FROM (
        SELECT FROM uploads WHERE status = statuses.status LIMIT %(counted)s
    ) AS counted
) FROM statuses WHERE status IS NOT NULL
"""


async def count_by_status(database: Database, *, counted: int = COUNTED) -> dict[str, int]:
    """How many uploads there are in each status that occurs.

    Args:
        database: PostgreSQL.
        counted: of one status; a status with this number may have more.
    """
    async with database.transaction() as connection:
        cursor = await connection.execute(_COUNT_BY_STATUS, {"counted": counted})
        return dict(await cursor.fetchall())


# What ought to have an entry in Redis: neither finished nor touched for a while.
_UNFINISHED = """
SELECT id FROM uploads
WHERE status IN ('uploaded', 'processing')
    AND coalesce(updated_at, created_at) <= now() - %(older_than)s
    AND (%(among)s::text[] IS NULL OR id = ANY(%(among)s))
"""
_STREAMED = 1000
"""Rows that come at once: they keep the event loop for a millisecond."""


async def unfinished_uploads(
    database: Database, *, older_than: timedelta, among: Iterable[str] | None = None
) -> AsyncIterator[str]:
    """Ids of uploads that are `uploaded` or `processing`, in no order, as they come from one scan.

    The transaction lasts until the last one is taken.

    Args:
        database: PostgreSQL.
        older_than: leaves out what was changed more recently.
        among: only these; all where None.
    """
    parameters = {"older_than": older_than, "among": None if among is None else list(among)}
    async with database.transaction() as connection, connection.cursor() as cursor:
        async for (upload_id,) in cursor.stream(_UNFINISHED, parameters, size=_STREAMED):
            yield upload_id


# Cancels what is not finished; its entry is skipped when it comes.
_CANCEL = """
UPDATE uploads SET status = 'cancelled', updated_at = now()
WHERE id = %s AND status IN ('initiated', 'uploaded', 'processing')
"""


async def cancel_upload(database: Database, upload_id: str) -> bool:
    """Cancels an upload that is not finished; returns False where it is, or has no row."""
    async with database.transaction() as connection:
        cursor = await connection.execute(_CANCEL, (storable_text(upload_id),))
        return cursor.rowcount == 1
