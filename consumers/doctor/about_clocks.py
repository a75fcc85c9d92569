"""The clocks of the servers beside this machine's."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from redis.exceptions import RedisError

from consumers.doctor.check import Check, Subject
from consumers.stream import Client
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database

CLOCKS = Subject("clocks")
NOTICEABLE = timedelta(seconds=2)
"""Retries come early or late by as much."""
HARMFUL = timedelta(minutes=5)
"""Presigned links and signatures are refused from a quarter of an hour on."""


async def examine_clocks(client: Client, database: Database, s3: timedelta | None) -> list[Check]:
    """Compare them; a server that does not answer is left out, it has a check of its own.

    Args:
        client: Redis.
        database: PostgreSQL.
        s3: by how much the object store's clock is ahead; None where that is not known.
    """
    offsets = {
        "redis": await _offset(lambda: _redis_time(client)),
        "postgresql": await _offset(lambda: _postgresql_time(database)),
        "s3": s3,
    }
    return [judge_clock(name, each) for name, each in offsets.items() if each is not None]


async def _offset(ask: Callable[[], Awaitable[float]]) -> timedelta | None:
    """How far a clock is ahead, by the middle between question and answer."""
    try:
        # The first answer may have to wait for a connection.
        await ask()
        asked_at = time.time()
        at = await ask()
        answered_at = time.time()
    except (RedisError, OSError, DatabaseUnavailable):
        return None
    return timedelta(seconds=at - (asked_at + answered_at) / 2)


async def _redis_time(client: Client) -> float:
    seconds, microseconds = await client.time()
    return float(seconds) + float(microseconds) / 1e6


async def _postgresql_time(database: Database) -> float:
    async with database.transaction() as connection:
        row = await (await connection.execute("SELECT clock_timestamp()")).fetchone()
    if row is None or not isinstance(row[0], datetime):
        raise LookupError("A row of constants is missing.")
    return row[0].timestamp()


def judge_clock(name: str, ahead: timedelta) -> Check:
    """What an offset comes to."""
    seconds = ahead.total_seconds()
    if abs(ahead) < NOTICEABLE:
        return CLOCKS.good(name, f"agrees within {max(abs(seconds), 0.1):.1f} s")
    where = "ahead of" if seconds > 0 else "behind"
    text = f"It is {abs(seconds):.1f} s {where} this machine's."
    remedy = "Let every host keep its time by NTP: timedatectl set-ntp true"
    if abs(ahead) < HARMFUL:
        return CLOCKS.warning(name, text, remedy)
    return CLOCKS.bad(name, text, remedy)
