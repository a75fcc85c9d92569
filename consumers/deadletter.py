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


async def bury(client: Client, keys: Keys, claimed: Claimed, verdict: Verdict) -> None:
    """Write the dead letter, acknowledge and delete the entry, in one step."""
    letter = [part for pair in _letter(claimed, verdict).items() for part in pair]
    await client.eval(BURY, 2, keys.stream, keys.dead, keys.group, claimed.entry_id, *letter)


def _letter(claimed: Claimed, verdict: Verdict) -> dict[bytes | str, bytes | str | int]:
    original: dict[bytes | str, bytes] = dict(claimed.fields.items())
    return {
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
