"""Recording uploads by the page: one statement for a thousand rows."""

from collections.abc import Sequence
from datetime import timedelta

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text
from pipeline.storage.uploads import NewUpload

_LARGEST = 2**31 - 1
"""What the column of the backend's table holds; no file of that size is read."""

# Records what is not there yet. Whose id is there was recorded by an earlier run, or by one that
# runs at the same time: only one of them is given it here, and publishes it.
_RECORD = """
INSERT INTO uploads (
    id, filename, content_type, file_size, s3_bucket, s3_key, status, retry_count, created_at,
    updated_at
)
SELECT id, filename, content_type, file_size, bucket, key, 'uploaded', 0, now(), now()
FROM unnest(
    %(ids)s::text[], %(filenames)s::text[], %(content_types)s::text[], %(file_sizes)s::int[],
    %(buckets)s::text[], %(keys)s::text[]
) AS page (id, filename, content_type, file_size, bucket, key)
ON CONFLICT (id) DO NOTHING
RETURNING id
"""

# Their entries are to wait behind all others.
_NOTE_BACKFILL = """
INSERT INTO ocr_backfill (upload_id) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING
"""


async def record_uploads(
    database: Database, uploads: Sequence[NewUpload], *, backfill: bool
) -> set[str]:
    """Records stored pictures as `uploaded`, all in one transaction.

    Args:
        database: PostgreSQL.
        uploads: the pictures; game and user of an archive's are not known.
        backfill: whether they are of an archive, and wait behind all others.

    Returns:
        The ids that were not there before: it is on the caller to publish these.
    """
    parameters = {
        "ids": [storable_text(each.id) for each in uploads],
        "filenames": [storable_text(each.filename) for each in uploads],
        "content_types": [storable_text(each.content_type) for each in uploads],
        "file_sizes": [min(each.file_size, _LARGEST) for each in uploads],
        "buckets": [each.bucket for each in uploads],
        "keys": [storable_text(each.key) for each in uploads],
    }
    async with database.transaction() as connection:
        cursor = await connection.execute(_RECORD, parameters)
        new = [upload_id for (upload_id,) in await cursor.fetchall()]
        if backfill:
            await connection.execute(_NOTE_BACKFILL, (new,))
    return set(new)


# Recorded, and not told of any entry since: whoever recorded them is at it, or has died over it.
_UNANNOUNCED = """
SELECT id, now() - coalesce(updated_at, created_at, now()) FROM uploads
WHERE id = ANY(%s) AND status = 'uploaded'
    AND NOT EXISTS (SELECT FROM ocr_publications WHERE upload_id = uploads.id)
"""


async def unannounced_uploads(
    database: Database, upload_ids: Sequence[str]
) -> dict[str, timedelta]:
    """Which of these uploads no publication is known of, and how long ago each was recorded."""
    async with database.transaction() as connection:
        cursor = await connection.execute(_UNANNOUNCED, (list(upload_ids),))
        return dict(await cursor.fetchall())
