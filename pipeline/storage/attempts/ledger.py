"""What the attempts tell afterwards: an upload's whole story, and what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from pipeline.storage.attempts.settling import Stages, count_transient_failures
from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery of an upload's entry."""

    fence: int
    entry_id: str
    consumer: str
    delivery: int
    trace_id: str | None
    started_at: datetime
    finished_at: datetime | None
    stages: Stages | None
    outcome: str | None
    """An `Outcome`; None while it is in work, or until its worker is missed."""
    error_code: str | None
    error: str | None


# An upload's deliveries, oldest first.
_ATTEMPTS = """
SELECT fence, entry_id, consumer, delivery, trace_id, started_at, finished_at, stages, outcome,
    error_code, error
FROM ocr_attempts WHERE upload_id = %s ORDER BY fence
"""


async def attempts_of(database: Database, upload_id: str) -> list[Attempt]:
    """The upload's deliveries, oldest first."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Attempt)) as cursor,
    ):
        await cursor.execute(_ATTEMPTS, (storable_text(upload_id),))
        return await cursor.fetchall()


async def transient_failures(database: Database, upload_id: str) -> int:
    """How often the upload has failed transiently since it was last settled or replayed."""
    async with database.transaction() as connection:
        return await count_transient_failures(connection, storable_text(upload_id))


# How long ago the first attempt at each entry was opened.
_AGES = """
SELECT entry_id, clock_timestamp() - min(started_at)
FROM ocr_attempts WHERE entry_id = ANY(%s) GROUP BY entry_id
"""


async def ages_of_entries(database: Database, entry_ids: Sequence[str]) -> dict[str, timedelta]:
    """How long each entry has been in work; those without an attempt are left out."""
    async with database.transaction() as connection:
        cursor = await connection.execute(_AGES, (list(entry_ids),))
        return dict(await cursor.fetchall())


# How many writes came from a process that had lost its upload to another.
_STALE = "SELECT count(*) FROM ocr_attempts WHERE outcome = 'stale'"


async def stale_writes(database: Database) -> int:
    """How many writes the fence has refused."""
    async with database.transaction() as connection:
        row = await (await connection.execute(_STALE)).fetchone()
    return int(row[0]) if row else 0
