"""The ledger of entries that announced an upload."""

from enum import StrEnum

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
