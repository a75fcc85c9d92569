"""Where Celery keeps its messages in Redis, and whether a worker of it lives.

Celery pushes a message on the left of a list and takes the oldest from the right. Each priority has
a list of its own; 0 is the most urgent. What a worker has taken and not acknowledged stands in the
hash `unacked`, which all queues of one Redis share, and by the time it was taken in the sorted set
`unacked_index`. A worker takes what has a countdown at once and holds it there until it is due.

Source: kombu 5.7, `transport/redis.py`.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from consumers.stream import Client, milliseconds

SEPARATOR = "\x06\x16"
"""Between a queue's name and a priority, unless the transport option `sep` says otherwise."""
PRIORITIES = range(10)
"""All that kombu lets through; which of them have lists says the option `priority_steps`."""

ALONE_FOR = timedelta(minutes=1)
"""How long a message that is being moved is left alone by others, should its mover die."""

# What `celery inspect ping` sends, but for the address of an answer.
_PING = json.dumps(
    {
        "body": json.dumps(
            {"method": "ping", "arguments": {}, "destination": None, "pattern": None,
             "matcher": None}
        ),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {},
        "properties": {
            "delivery_mode": 2,
            "delivery_info": {"exchange": "celery.pidbox", "routing_key": ""},
            "priority": 0,
            "delivery_tag": "cricksy-ocr",
        },
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CeleryKeys:
    """The names of one of Celery's queues in Redis."""

    queue: str = "ocr"
    prefix: str = ""
    """The transport option `global_keyprefix`."""
    separator: str = SEPARATOR

    @property
    def lists(self) -> list[str]:
        """The lists of all priorities, the most urgent first."""
        name = f"{self.prefix}{self.queue}"
        return [f"{name}{self.separator}{each}" if each else name for each in PRIORITIES]

    @property
    def unacked(self) -> str:
        """Hash of what workers hold, by delivery tag."""
        return f"{self.prefix}unacked"

    @property
    def unacked_index(self) -> str:
        """Sorted set of the delivery tags, by the Unix time at which they were taken."""
        return f"{self.prefix}unacked_index"


@dataclass(frozen=True, slots=True)
class Stored:
    """One message where it lies."""

    key: str
    member: bytes
    """In a list the message itself, in the hash its delivery tag."""
    raw: bytes
    held: bool = False
    """A worker has taken it, and not acknowledged."""
    queue: str = ""
    """That it was sent to, where a worker holds it."""


async def waiting(broker: Client, keys: CeleryKeys) -> list[Stored]:
    """The messages that no worker has taken, in the order in which Celery takes them."""
    found = []
    for key in keys.lists:
        raws: Any = broker.lrange(key, 0, -1)
        found += [Stored(key, raw, raw) for raw in reversed(await raws)]
    return found


async def held(broker: Client, keys: CeleryKeys) -> list[Stored]:
    """The messages that workers hold, or held when they died, the first that was taken first."""
    fields: Any = broker.hgetall(keys.unacked)
    index: Any = await broker.zrange(keys.unacked_index, 0, -1, withscores=True)
    times: dict[bytes, float] = dict(index)
    return [
        _taken(keys, tag, value)
        for tag, value in sorted(
            (await fields).items(), key=lambda item: times.get(item[0], float("inf"))
        )
    ]


def _taken(keys: CeleryKeys, tag: bytes, value: bytes) -> Stored:
    try:
        message, _, queue = json.loads(value)
    except (ValueError, TypeError):
        return Stored(keys.unacked, tag, value, held=True)
    return Stored(keys.unacked, tag, json.dumps(message).encode(), held=True, queue=str(queue))


async def listening_workers(broker: Client, keys: CeleryKeys) -> int:
    """How many of Celery's workers live on this Redis, whatever they work for.

    Each listens for `celery inspect` and `celery control`; Redis says how many heard. One that was
    started with `worker_enable_remote_control = False` does not.
    """
    database = broker.connection_pool.connection_kwargs.get("db") or 0
    return int(await broker.publish(f"{keys.prefix}/{database}.celery.pidbox", _PING))


@asynccontextmanager
async def alone_with(broker: Client, keys: CeleryKeys, stored: Stored) -> AsyncIterator[bool]:
    """Whether the message is still there, and nobody else moves it while the block runs."""
    mark = f"{keys.prefix}cricksy:moving:{sha256(stored.key.encode() + stored.member).hexdigest()}"
    if not await broker.set(mark, "1", nx=True, px=milliseconds(ALONE_FOR)):
        yield False
        return
    try:
        yield await _is_there(broker, stored)
    finally:
        await broker.delete(mark)


async def _is_there(broker: Client, stored: Stored) -> bool:
    if stored.held:
        exists: Any = broker.hexists(stored.key, stored.member)
        return bool(await exists)
    # From the right, where the oldest are: what is moved is found at once.
    place: Any = broker.lpos(stored.key, stored.member, rank=-1)  # type: ignore[arg-type]  # bytes do
    return await place is not None


async def remove(broker: Client, keys: CeleryKeys, stored: Stored) -> None:
    """Take a message away from where it lies."""
    async with broker.pipeline(transaction=True) as multi:
        if stored.held:
            multi.zrem(keys.unacked_index, stored.member)
            multi.hdel(stored.key, stored.member)
        else:
            multi.lrem(stored.key, -1, stored.member)  # type: ignore[arg-type]  # bytes do
        await multi.execute()
