"""The watcher: one replica at a time looks after what no single upload's handler can see.

It raises alerts, publishes again what Redis has lost, and forgets the dead.
"""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

import structlog
from redis.exceptions import LockError, RedisError

from consumers.alerts.lookout import Lookout
from consumers.alerts.outage import RedisOutage
from consumers.background import pause
from consumers.claiming import STARTING
from consumers.membership import forget_notices, forget_the_dead
from consumers.queue import replicas_of
from consumers.reconcile import SETTLED_FOR, reconcile
from consumers.stream import Client, Keys
from consumers.unhurried import Unhurried
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database

log = structlog.get_logger(__name__)

INTERVAL = timedelta(seconds=5)
DEAD_AFTER = timedelta(minutes=10)
"""A killed replica's consumers stay in the group so long: who looks there sees that it was."""
LOCK_LIFE = timedelta(seconds=15)
"""How long the lock outlives a watcher that was killed."""
RENEWALS = 5
"""In the life of a lock: a round may wait for a server that hangs."""


class Watcher:
    """Looks and keeps house every few seconds, while it holds the lock.

    Args:
        client: Redis; the lock is there, so that it goes with Redis's memory and its holder's life.
        keys: the queue.
        database: PostgreSQL.
        lookout: raises alerts; None where only the house is kept.
        outage: tells of it when Redis itself is away.
        settled_for: uploads that changed more recently are not missed.
        stands_in: it watches only while no replica does, for a replica shows the queue's figures
            where Prometheus scrapes them.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        database: Database,
        lookout: Lookout | None = None,
        outage: RedisOutage | None = None,
        *,
        settled_for: timedelta = SETTLED_FOR,
        stands_in: bool = False,
    ) -> None:
        self._stands_in = stands_in
        self._settled_for = settled_for
        self._client = client
        self._keys = keys
        self._database = database
        self._lookout = lookout
        self._outage = outage
        self._lock = client.lock(
            keys.watcher, timeout=LOCK_LIFE.total_seconds(), blocking=False, thread_local=False
        )
        self._mine_until = 0.0
        self._unhurried = Unhurried()
        self._won = asyncio.Event()
        """Set when the lock has become this watcher's: the one before may have left something
        undone, or Redis has lost the lock with all else."""

    @property
    def holds_lock(self) -> bool:
        """Whether nobody else can watch at the moment."""
        return time.monotonic() < self._mine_until

    async def run(self) -> None:
        """Watch until cancelled; the lock is then free for the next."""
        beside = [asyncio.create_task(each) for each in (self._hold(), self._search())]
        try:
            while True:
                await self.round()
                await pause(INTERVAL)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self.let_go()

    async def round(self) -> None:
        """One look, and what follows from it; raises nothing."""
        try:
            mine = await self._is_due()
            if mine:
                await self._look()
            else:
                self._rest()
            keeps_house = mine and not self._finds_postgresql_away
            if keeps_house:
                await self._keep_house()
            if self._outage is not None:
                await self._outage.is_over(holder=keeps_house)
        except (RedisError, OSError) as error:
            log.debug("not watching", error=str(error))
            if self._lookout is not None:
                self._lookout.pause()
            if self._outage is not None:
                await self._outage.goes_on(str(error))
        except Exception:
            log.exception("the watcher stumbled")

    @property
    def _finds_postgresql_away(self) -> bool:
        """Its last look has told; to wait for it once more would put off the next look."""
        return self._lookout is not None and self._database.away.is_set()

    async def _is_due(self) -> bool:
        """Whether it is on this watcher to look, and nobody else can."""
        if self._stands_in and await _replicas_watch(self._client, self._keys):
            await self.let_go()
            return False
        return self.holds_lock or await self._is_mine()

    async def _look(self) -> None:
        if self._lookout is None:
            return
        try:
            await self._lookout.look()
        except (RedisError, OSError):
            raise
        except Exception:
            # Whatever it is: lost uploads are published again all the same.
            log.exception("the watcher stumbled")

    def _rest(self) -> None:
        if self._lookout is not None:
            self._lookout.rest()

    async def _keep_house(self) -> None:
        await forget_the_dead(self._client, self._keys, silent_for=DEAD_AFTER)
        await forget_notices(self._client, self._keys)

    async def search(self) -> None:
        """Publish again what Redis has lost; raises nothing.

        It rests after each page, unless the lock has been won since the last search began.
        """
        self._unhurried.begin()
        try:
            await reconcile(
                self._client,
                self._keys,
                self._database,
                settled_for=self._settled_for,
                rest=self._unhurried.rest,
            )
        except DatabaseUnavailable as error:
            log.warning("not reconciled", error=str(error))
        except (RedisError, OSError) as error:
            log.debug("not reconciled", error=str(error))
        except Exception:
            log.exception("the search for lost uploads stumbled")

    async def _search(self) -> None:
        while True:
            self._won.clear()
            if self.holds_lock and not self._finds_postgresql_away:
                await self.search()
            await pause(timedelta(0))
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL.total_seconds()):
                    await self._won.wait()

    async def _hold(self) -> None:
        """Renew the lock, or try to get it; a round that takes long loses it not."""
        while True:
            await pause(LOCK_LIFE / RENEWALS)
            if self._stands_in and not self.holds_lock:
                continue
            try:
                await self._is_mine()
            except (RedisError, OSError) as error:
                log.debug("lock not renewed", error=str(error))

    async def _is_mine(self) -> bool:
        asked = time.monotonic()
        if await self._lock.owned():
            await self._lock.reacquire()
        elif await self._lock.acquire(blocking=False):
            self._won.set()
            self._unhurried.hurry()
        else:
            self._mine_until = 0.0
            return False
        self._mine_until = asked + LOCK_LIFE.total_seconds()
        return True

    async def let_go(self) -> None:
        """Free the lock for the next, if it is held."""
        self._mine_until = 0.0
        try:
            if await self._lock.owned():
                await self._lock.release()
        except (LockError, RedisError, OSError) as error:
            log.debug("lock not released", error=str(error))


async def _replicas_watch(client: Client, keys: Keys) -> bool:
    """Whether a replica lives that has started, and so would take the lock within seconds."""
    replicas = await replicas_of(client, keys)
    return any(each.lives and STARTING not in each.obstacles for each in replicas)
