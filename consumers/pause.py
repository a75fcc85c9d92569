"""Pausing: a key in Redis that every slot looks at before it begins to read an upload.

Nothing is lost by it: what is in work ends as ever, what waits stays where it is, and what was
claimed in the moment of the pause is handed back without counting as a delivery.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from consumers.stream import Client, Keys

# Redis's own clock: those of hosts need not agree. NX: who paused first is told.
_PAUSE = """
local now = redis.call('TIME')
local said = cjson.decode(ARGV[1])
said.at = now[1] + now[2] / 1000000
return redis.call('SET', KEYS[1], cjson.encode(said), 'NX') and 1 or 0
"""


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when nothing is claimed, by whose word, and why."""

    since: datetime
    """By Redis's clock."""
    by: str
    reason: str


class _Said(BaseModel):
    """The value of the key."""

    model_config = ConfigDict(extra="ignore")

    at: float = 0
    by: str = ""
    reason: str = ""


async def pause(client: Client, keys: Keys, *, by: str, reason: str = "") -> bool:
    """Have every replica claim nothing more, until `resume`.

    Args:
        client: Redis.
        keys: the queue.
        by: who asks for it.
        reason: for those who wonder.

    Returns:
        False where it was paused already, which is left as it is.
    """
    said = _Said(by=by, reason=reason).model_dump_json()
    return bool(await client.eval(_PAUSE, 1, keys.paused, said))


async def resume(client: Client, keys: Keys) -> bool:
    """Have replicas claim again; returns False where nothing was paused."""
    return bool(await client.delete(keys.paused))


async def is_paused(client: Client, keys: Keys) -> bool:
    """Whether nothing is to be claimed now."""
    return bool(await client.exists(keys.paused))


async def current_pause(client: Client, keys: Keys) -> Pause | None:
    """The pause, or None while there is none; a key that was set by hand pauses as well."""
    value = await client.get(keys.paused)
    if value is None:
        return None
    try:
        said = _Said.model_validate_json(value)
    except ValueError:
        said = _Said()
    return Pause(datetime.fromtimestamp(said.at, UTC), said.by, said.reason)
