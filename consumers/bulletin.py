"""What a replica pins up in Redis for others to read.

That it lives, what holds it up, and which stage each of its uploads is in: only what is told to
people rests on it, never what becomes of an upload. Times are Redis's own, so that the clocks of
hosts need not agree.
"""

import asyncio
import json
import os
import socket
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta

import structlog
from redis.exceptions import RedisError

from consumers.stream import Claimed, Client, Keys
from consumers.vitals import Vitals

log = structlog.get_logger(__name__)

SIGN_OF_LIFE = timedelta(seconds=2)
"""How often a replica says that its event loop goes round."""
STAGE_PAUSE = timedelta(milliseconds=250)
"""Stages that follow one another faster are not all written: only where an upload is matters."""

# The time stands before the value: who reads it needs no second key.
PIN = """
local now = redis.call('TIME')
local at = string.format('%d', now[1] * 1000 + math.floor(now[2] / 1000))
for index = 1, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[index], at .. ' ' .. ARGV[index + 1])
end
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a replica says of itself."""

    name: str
    """Its consumers are called `<name>-<number>`."""
    host: str
    pid: int
    slots: int
    """Uploads that it reads at once; 0 with OCR switched off."""
    obstacles: dict[str, float] = field(default_factory=dict)
    """What keeps it from claiming, by name, and for how many seconds it has."""
    vitals: Vitals | None = None
    backfill_slots: int = 0
    """Of these, uploads of an archive at most."""


class Bulletin:
    """What one replica pins up.

    Args:
        client: Redis.
        keys: the queue.
        name: of the replica.
        slots: uploads that it reads at once; 0 with OCR switched off.
        obstacles: what keeps it from claiming now, by name.
        vitals: asked for each notice.
        backfill_slots: uploads of an archive that it reads at once.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        name: str,
        slots: int,
        obstacles: Collection[str],
        vitals: Callable[[], Vitals | None] = lambda: None,
        backfill_slots: int = 0,
    ) -> None:
        self._client = client
        self._keys = keys
        self._name = name
        self._slots = slots
        self._backfill_slots = backfill_slots
        self._obstacles = obstacles
        self._vitals = vitals
        self._hindered_since: dict[str, float] = {}
        self._stages: dict[str, str | None] = {}
        self._changed = asyncio.Event()

    def show_stage(self, claimed: Claimed, stage: str, page: int | None) -> None:
        """An entry has come to a stage."""
        self._put(claimed, json.dumps([stage, page]))

    def forget(self, claimed: Claimed) -> None:
        """An entry has left the replica's hands."""
        self._put(claimed, None)

    def _put(self, claimed: Claimed, stage: str | None) -> None:
        self._stages[stage_field(claimed.entry_id, claimed.consumer)] = stage
        self._changed.set()

    async def run(self) -> None:
        """Keep it up to date until cancelled, then take down the notice."""
        try:
            while True:
                await self._pin()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), SIGN_OF_LIFE.total_seconds())
                    await asyncio.sleep(STAGE_PAUSE.total_seconds())
        finally:
            with suppress(RedisError, OSError):
                await self._client.hdel(self._keys.replicas, self._name)

    def _notice(self) -> str:
        now = time.monotonic()
        self._hindered_since = {
            each: self._hindered_since.get(each, now) for each in tuple(self._obstacles)
        }
        hindered_for = {each: now - since for each, since in self._hindered_since.items()}
        notice = Notice(
            self._name,
            socket.gethostname(),
            os.getpid(),
            self._slots,
            hindered_for,
            self._vitals(),
            self._backfill_slots,
        )
        return json.dumps(asdict(notice))

    async def _pin(self) -> None:
        stages, self._stages = self._stages, {}
        self._changed.clear()
        gone = [field for field, stage in stages.items() if stage is None]
        shown = [part for name, stage in stages.items() if stage for part in (name, stage)]
        try:
            async with self._client.pipeline(transaction=False) as commands:
                commands.eval(PIN, 1, self._keys.replicas, self._name, self._notice())
                if shown:
                    commands.eval(PIN, 1, self._keys.stages, *shown)
                if gone:
                    commands.hdel(self._keys.stages, *gone)
                await commands.execute()
        except (RedisError, OSError) as error:
            self._stages = {**stages, **self._stages}
            log.debug("bulletin not pinned", error=str(error))


def stage_field(entry_id: str, consumer: str) -> str:
    """Where the stage of an entry stands; a reclaimed one has a place for each of its owners."""
    return f"{entry_id} {consumer}"
