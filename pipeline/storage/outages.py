"""Who of all replicas tells of an outage of Redis: it cannot be agreed upon in Redis."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pipeline.storage.database import Database
from pipeline.storage.storable import storable_json

# The first to insert the row has told; the others only note that it still is so.
_CLAIM = """
INSERT INTO ocr_redis_outages (stream, alert) VALUES (%(stream)s, %(alert)s)
ON CONFLICT (stream) DO UPDATE SET seen_at = now()
RETURNING xmax = 0
"""


async def claim_outage(database: Database, stream: str, alert: Mapping[str, Any]) -> bool:
    """Note that Redis is away; returns whether this caller is the first and so the one to tell.

    Raises:
        DatabaseUnavailable: PostgreSQL is away as well.
    """
    parameters = {"stream": stream, "alert": storable_json(alert)}
    async with database.transaction() as connection:
        row = await (await connection.execute(_CLAIM, parameters)).fetchone()
    return bool(row and row[0])


# Over once nobody has found Redis away for a while; one of those who delete gets the row.
_END = """
DELETE FROM ocr_redis_outages
WHERE stream = %(stream)s AND seen_at <= clock_timestamp() - %(quiet_for)s
RETURNING alert
"""


async def end_outage(database: Database, stream: str, quiet_for: timedelta) -> Any:
    """Note that Redis answers again.

    Returns:
        The alert that this caller is to resolve, as it was claimed; None where there is none, or
        somebody has found Redis away within `quiet_for`.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    parameters = {"stream": stream, "quiet_for": quiet_for}
    async with database.transaction() as connection:
        row = await (await connection.execute(_END, parameters)).fetchone()
    return row[0] if row else None
