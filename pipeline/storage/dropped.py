"""Dead letters that were dropped on an operator's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_json, storable_text


@dataclass(frozen=True, slots=True)
class DroppedLetter:
    """A dead letter about to go."""

    letter_id: str
    upload_id: str | None
    reason: str
    error: str
    trace_id: str
    fields: Mapping[str, str]


# Keeps what is to be removed from Redis.
_RECORD = """
INSERT INTO ocr_dropped_letters (letter_id, upload_id, reason, error, trace_id, fields)
VALUES (%(letter_id)s, %(upload_id)s, %(reason)s, %(error)s, %(trace_id)s, %(fields)s)
"""


async def record_dropped(database: Database, letter: DroppedLetter) -> None:
    """Note a letter before it is removed."""
    parameters = {
        "letter_id": letter.letter_id,
        "upload_id": None if letter.upload_id is None else storable_text(letter.upload_id),
        "reason": letter.reason,
        "error": storable_text(letter.error),
        "trace_id": letter.trace_id or None,
        "fields": storable_json(letter.fields),
    }
    async with database.transaction() as connection:
        await connection.execute(_RECORD, parameters)


# When an upload's dead letter was dropped for the last time.
_DROPPED_AT = "SELECT max(dropped_at) FROM ocr_dropped_letters WHERE upload_id = %s"


async def dropped_at(database: Database, upload_id: str) -> datetime | None:
    """When an operator dropped the upload's dead letter; None where nobody did."""
    async with database.transaction() as connection:
        row = await (await connection.execute(_DROPPED_AT, (storable_text(upload_id),))).fetchone()
    return row[0] if row else None
