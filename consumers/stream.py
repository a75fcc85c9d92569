"""The stream, its consumer group, and the keys that stand beside it."""

import time
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from otel.spans import Receipt

log = structlog.get_logger(__name__)

Client = Redis
"""A client without `decode_responses`: ids and fields are bytes."""

START = b"0-0"
"""Before the first entry; as a cursor, also behind the last one."""

UNREACHABLE = (RedisConnectionError, RedisTimeoutError, OSError)
"""What redis-py raises when the server is away, starting or cut off."""


class Lane(StrEnum):
    """Where an entry waits for a slot."""

    LIVE = "live"
    """In the stream: people wait for what is there."""
    BACKFILL = "backfill"
    """In a waiting room of its own, behind all that is live: see `backfill`."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of one queue in Redis; all in one Cluster slot."""

    stream: str
    group: str

    def of(self, lane: Lane) -> str:
        """The stream that a publisher adds an entry of this lane to."""
        return self.backfill if lane is Lane.BACKFILL else self.stream

    @property
    def backfill(self) -> str:
        """Stream of the entries of an archive, which no group reads: see `backfill`."""
        return f"{self._family}:backfill"

    @property
    def retry(self) -> str:
        """Sorted set of entries that are to be tried again, by the time they are due."""
        return f"{self._family}:retry"

    @property
    def dead(self) -> str:
        """Stream of the entries that were given up."""
        return f"{self._family}:dead"

    @property
    def watcher(self) -> str:
        """The lock of the one replica that watches."""
        return f"{self._family}:watcher"

    @property
    def replicas(self) -> str:
        """Hash of what each replica says of itself: see `bulletin`."""
        return f"{self._family}:replicas"

    @property
    def stages(self) -> str:
        """Hash of the stages that entries in work are in: see `bulletin`."""
        return f"{self._family}:stages"

    @property
    def alerts(self) -> str:
        """Hash of the alerts that are firing: see `alerts.memory`."""
        return f"{self._family}:alerts"

    @property
    def paused(self) -> str:
        """Set while nothing is to be claimed: see `pause`."""
        return f"{self._family}:paused"

    @property
    def _family(self) -> str:
        if "{" in self.stream:
            return self.stream.rpartition(":")[0] or self.stream
        # The hash tag puts the neighbours into the slot of a stream that has none.
        return f"{{{self.stream}}}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """One entry in the hands of one consumer."""

    entry_id: str
    consumer: str
    fields: dict[bytes, bytes]
    receipt: Receipt | None = None
    """How it came; None where that is not told."""
    new_since: float | None = None
    """For an entry that nobody had been given before: the moment before that, by the monotonic
    clock."""
    paused: bool = False
    """Whether claiming was paused when it came: then it is not begun."""


async def ensure_group(client: Client, keys: Keys) -> bool:
    """Create the group at id 0, so that nothing queued before the first start is skipped.

    Returns:
        Whether it had to be created.
    """
    try:
        await client.xgroup_create(keys.stream, keys.group, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise
        return False
    return True


def group_is_missing(error: ResponseError) -> bool:
    """Whether Redis has lost the group or the stream.

    The second is said in words of their own to who is blocked, and to who asks about the stream.
    """
    return str(error).startswith(("NOGROUP", "UNBLOCKED")) or "no such key" in str(error)


async def read_next(
    client: Client, keys: Keys, consumer: str, *, block: timedelta
) -> Claimed | None:
    """Claim the oldest entry that nobody has read yet; waits up to `block` for one."""
    asked_at, since = time.time(), time.monotonic()
    commands = client.pipeline(transaction=False)
    commands.xreadgroup(
        keys.group, consumer, {keys.stream: ">"}, count=1, block=milliseconds(block)
    )
    answer, paused = await with_pause(commands, keys)
    for _, [[entry_id, fields]] in answer or ():
        receipt = Receipt("receive", asked_at, time.time())
        return Claimed(entry_id.decode(), consumer, fields, receipt, since, paused)
    return None


async def reclaim_next(
    client: Client, keys: Keys, consumer: str, *, idle: timedelta
) -> Claimed | None:
    """Claim one entry whose consumer has shown no life for `idle`."""
    cursor = START
    asked_at = time.time()
    while True:
        # One answer looks at ten pending entries at most: behind as many that are in work, a
        # stalled one would not be seen.
        commands = client.pipeline(transaction=False)
        commands.xautoclaim(keys.stream, keys.group, consumer, milliseconds(idle), cursor, count=1)
        answer, paused = await with_pause(commands, keys)
        cursor = answer[0]
        for entry_id, fields in answer[1]:
            receipt = Receipt("reclaim", asked_at, time.time())
            return Claimed(entry_id.decode(), consumer, fields, receipt, paused=paused)
        if cursor == START:
            return None


async def with_pause(commands: Any, keys: Keys) -> tuple[Any, bool]:
    """Send a pipeline of one command that claims, and ask behind it whether claiming is paused.

    Returns:
        The command's answer, and whether claiming was paused when it was given.
    """
    commands.exists(keys.paused)
    answer, paused = await commands.execute(raise_on_error=False)
    if isinstance(answer, Exception):
        raise answer
    if isinstance(paused, Exception):
        # A key that this user may not read pauses nothing.
        log.warning("pause not known", error=str(paused))
        return answer, False
    return answer, bool(paused)


async def delivery_count(client: Client, keys: Keys, claimed: Claimed) -> int:
    """How often the entry has been handed to a consumer, this time included.

    Returns:
        0 when it is not the consumer's own any more: settled, or taken while this process slept.
    """
    pending: Any = await client.xpending_range(
        keys.stream, keys.group, claimed.entry_id, claimed.entry_id, count=1
    )
    if not pending or pending[0]["consumer"].decode() != claimed.consumer:
        return 0
    return int(pending[0]["times_delivered"])


async def acknowledge(client: Client, keys: Keys, entry_id: str) -> None:
    """Acknowledge and delete in one step; call it only when the outcome is committed."""
    async with client.pipeline(transaction=True) as multi:
        settle(multi, keys, entry_id)
        await multi.execute()


def settle(multi: Any, keys: Keys, entry_id: str) -> None:
    """Queue the two commands that end an entry."""
    multi.xack(keys.stream, keys.group, entry_id)
    multi.xdel(keys.stream, entry_id)


def milliseconds(duration: timedelta) -> int:
    """As Redis counts."""
    return round(duration / timedelta(milliseconds=1))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much stands in the queue."""

    unfinished: int
    in_work: int

    @classmethod
    async def of(cls, client: Client, keys: Keys) -> Self:
        """Count it."""
        pending = await client.xpending(keys.stream, keys.group)
        return cls(int(await client.xlen(keys.stream)), int(pending["pending"]))


# The delivery that is handed back is not counted: nobody died. The name is nobody's, so that the
# leaving consumer can be deleted without dropping what it held.
HAND_BACK = """
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if not pending[1] or pending[1][2] ~= ARGV[3] then return 0 end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[4], 0, ARGV[2],
  'IDLE', ARGV[5], 'RETRYCOUNT', math.max(pending[1][4] - 1, 0), 'JUSTID')
return 1
"""

HANDED_BACK = "handed-back"
"""The consumer that holds what a leaving replica did not finish, until another claims it."""
LONG_IDLE = timedelta(days=1)
"""Idle time of what was handed back: past any lease."""


async def hand_back(client: Client, keys: Keys, entry_id: str, consumer: str) -> bool:
    """Give an entry back at once: the next look for stalled entries finds it.

    Returns:
        Whether it was still the consumer's to give.
    """
    return bool(
        await client.eval(
            HAND_BACK,
            1,
            keys.stream,
            keys.group,
            entry_id,
            consumer,
            HANDED_BACK,
            milliseconds(LONG_IDLE),
        )
    )


async def hand_back_all(client: Client, keys: Keys, consumer: str) -> None:
    """Give back whatever a consumer holds, known to it or not: an answer may have been lost."""
    held: Any = await client.xpending_range(
        keys.stream, keys.group, "-", "+", count=100, consumername=consumer
    )
    for entry in held:
        await hand_back(client, keys, entry["message_id"].decode(), consumer)
