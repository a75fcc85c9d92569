"""The attempt before the one that is opened: what a trace links to."""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class Earlier:
    """The newest of an upload's earlier attempts."""

    fence: int
    entry_id: str
    consumer: str
    delivery: int
    trace_id: str | None
    span_id: str | None
    started_at: datetime
    outcome: str
    vanished: bool
    """It was found without an outcome just now: its worker has died, or sleeps."""


# The newest attempt before a fence.
_BEFORE = """
SELECT fence, entry_id, consumer, delivery, trace_id, span_id, started_at, outcome,
    outcome = 'abandoned' AND %(abandoned)s AS vanished
FROM ocr_attempts WHERE upload_id = %(upload_id)s AND fence < %(fence)s
ORDER BY fence DESC LIMIT 1
"""


async def attempt_before(
    connection: psycopg.AsyncConnection, upload_id: str, fence: int, *, abandoned: bool
) -> Earlier | None:
    """The attempt before the fence that the transaction holds.

    Args:
        connection: in a transaction that holds the upload's fence.
        upload_id: the upload.
        fence: of the attempt that is opened, not the first.
        abandoned: whether the transaction has just given up an attempt without an outcome.
    """
    parameters = {"upload_id": upload_id, "fence": fence, "abandoned": abandoned}
    async with connection.cursor(row_factory=class_row(Earlier)) as cursor:
        await cursor.execute(_BEFORE, parameters)
        return await cursor.fetchone()
