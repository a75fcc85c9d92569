"""The archive's queue: a stream beside the live one, whose entries wait until nobody else does.

It is a waiting room, as the retry set is, and no second queue: no group reads it. An entry moves
over into the live stream when a slot is free and nothing waits there, and is claimed in the same
step; from then on lease, fence, retry, dead letter and acknowledgement are those of any other.
"""

import time
from dataclasses import dataclass
from typing import Any

from consumers.entry import LANE
from consumers.stream import Claimed, Client, Keys, Lane, with_pause
from otel.spans import Receipt

# What is live comes first. A turn brings the oldest entry of the archive to the end of that line.
CLAIM = """
local function claim()
  return redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], '>')
end
local claimed, moved = claim(), 0
if not claimed or ARGV[3] == '1' then
  local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  if oldest then
    local fields = oldest[2]
    fields[#fields + 1] = ARGV[4]
    fields[#fields + 1] = ARGV[5]
    redis.call('XADD', KEYS[1], '*', unpack(fields))
    redis.call('XDEL', KEYS[2], oldest[1])
    moved = 1
    claimed = claimed or claim()
  end
end
return {claimed, moved, redis.call('XLEN', KEYS[2])}
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What a slot found that may read of the archive."""

    claimed: Claimed | None
    """Live where there was such an entry."""
    moved: bool
    """Whether an entry has left the archive's queue."""
    left: int
    """Entries that still wait there."""


async def claim_next(client: Client, keys: Keys, consumer: str, *, turn: bool) -> Look:
    """Claim the oldest live entry that nobody has read yet; where none is, the archive's oldest.

    Args:
        client: Redis.
        keys: the queue.
        consumer: who claims.
        turn: also with live entries waiting, one of the archive joins them at the end.
    """
    asked_at, since = time.time(), time.monotonic()
    commands: Any = client.pipeline(transaction=False)
    commands.eval(
        CLAIM,
        2,
        keys.stream,
        keys.backfill,
        keys.group,
        consumer,
        int(turn),
        LANE,
        Lane.BACKFILL,
    )
    (found, moved, left), paused = await with_pause(commands, keys)
    receipt = Receipt("receive", asked_at, time.time())
    claimed = None
    if found:
        entry_id, fields = _only(found)
        claimed = Claimed(entry_id, consumer, fields, receipt, since, paused)
    return Look(claimed, bool(moved), int(left))


# Without the mark of the lane: somebody waits for it now.
OVERTAKE = """
local found = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])[1]
if not found then return false end
redis.call('XDEL', KEYS[2], ARGV[1])
return redis.call('XADD', KEYS[1], '*', unpack(found[2]))
"""


async def overtake(client: Client, keys: Keys, entry_id: str) -> str | None:
    """Put an entry of the archive's queue to the end of the live line, in one step.

    Returns:
        Its new id; None where it has moved over by itself.
    """
    added: Any = await client.eval(OVERTAKE, 2, keys.stream, keys.backfill, entry_id)
    return str(added, "ascii") if added else None


def _only(found: Any) -> tuple[str, dict[bytes, bytes]]:
    """Id and fields of the one entry in what XREADGROUP gives to a script."""
    [[_, [[entry_id, fields]]]] = found
    return entry_id.decode(), dict(zip(fields[::2], fields[1::2], strict=True))
