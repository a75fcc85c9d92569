"""How long uploads take, of late."""

from dataclasses import dataclass
from datetime import timedelta

from psycopg.rows import class_row

from pipeline.storage.canaries import CANARY
from pipeline.storage.database import Database
from pipeline.storage.figures import OF_LATE

MEASURED = 1000
"""The newest commits that are looked at: enough for a p99, few enough to be quick."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, over the newest commits of late; None where there was none."""

    measured: int
    """Commits that it rests on."""
    read_p50: float | None
    """From the opening of the attempt to its commit."""
    read_p95: float | None
    read_p99: float | None
    whole_p50: float | None
    """From the wish to have it read to its commit, waiting included; of those that people wait for,
    which leaves out an archive."""
    whole_p95: float | None
    whole_p99: float | None


# The newest commits of late, each with the wish that it fulfilled.
_PACE = """
SELECT count(*)::int AS measured,
    percentile_cont(0.50) WITHIN GROUP (ORDER BY reading)::float AS read_p50,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY reading)::float AS read_p95,
    percentile_cont(0.99) WITHIN GROUP (ORDER BY reading)::float AS read_p99,
    percentile_cont(0.50) WITHIN GROUP (ORDER BY whole)::float AS whole_p50,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY whole)::float AS whole_p95,
    percentile_cont(0.99) WITHIN GROUP (ORDER BY whole)::float AS whole_p99
FROM (
    SELECT extract(epoch FROM finished_at - started_at) AS reading,
        extract(epoch FROM finished_at - (
            SELECT max(published_at) FROM ocr_publications
            WHERE ocr_publications.upload_id = newest.upload_id AND cause <> 'reconciled'
                AND published_at <= finished_at
                AND NOT EXISTS (
                    SELECT FROM ocr_backfill WHERE ocr_backfill.upload_id = newest.upload_id
                )
        )) AS whole
    FROM (
        SELECT upload_id, started_at, finished_at FROM ocr_attempts
        WHERE outcome = 'committed' AND started_at > now() - %(of_late)s
            AND NOT starts_with(upload_id, %(canary)s)
        ORDER BY started_at DESC LIMIT %(measured)s
    ) AS newest
) AS measures
"""


async def pace(database: Database, *, of_late: timedelta = OF_LATE) -> Pace:
    """The percentiles of this moment.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    parameters = {"of_late": of_late, "canary": CANARY, "measured": MEASURED}
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Pace)) as cursor,
    ):
        await cursor.execute(_PACE, parameters)
        found = await cursor.fetchone()
    if found is None:
        raise LookupError("An aggregate gave no row.")
    return found
