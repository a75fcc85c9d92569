"""The dead-letter stream: entries that were given up, with all that is needed to understand why."""

from dataclasses import dataclass
from datetime import UTC, datetime

from consumers.stream import Claimed, Client, Keys

LONGEST_ERROR = 2000

# A script where a MULTI would do: sent again because its answer was lost, it must not bury twice.
BURY = """
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
"""

# Redis has lost the entry since it was claimed. One that is still there comes again and is buried
# then; the letter of another who buried it is younger than the entry.
BURY_FORGOTTEN = """
local entry_id = ARGV[1]
if #redis.call('XRANGE', KEYS[1], entry_id, entry_id) > 0 then return 0 end
local since = string.match(entry_id, '^%d+')
for _, letter in ipairs(redis.call('XRANGE', KEYS[2], since, '+')) do
  for index = 1, #letter[2], 2 do
    if letter[2][index] == 'entry_id' and letter[2][index + 1] == entry_id then return 0 end
  end
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 2))
return 1
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an entry was given up."""

    reason: str
    """A stable error code."""
    error: str
    """A sentence."""
    attempts: int
    """Times that reading began."""
    deliveries: int
    """Times that this entry was handed to a consumer."""
    trace_id: str


async def bury(client: Client, keys: Keys, claimed: Claimed, verdict: Verdict) -> bool:
    """Write the dead letter, acknowledge and delete the entry, in one step.

    Returns:
        Whether it did: False where the entry was not pending any more, so that nothing was written.
    """
    letter = _letter(claimed, verdict)
    return bool(
        await client.eval(BURY, 2, keys.stream, keys.dead, keys.group, claimed.entry_id, *letter)
    )


async def bury_forgotten(client: Client, keys: Keys, claimed: Claimed, verdict: Verdict) -> bool:
    """Write the dead letter of an entry that Redis has lost, once.

    Returns:
        Whether it did: False where the entry is still there, or its letter.
    """
    letter = _letter(claimed, verdict)
    return bool(
        await client.eval(BURY_FORGOTTEN, 2, keys.stream, keys.dead, claimed.entry_id, *letter)
    )


def _letter(claimed: Claimed, verdict: Verdict) -> list[bytes | str | int]:
    """Its fields and their values in turn."""
    original: dict[bytes | str, bytes | str | int] = dict(claimed.fields.items())
    fields = {
        **original,
        "reason": verdict.reason,
        "error": verdict.error[:LONGEST_ERROR],
        "attempts": verdict.attempts,
        "deliveries": verdict.deliveries,
        "consumer": claimed.consumer,
        "entry_id": claimed.entry_id,
        "trace_id": verdict.trace_id,
        "failed_at": datetime.now(UTC).isoformat(),
    }
    return [part for pair in fields.items() for part in pair]
