"""Entries that wait for another try: the sorted set beside the stream.

A member is the value of the next entry's `__data__`, its score the Unix time in milliseconds at
which it is due.
"""

import random
import time
from dataclasses import dataclass
from datetime import timedelta

from consumers import entry as entries
from consumers.entry import Entry
from consumers.stream import Client, Keys

MOVED_AT_ONCE = 100

POSTPONE = """
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
"""

MOVE_DUE = """
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, message in ipairs(due) do
  redis.call('XADD', KEYS[1], '*', '__data__', message)
  redis.call('ZREM', KEYS[2], message)
end
return #due
"""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long retries wait: doubling, capped, jittered by a fifth."""

    first: timedelta
    longest: timedelta = timedelta(hours=1)

    def before(self, retry: int) -> timedelta:
        """The delay before the `retry`-th retry (from 1)."""
        doubled = min(self.first * (1 << min(retry - 1, 30)), self.longest)
        return doubled * random.uniform(0.8, 1.2)  # noqa: S311 -- spreads load, guards nothing


NOT_BEGUN = Backoff(timedelta(seconds=1), timedelta(seconds=8))
"""For what was claimed a moment before PostgreSQL went, and was not begun: while it is away nothing
else is claimed, and these are not to wait much longer than the rest."""


async def postpone(
    client: Client, keys: Keys, entry_id: str, entry: Entry, delay: timedelta
) -> None:
    """Move an entry from the stream to the sorted set, in one step.

    Args:
        client: Redis.
        keys: the queue.
        entry_id: of the entry in the stream.
        entry: what takes its place when the delay is over.
        delay: how long it waits.
    """
    message = await entries.encode(entry)
    due = time.time() + delay.total_seconds()
    await client.eval(
        POSTPONE, 2, keys.stream, keys.retry, keys.group, entry_id, round(due * 1000), message
    )


async def move_due(client: Client, keys: Keys) -> int:
    """Put the entries that are due back into the stream, the most overdue first.

    Returns:
        How many were moved; at most a hundred in one call.
    """
    return int(
        await client.eval(
            MOVE_DUE, 2, keys.stream, keys.retry, round(time.time() * 1000), MOVED_AT_ONCE
        )
    )
