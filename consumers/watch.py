"""The watcher: one replica at a time looks after what no single upload's handler can see."""

import asyncio
from datetime import timedelta

import structlog
from redis.exceptions import LockError, RedisError

from consumers.membership import forget_the_dead
from consumers.reconcile import SETTLED_FOR, reconcile
from consumers.stream import Client, Keys
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database

log = structlog.get_logger(__name__)

INTERVAL = timedelta(seconds=5)
DEAD_AFTER = timedelta(minutes=10)
"""A killed replica's consumers stay in the group so long: who looks there sees that it was."""
LOCK_LIFE = timedelta(seconds=30)
"""How long the lock outlives a watcher that was killed."""


class Watcher:
    """Reconciles every few seconds, while it holds the lock.

    Args:
        client: Redis; the lock is there, so that it goes with Redis's memory and its holder's life.
        keys: the queue.
        database: PostgreSQL.
        settled_for: uploads that changed more recently are not missed.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        database: Database,
        *,
        settled_for: timedelta = SETTLED_FOR,
    ) -> None:
        self._settled_for = settled_for
        self._client = client
        self._keys = keys
        self._database = database
        self._lock = client.lock(
            keys.watcher, timeout=LOCK_LIFE.total_seconds(), blocking=False, thread_local=False
        )

    async def run(self) -> None:
        """Watch until cancelled; the lock is then free for the next."""
        try:
            while True:
                await self._round()
                await asyncio.sleep(INTERVAL.total_seconds())
        finally:
            await self._let_go()

    async def _round(self) -> None:
        try:
            if await self._is_mine():
                await reconcile(
                    self._client, self._keys, self._database, settled_for=self._settled_for
                )
                await forget_the_dead(self._client, self._keys, silent_for=DEAD_AFTER)
        except DatabaseUnavailable as error:
            log.warning("not reconciled", error=str(error))
        except (RedisError, OSError) as error:
            log.debug("not watching", error=str(error))
        except Exception:
            log.exception("the watcher stumbled")

    async def _is_mine(self) -> bool:
        if await self._lock.owned():
            await self._lock.reacquire()
            return True
        return bool(await self._lock.acquire(blocking=False))

    async def _let_go(self) -> None:
        try:
            if await self._lock.owned():
                await self._lock.release()
        except (LockError, RedisError, OSError) as error:
            log.debug("lock not released", error=str(error))
