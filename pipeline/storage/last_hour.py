"""How uploads ended in the last hour, minute by minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from pipeline.storage.canaries import CANARY
from pipeline.storage.database import Database


@dataclass(frozen=True, slots=True)
class Minute:
    """What ended within a minute."""

    at: datetime
    """Its beginning."""
    committed: int
    dead: int
    seconds: float | None
    """Median time of reading; None where nothing was committed."""


# Every minute of the hour, also those in which nothing ended. An attempt ends within minutes of
# its start, by which it is found.
_MINUTES = """
SELECT minutes.at, coalesce(ends.committed, 0) AS committed, coalesce(ends.dead, 0) AS dead,
    ends.seconds
FROM generate_series(
    date_trunc('minute', now()) - interval '59 minutes', date_trunc('minute', now()), '1 minute'
) AS minutes (at)
LEFT JOIN (
    SELECT date_trunc('minute', finished_at) AS at,
        count(*) FILTER (WHERE outcome = 'committed')::int AS committed,
        count(*) FILTER (WHERE outcome = 'dead')::int AS dead,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at))
            FILTER (WHERE outcome = 'committed')::float AS seconds
    FROM ocr_attempts
    WHERE started_at > now() - interval '70 minutes' AND outcome IN ('committed', 'dead')
        AND (upload_id IS NULL OR NOT starts_with(upload_id, %(canary)s))
    GROUP BY 1
) AS ends USING (at)
ORDER BY minutes.at
"""


async def last_hour(database: Database) -> Sequence[Minute]:
    """Sixty minutes, the oldest first; the last one has only begun."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Minute)) as cursor,
    ):
        await cursor.execute(_MINUTES, {"canary": CANARY})
        return await cursor.fetchall()
