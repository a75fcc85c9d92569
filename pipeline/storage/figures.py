"""Figures over all uploads and attempts: what waits, what ended of late, and how fast.

Canaries are left out: they are no work, and their ends no outcomes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from psycopg.rows import class_row

from pipeline.storage.canaries import CANARY
from pipeline.storage.database import Database

OF_LATE = timedelta(minutes=15)
HEAD = 100
"""Uploads of the line that are looked up in the ledger."""
_RETRIED = timedelta(hours=2)
"""Longer than any retry waits for its time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Attempts that ended of late."""

    committed: int
    dead: int
    verified: int
    """Of those that were committed."""
    seconds: float | None
    """Mean time from opening an attempt to its commit; None without one."""
    last: timedelta | None
    """Since the last end of any kind; None without one."""
    first: timedelta | None
    """Since the first of these ends."""

    @property
    def failure_share(self) -> float | None:
        """Of the uploads that ended, those that ended as a dead letter; None where none ended."""
        ended = self.committed + self.dead
        return self.dead / ended if ended else None

    @property
    def verified_share(self) -> float | None:
        """Of the committed scorecards, those that are verified; None without any."""
        return self.verified / self.committed if self.committed else None


@dataclass(frozen=True, slots=True)
class Oldest:
    """The unfinished upload that was asked for first."""

    upload_id: str
    age: timedelta
    status: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What PostgreSQL tells of the whole."""

    ended: Ended
    oldest: Oldest | None
    failed: Mapping[str, str]
    """Error codes of the uploads that failed of late, the newest first, at most twenty."""


# What ended of late. An attempt ends within minutes of its start: the index is on the start.
_ENDED = """
SELECT count(*) FILTER (WHERE outcome = 'committed')::int AS committed,
    count(*) FILTER (WHERE outcome = 'dead')::int AS dead,
    count(*) FILTER (WHERE outcome = 'committed' AND scorecards.verified)::int AS verified,
    (extract(epoch FROM avg(finished_at - started_at) FILTER (WHERE outcome = 'committed')))::float
        AS seconds,
    clock_timestamp() - max(finished_at) AS last,
    clock_timestamp() - min(finished_at) AS first
FROM ocr_attempts LEFT JOIN scorecards USING (upload_id)
WHERE started_at > now() - %(of_late)s - interval '1 hour' AND finished_at > now() - %(of_late)s
    AND (upload_id IS NULL OR NOT starts_with(upload_id, %(canary)s))
"""

# The unfinished upload that has waited for longest since somebody asked for it. An archive waits as
# long as it takes, and nobody for it. What was never begun was asked for when its row was last
# changed, or a moment later: of a long line only its head is looked up in the ledger. A row that is
# in work, or has failed, was changed since; one that failed longer ago than any retry waits has an
# age by that alone.
_OLDEST = """
WITH waiting AS NOT MATERIALIZED (
    SELECT id::text AS upload_id, status, updated_at, created_at FROM uploads
    WHERE status IN ('uploaded', 'processing') AND NOT starts_with(id::text, %(canary)s)
        AND NOT EXISTS (SELECT FROM ocr_backfill WHERE upload_id = uploads.id::text)
), candidates AS (
    (SELECT * FROM waiting WHERE updated_at IS NOT NULL ORDER BY updated_at LIMIT %(head)s)
    UNION (
        SELECT * FROM waiting WHERE updated_at IS NULL AND created_at IS NOT NULL
        ORDER BY created_at LIMIT %(head)s
    )
    UNION SELECT * FROM waiting WHERE status = 'processing'
    UNION SELECT * FROM waiting WHERE upload_id = ANY (ARRAY (
        SELECT upload_id FROM ocr_attempts
        WHERE outcome = 'retry' AND finished_at > now() - %(retried)s
    ))
)
SELECT upload_id, status::text AS status, clock_timestamp() - coalesce((
        SELECT max(published_at) FROM ocr_publications
        WHERE upload_id = candidates.upload_id AND cause <> 'reconciled'
    ), updated_at, created_at) AS age
FROM candidates WHERE coalesce(updated_at, created_at) IS NOT NULL ORDER BY age DESC LIMIT 1
"""

# Which failed of late, and of what.
_FAILED = """
SELECT coalesce(upload_id, entry_id), coalesce(error_code, '') FROM ocr_attempts
WHERE outcome = 'dead' AND finished_at > now() - %(of_late)s
    AND (upload_id IS NULL OR NOT starts_with(upload_id, %(canary)s))
ORDER BY finished_at DESC LIMIT 20
"""


async def ledger(database: Database) -> Ledger:
    """The figures of this moment.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    parameters = {"of_late": OF_LATE, "canary": CANARY, "head": HEAD, "retried": _RETRIED}
    async with database.transaction() as connection:
        async with connection.cursor(row_factory=class_row(Ended)) as cursor:
            await cursor.execute(_ENDED, parameters)
            ended = await cursor.fetchone()
        async with connection.cursor(row_factory=class_row(Oldest)) as cursor:
            await cursor.execute(_OLDEST, parameters)
            oldest = await cursor.fetchone()
        failed = await (await connection.execute(_FAILED, parameters)).fetchall()
    if ended is None:
        raise LookupError("An aggregate gave no row.")
    return Ledger(ended, oldest, dict(failed))
