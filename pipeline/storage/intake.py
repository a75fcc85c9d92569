"""The backend's side of an upload: begun before its picture is there, and applied by a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_json, storable_text
from pipeline.storage.uploads import NewUpload


@dataclass(frozen=True, slots=True)
class UploadState:
    """An upload as the backend's frontend sees it."""

    upload_id: str
    status: str
    filename: str
    game_id: str | None
    parsed_preview: Mapping[str, object] | None
    error_message: str | None
    created_at: datetime | None
    updated_at: datetime | None
    processed_at: datetime | None
    applied_at: datetime | None


# Begins an upload whose picture is still to come.
_INITIATE = """
INSERT INTO uploads (
    id, game_id, user_id, filename, content_type, file_size, s3_bucket, s3_key, presigned_url,
    status, retry_count, created_at, updated_at
) VALUES (
    %(id)s, %(game_id)s, %(user_id)s, %(filename)s, %(content_type)s, 0, %(bucket)s, %(key)s,
    %(presigned_url)s, 'initiated', 0, now(), now()
)
"""


async def initiate_upload(database: Database, upload: NewUpload, presigned_url: str) -> None:
    """Record an upload as `initiated`; its size is not known yet, and is 0 there."""
    optional = {
        "game_id": storable_text(upload.game_id) if upload.game_id else None,
        "user_id": storable_text(upload.user_id) if upload.user_id else None,
    }
    parameters = {
        "id": upload.id,
        "filename": storable_text(upload.filename),
        "content_type": upload.content_type,
        "bucket": upload.bucket,
        "key": storable_text(upload.key),
        "presigned_url": presigned_url,
        **optional,
    }
    async with database.transaction() as connection:
        await connection.execute(_INITIATE, parameters)


# One upload as the backend's frontend asks for it.
_STATE = """
SELECT id::text AS upload_id, status::text AS status, coalesce(filename, '') AS filename, game_id,
    parsed_preview, error_message, created_at, updated_at, processed_at, applied_at
FROM uploads WHERE id = %s
"""


async def upload_state(database: Database, upload_id: str) -> UploadState | None:
    """How an upload stands, with its reading; None where there is no such row."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(UploadState)) as cursor,
    ):
        await cursor.execute(_STATE, (storable_text(upload_id),))
        return await cursor.fetchone()


# What a person has confirmed, with what they have changed of it, where there is no card to confirm:
# the upload was read before this software came.
_APPLY = """
UPDATE uploads SET status = 'applied', applied_at = now(), updated_at = now(),
    parsed_preview = (
        coalesce(parsed_preview::jsonb, '{}'::jsonb) || coalesce(%(changed)s::jsonb, '{}'::jsonb)
    )::json
WHERE id = %(upload_id)s AND status = 'parsed'
    AND NOT EXISTS (SELECT FROM scorecards WHERE upload_id = %(upload_id)s)
"""


async def apply_without_card(
    database: Database, upload_id: str, changed: Mapping[str, object]
) -> bool:
    """Make a reading official that has no scorecard; returns False where there is none such.

    Args:
        database: PostgreSQL.
        upload_id: the upload.
        changed: keys of the preview as the person has corrected them.
    """
    parameters = {
        "upload_id": storable_text(upload_id),
        "changed": storable_json(changed) if changed else None,
    }
    async with database.transaction() as connection:
        return (await connection.execute(_APPLY, parameters)).rowcount == 1
