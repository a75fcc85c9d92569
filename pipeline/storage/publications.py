"""The ledger of entries that announced an upload."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import psycopg
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
class Announcement:
    """An entry that was added for an upload."""

    upload_id: str
    entry_id: str
    trace_id: str


# Notes a page of entries. An opening may have been quicker and have noted the entry in whose place
# it found this one: then the upload is announced already. By the clock, for a transaction may have
# begun before the entry was added.
_RECORD_ALL = """
INSERT INTO ocr_publications (upload_id, entry_id, trace_id, cause, published_at)
SELECT page.upload_id, page.entry_id, page.trace_id, %(cause)s, clock_timestamp()
FROM unnest(%(upload_ids)s::text[], %(entry_ids)s::text[], %(trace_ids)s::text[])
    AS page (upload_id, entry_id, trace_id)
WHERE %(cause)s <> 'submitted'
    OR NOT EXISTS (SELECT FROM ocr_publications WHERE upload_id = page.upload_id)
ON CONFLICT (upload_id, entry_id) DO NOTHING
"""


async def record_publications(
    database: Database, announcements: Sequence[Announcement], cause: Cause = Cause.SUBMITTED
) -> None:
    """Notes that these entries were added, in one statement."""
    async with database.transaction() as connection:
        await _record_all(connection, announcements, cause)


async def _record_all(
    connection: psycopg.AsyncConnection, announcements: Sequence[Announcement], cause: Cause
) -> None:
    parameters = {
        "upload_ids": [storable_text(each.upload_id) for each in announcements],
        "entry_ids": [each.entry_id for each in announcements],
        "trace_ids": [each.trace_id for each in announcements],
        "cause": cause,
    }
    await connection.execute(_RECORD_ALL, parameters)


async def clock(database: Database) -> datetime:
    """Now, by the clock that dates publications."""
    async with database.transaction() as connection:
        [(now,)] = await (await connection.execute("SELECT clock_timestamp()")).fetchall()
    assert isinstance(now, datetime)  # noqa: S101  # as the function is declared
    return now


@dataclass(frozen=True, slots=True)
class Republishing:
    """Uploads that nobody else publishes again before this ends."""

    live: tuple[str, ...]
    backfill: tuple[str, ...]
    """Those of an archive."""
    _connection: psycopg.AsyncConnection

    async def record(self, announcements: Sequence[Announcement]) -> None:
        """Notes the entries that were added."""
        await _record_all(self._connection, announcements, Cause.RECONCILED)


# Whoever has one of them in hand, another publisher or an attempt, ends what it does with it.
_LOCK = """
SELECT id FROM uploads WHERE id = ANY(%s) AND status IN ('uploaded', 'processing')
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""

# Asked once they are locked: another publisher may have ended just before.
_STILL_MISSING = """
SELECT id, EXISTS (SELECT FROM ocr_backfill WHERE upload_id = id)
FROM unnest(%(ids)s::text[]) AS id
WHERE NOT EXISTS (
    SELECT FROM ocr_publications WHERE upload_id = id AND published_at >= %(since)s
)
ORDER BY id
"""


@asynccontextmanager
async def republishing(
    database: Database, upload_ids: Sequence[str], since: datetime
) -> AsyncIterator[Republishing]:
    """Keep other publishers away from uploads whose entries are missing.

    Args:
        database: PostgreSQL.
        upload_ids: those that were missed.
        since: from when on Redis was looked at; what was published later is left out.
    """
    async with database.transaction() as connection:
        locked = await (await connection.execute(_LOCK, (list(upload_ids),))).fetchall()
        parameters = {"ids": [upload_id for (upload_id,) in locked], "since": since}
        rows = await (await connection.execute(_STILL_MISSING, parameters)).fetchall()
        yield Republishing(
            tuple(upload_id for upload_id, of_archive in rows if not of_archive),
            tuple(upload_id for upload_id, of_archive in rows if of_archive),
            connection,
        )


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
