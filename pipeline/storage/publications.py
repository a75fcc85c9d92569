"""The ledger of entries that announced an upload."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg.rows import class_row

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text


class Cause(StrEnum):
    """Why an entry was published."""

    SUBMITTED = "submitted"
    OBSERVED = "observed"
    RECONCILED = "reconciled"
    REPLAYED = "replayed"


# Notes the entry. An opening may have been quicker and have noted it as observed.
_RECORD = """
INSERT INTO ocr_publications (upload_id, entry_id, trace_id, cause)
VALUES (%(upload_id)s, %(entry_id)s, %(trace_id)s, %(cause)s)
ON CONFLICT (upload_id, entry_id) DO UPDATE
SET cause = excluded.cause, trace_id = coalesce(excluded.trace_id, ocr_publications.trace_id)
"""


async def record_publication(
    database: Database,
    upload_id: str,
    entry_id: str,
    trace_id: str | None,
    cause: Cause = Cause.SUBMITTED,
) -> None:
    """Notes that an entry was added to the stream; noting it again changes nothing."""
    parameters = {
        "upload_id": storable_text(upload_id),
        "entry_id": entry_id,
        "trace_id": trace_id,
        "cause": cause,
    }
    async with database.transaction() as connection:
        await connection.execute(_RECORD, parameters)


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry that announced an upload."""

    entry_id: str
    trace_id: str | None
    cause: str
    """A `Cause`."""
    published_at: datetime


# Every entry that announced the upload, oldest first.
_OF = """
SELECT entry_id, trace_id, cause, published_at FROM ocr_publications
WHERE upload_id = %s ORDER BY published_at
"""


async def publications_of(database: Database, upload_id: str) -> list[Publication]:
    """The entries that announced the upload, oldest first."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Publication)) as cursor,
    ):
        await cursor.execute(_OF, (storable_text(upload_id),))
        return await cursor.fetchall()
