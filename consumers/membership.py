"""Who belongs to the consumer group: those who leave it, and those who were killed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from redis.exceptions import ResponseError

from consumers.bulletin import stage_field
from consumers.queue import pending_entries, replicas_of, stages_of
from consumers.stream import Client, Keys, group_is_missing, hand_back_all, milliseconds

GONE_AFTER = timedelta(minutes=1)
"""A replica that is silent for so long is not coming back; meanwhile an alert names it."""

log = structlog.get_logger(__name__)

# Checked and deleted in one step: XGROUP DELCONSUMER drops what is pending.
REMOVE = """
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])
if pending[1] then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
"""


async def leave(client: Client, keys: Keys, consumers: Sequence[str]) -> None:
    """Hand back what these consumers still hold, then take them out of the group."""
    for consumer in consumers:
        await hand_back_all(client, keys, consumer)
        await _remove(client, keys, consumer)


async def forget_the_dead(client: Client, keys: Keys, *, silent_for: timedelta) -> list[str]:
    """Take those out of the group who hold nothing and have shown no life for so long.

    One that lives after all, and only claims nothing for the moment, is back with its next claim.

    Returns:
        The names of those that were taken out.
    """
    try:
        members: Any = await client.xinfo_consumers(keys.stream, keys.group)
    except ResponseError as error:
        # Redis has lost the group or the stream; whoever claims next makes them anew.
        if group_is_missing(error):
            return []
        raise
    silent = [
        member["name"].decode()
        for member in members
        if member["pending"] == 0 and member["idle"] >= milliseconds(silent_for)
    ]
    forgotten = [name for name in silent if await _remove(client, keys, name)]
    if forgotten:
        log.info("consumers forgotten", consumers=forgotten)
    return forgotten


async def forget_notices(client: Client, keys: Keys) -> None:
    """Take down what replicas have left behind that were killed, once nothing is in their hands.

    One that lives after all pins it up again within seconds.
    """
    pending = await pending_entries(client, keys)
    held = {stage_field(each.entry_id, each.consumer) for each in pending}
    stages = await stages_of(client, keys)
    old = [name for name, stage in stages.items() if name not in held and stage.since > GONE_AFTER]
    if old:
        await client.hdel(keys.stages, *old)
    gone = [
        each.name
        for each in await replicas_of(client, keys)
        if each.silent_for > GONE_AFTER and not any(each.owns(entry.consumer) for entry in pending)
    ]
    if gone:
        log.info("replicas forgotten", replicas=gone)
        await client.hdel(keys.replicas, *gone)


async def _remove(client: Client, keys: Keys, consumer: str) -> bool:
    return bool(await client.eval(REMOVE, 1, keys.stream, keys.group, consumer))
