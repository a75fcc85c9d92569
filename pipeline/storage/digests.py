"""What pictures are made of (SHA-256): one that comes a second time is known again."""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """A reading of the same picture under another upload."""

    upload_id: str
    filename: str
    status: str
    """`parsed` or `applied`."""
    processed_at: datetime | None


# Keeps the digest of an upload's bytes; noting it again changes nothing.
_RECORD = """
INSERT INTO ocr_digests (upload_id, sha256) VALUES (%(upload_id)s, %(sha256)s)
ON CONFLICT (upload_id) DO UPDATE SET sha256 = excluded.sha256
"""


async def record_digest(database: Database, upload_id: str, sha256: bytes) -> None:
    """Keep what an upload's picture is made of."""
    async with database.transaction() as connection:
        await keep_digest(connection, upload_id, sha256)


async def keep_digest(connection: psycopg.AsyncConnection, upload_id: str, sha256: bytes) -> None:
    """The same, within a transaction."""
    await connection.execute(_RECORD, {"upload_id": storable_text(upload_id), "sha256": sha256})


# The best reading of the same bytes that came before: one that a person has confirmed, else the
# newest. Uploads that arrived at once do not offer each other in a circle.
_EARLIER = """
SELECT uploads.id::text AS upload_id, coalesce(filename, '') AS filename,
    status::text AS status, processed_at
FROM ocr_digests AS mine
JOIN ocr_digests AS other ON other.sha256 = mine.sha256 AND other.recorded_at < mine.recorded_at
JOIN uploads ON uploads.id = other.upload_id
WHERE mine.upload_id = %s AND status IN ('parsed', 'applied')
ORDER BY (status = 'applied') DESC, other.recorded_at DESC LIMIT 1
"""


async def earlier_reading(database: Database, upload_id: str) -> EarlierReading | None:
    """A reading of the same picture that is there already; None where there is none."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(EarlierReading)) as cursor,
    ):
        await cursor.execute(_EARLIER, (storable_text(upload_id),))
        return await cursor.fetchone()
