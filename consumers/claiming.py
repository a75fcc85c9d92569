"""Whether entries may be claimed now, and which count as stalled: what a replica's slots share."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from redis.exceptions import RedisError

from consumers import pause, stream
from consumers.rounds import Rounds
from consumers.sharing import Share
from consumers.stream import Client, Keys
from pipeline.errors import Transient

log = structlog.get_logger(__name__)

RECLAIM_INTERVAL = 0.5
"""Seconds between looks for what stalled or was handed back: one look is one short command."""
PROBE_INTERVAL = 1.0
"""Seconds between questions to a server that is away."""
PAUSE_INTERVAL = 1.0
"""Seconds between looks whether claiming is paused; each claim tells it besides."""
RESUME_INTERVAL = 0.25
"""Seconds between looks whether it still is."""
PAUSED = "paused"
"""The obstacle that an operator is."""
STARTING = "starting"
"""The obstacle that a replica is to itself until its database and children are ready."""


@dataclass(frozen=True, slots=True)
class Server:
    """One without which nothing can be read."""

    name: str
    away: asyncio.Event
    """Set by whoever finds it away."""
    ping: Callable[[], Awaitable[None]]
    """Raises `Transient` while it is away."""


@dataclass(slots=True)
class Claiming:
    """What the slots of one replica share about claiming."""

    keys: Keys
    lease: timedelta
    leases_in_doubt: Callable[[], bool] = lambda: False
    """Whether an entry may be idle though its consumer lives."""
    obstacles: set[str] = field(default_factory=set)
    """What stands in the way of claiming, by name."""
    rounds: Rounds = field(default_factory=Rounds)
    """How the read loops go round."""
    share: Share = field(default_factory=Share)
    """What of an archive may be read."""
    _next_reclaim: float = 0.0

    @property
    def allowed(self) -> bool:
        """Whether entries may be claimed now."""
        return not self.obstacles

    @property
    def stalled_after(self) -> timedelta:
        """The idle time from which an entry is reclaimed; in doubt, only what was handed back."""
        return stream.LONG_IDLE if self.leases_in_doubt() else self.lease

    def reclaim_is_due(self) -> bool:
        """Whether to look for stalled entries in this round; one slot at a time does."""
        now = time.monotonic()
        if now < self._next_reclaim:
            return False
        self._next_reclaim = now + min(self.lease.total_seconds() / 8, RECLAIM_INTERVAL)
        return True

    def reclaim_again(self) -> None:
        """Something stalled was found: look for more in the next round."""
        self._next_reclaim = 0.0

    async def hold_while_paused(self, client: Client) -> None:
        """Claim nothing while an operator wants it so; runs until it is cancelled."""
        while True:
            try:
                paused = await pause.is_paused(client, self.keys)
            except (RedisError, OSError) as error:
                log.debug("pause not known", error=str(error))
            else:
                self.hold(paused=paused)
            await asyncio.sleep(RESUME_INTERVAL if PAUSED in self.obstacles else PAUSE_INTERVAL)

    def hold(self, *, paused: bool) -> None:
        """Redis has told whether an operator has paused claiming."""
        if paused and PAUSED not in self.obstacles:
            log.warning("claiming nothing", until="an operator resumes")
            self.obstacles.add(PAUSED)
        elif not paused and PAUSED in self.obstacles:
            self.obstacles.discard(PAUSED)
            log.info("claiming again", after="a pause")

    async def hold_while_away(self, server: Server) -> None:
        """Claim nothing while a server is known to be away; runs until it is cancelled.

        Else the whole backlog would be claimed in vain and use up its retries.
        """
        while True:
            await server.away.wait()
            self.obstacles.add(server.name)
            log.warning("claiming nothing", until=f"{server.name} answers")
            while server.away.is_set():
                try:
                    await server.ping()
                except Transient:
                    await asyncio.sleep(PROBE_INTERVAL)
                else:
                    server.away.clear()
            self.obstacles.discard(server.name)
            log.info("claiming again", server=server.name)
