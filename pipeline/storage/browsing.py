"""Looking through all uploads, the newest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psycopg.rows import class_row

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text
from pipeline.storage.uploads import UploadStatus


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; None for anything."""

    status: UploadStatus | None = None
    error_code: str | None = None
    """Of any of its attempts."""
    game_id: str | None = None
    since: date | None = None
    """Created on that day (UTC) or later."""
    until: date | None = None
    """Created on that day or earlier."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which upload a page begins."""

    created_at: datetime
    upload_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the list."""

    upload_id: str
    filename: str
    game_id: str | None
    status: str
    file_size: int | None
    created_at: datetime
    processed_at: datetime | None
    error_message: str | None
    error_code: str | None
    """Of its last attempt."""
    deliveries: int
    verified: bool | None
    """None without a scorecard."""

    @property
    def place(self) -> Place:
        """Where the next page begins, were this the last row."""
        return Place(self.created_at, self.upload_id)


# Few rows are chosen first; what belongs to each is looked up for those alone. A condition that is
# not asked for is left out of the text, so that what is left can be planned by its indexes.
_SEARCH = """
SELECT chosen.*, last.error_code, coalesce(last.deliveries, 0) AS deliveries,
    scorecards.verified
FROM (
    SELECT id::text AS upload_id, coalesce(filename, '') AS filename, game_id::text AS game_id,
        status::text AS status, file_size, created_at, processed_at, error_message
    FROM uploads WHERE {conditions}
    ORDER BY created_at DESC, id DESC LIMIT %(limit)s
) AS chosen
LEFT JOIN scorecards USING (upload_id)
LEFT JOIN LATERAL (
    SELECT (array_agg(error_code ORDER BY fence DESC))[1] AS error_code, count(*)::int AS deliveries
    FROM ocr_attempts WHERE ocr_attempts.upload_id = chosen.upload_id
) AS last ON true
ORDER BY chosen.created_at DESC, chosen.upload_id DESC
"""
_CONDITIONS = {
    "status": "status = %(status)s",
    "error_code": "id IN (SELECT upload_id FROM ocr_attempts WHERE error_code = %(error_code)s)",
    "game_id": "game_id = %(game_id)s",
    "since": "created_at >= %(since)s",
    "until": "created_at < %(until)s",
    "created_at": "(created_at, id) < (%(created_at)s, %(upload_id)s)",
}


async def search_uploads(
    database: Database, search: Search, *, limit: int = 50, behind: Place | None = None
) -> Sequence[Found]:
    """One page of what is looked for, the newest first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    wanted: dict[str, object] = {
        "status": search.status,
        "error_code": storable_text(search.error_code) if search.error_code else None,
        "game_id": storable_text(search.game_id) if search.game_id else None,
        "since": search.since,
        "until": search.until + timedelta(days=1) if search.until else None,
        "created_at": behind.created_at if behind else None,
    }
    conditions = [_CONDITIONS[name] for name, value in wanted.items() if value is not None]
    statement = _SEARCH.format(conditions=" AND ".join(conditions) or "created_at IS NOT NULL")
    parameters = {**wanted, "limit": limit, "upload_id": behind and storable_text(behind.upload_id)}
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Found)) as cursor,
    ):
        await cursor.execute(statement.encode(), parameters)
        return await cursor.fetchall()


# Which error codes there are to look for; a loose scan of the index.
_ERROR_CODES = """
WITH RECURSIVE codes AS (
    SELECT min(error_code) AS code FROM ocr_attempts WHERE error_code IS NOT NULL
    UNION ALL
    SELECT (SELECT min(error_code) FROM ocr_attempts WHERE error_code > codes.code)
    FROM codes WHERE codes.code IS NOT NULL
)
SELECT code FROM codes WHERE code IS NOT NULL
"""


async def error_codes(database: Database) -> list[str]:
    """The error codes that attempts have ended with, in order."""
    async with database.transaction() as connection:
        cursor = await connection.execute(_ERROR_CODES)
        return [code for (code,) in await cursor.fetchall()]
