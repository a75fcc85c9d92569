"""What PostgreSQL can prove about uploads: that each wish to have one read was fulfilled once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from psycopg.rows import class_row

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_text

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """One upload that was published, and what came of it."""

    upload_id: str
    status: str | None
    """Of its row in `uploads`; None where there is none."""
    wishes: int
    """Publications that asked for a reading; the reconciler's repetitions ask for nothing new."""
    deliveries: int
    committed: int
    """Attempts whose scorecard was written."""
    dead: int
    """Attempts that ended the upload as failed."""
    stale: int
    """Attempts whose write was refused, because a newer one had been opened."""
    error_code: str | None
    """Of the last death."""
    has_scorecard: bool

    @property
    def settlements(self) -> int:
        """How often the upload was ended."""
        return self.committed + self.dead

    @property
    def was_ended_twice(self) -> bool:
        """More ends than wishes. Without a row each entry has a dead letter of its own."""
        return self.status is not None and self.settlements > max(self.wishes, 1)

    @property
    def is_unfinished(self) -> bool:
        """It still has to be read."""
        return self.status in {"uploaded", "processing"}

    @property
    def is_contradictory(self) -> bool:
        """Said to be parsed, and no scorecard is there."""
        return self.status == "parsed" and not self.has_scorecard


# A page of the uploads that were published, with what came of each.
_RECORDS = """
SELECT published.upload_id, uploads.status::text AS status, published.wishes,
    attempts.deliveries, attempts.committed, attempts.dead, attempts.stale, attempts.error_code,
    scorecards.upload_id IS NOT NULL AS has_scorecard
FROM (
    SELECT upload_id, count(*) FILTER (WHERE cause <> 'reconciled')::int AS wishes
    FROM ocr_publications
    WHERE upload_id > %(after)s AND (%(only)s::text IS NULL OR upload_id = %(only)s)
    GROUP BY upload_id ORDER BY upload_id LIMIT %(limit)s
) AS published
CROSS JOIN LATERAL (
    SELECT count(*)::int AS deliveries,
        count(*) FILTER (WHERE outcome = 'committed')::int AS committed,
        count(*) FILTER (WHERE outcome = 'dead')::int AS dead,
        count(*) FILTER (WHERE outcome = 'stale')::int AS stale,
        (array_agg(error_code ORDER BY fence DESC) FILTER (WHERE outcome = 'dead'))[1]
            AS error_code
    FROM ocr_attempts WHERE ocr_attempts.upload_id = published.upload_id
) AS attempts
LEFT JOIN uploads ON uploads.id = published.upload_id
LEFT JOIN scorecards ON scorecards.upload_id = published.upload_id
ORDER BY published.upload_id
"""


async def records(database: Database, *, only: str | None = None) -> AsyncIterator[Record]:
    """Every upload that was published, in the order of their ids.

    Args:
        database: PostgreSQL.
        only: just this upload.
    """
    after = ""
    while True:
        parameters = {
            "after": after,
            "only": None if only is None else storable_text(only),
            "limit": PAGE,
        }
        async with (
            database.transaction() as connection,
            connection.cursor(row_factory=class_row(Record)) as cursor,
        ):
            await cursor.execute(_RECORDS, parameters)
            page = await cursor.fetchall()
        for record in page:
            yield record
        if len(page) < PAGE:
            return
        after = page[-1].upload_id
