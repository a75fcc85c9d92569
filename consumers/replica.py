"""One replica: what it holds open, how it becomes ready, and how it leaves."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import structlog
from redis.exceptions import RedisError

from consumers import retry, stream
from consumers.children import Child, ChildLimits, ReadCard
from consumers.handler import Handler
from consumers.lease import LeaseKeeper
from consumers.progress import ProgressListener
from consumers.reader import Reader
from consumers.settings import Settings
from consumers.settlement import RetryPolicy, Settlement
from consumers.slot import Claiming
from consumers.stream import Claimed, Keys
from consumers.watch import Watcher
from otel.provider import start_tracing
from pipeline.errors import DatabaseUnavailable
from pipeline.stages import read
from pipeline.storage.database import Database
from pipeline.storage.migrate import MigrationError, migrate
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress

log = structlog.get_logger(__name__)

SERVICE = "cricksy-ocr"
WORKER_GRACE = timedelta(seconds=25)
"""`faststream run --workers` kills a worker 30 s after it asked it to end."""
MOVE_INTERVAL = 1.0
"""Seconds between looks at the entries that wait for another try."""
MIGRATE_INTERVAL = 1.0


class Slot:
    """A place for one upload in work: a consumer name and a child process."""

    def __init__(self, consumer: str, child: Child, handler: Handler) -> None:
        self.consumer = consumer
        self.child = child
        self._handler = handler

    async def handle(self, claimed: Claimed) -> None:
        """Carry one entry to its end."""
        await self._handler.handle(claimed, self.child)


class Replica:
    """Everything that the slots of one process share.

    Args:
        settings: of this process.
        read_card: what the children run; another one only in tests.
    """

    def __init__(self, settings: Settings, read_card: ReadCard = read) -> None:
        url = settings.redis_url.get_secret_value()
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.keys = Keys(settings.stream, settings.group)
        self.claiming = Claiming(self.keys, settings.lease_seconds, allowed=False)
        self._grace = settings.shutdown_grace_seconds
        self._client = stream.connect(url)
        self._database_url = settings.database_url.get_secret_value()
        self._database = Database(self._database_url, max_connections=settings.concurrency + 2)
        self._progress = ProgressListener()
        self._leases = LeaseKeeper(url, self.keys, settings.lease_seconds)
        self._objects = object_store(settings)
        retries = RetryPolicy(settings.max_retries, settings.retry_delay_seconds)
        self._handler = Handler(
            self._client,
            self.keys,
            self._database,
            Reader(self._database, self._objects, settings.limits.max_bytes),
            Settlement(self._client, self.keys, self._database, retries),
            self._leases,
            settings.max_deliveries,
        )
        limits = ChildLimits(settings.max_tasks_per_child, settings.upload_timeout_seconds)
        self.slots = tuple(
            Slot(
                f"{self.name}-{number}",
                Child(settings.reading, limits, self._progress, read_card),
                self._handler,
            )
            for number in range(settings.concurrency)
        )
        self._background: list[asyncio.Task[None]] = []
        self._ready = asyncio.Event()
        self._exit_code = 0

    @property
    def drain_limit(self) -> timedelta:
        """How long FastStream waits for handlers: past our own grace, which ends them."""
        return self._grace + timedelta(seconds=5)

    @asynccontextmanager
    async def lifespan(self, worker_id: int | None = None) -> AsyncIterator[None]:
        """Open what the slots need, and close it when they have ended.

        Args:
            worker_id: set under `--workers`.

        Raises:
            SystemExit: the replica could not go on; the code is not 0.
        """
        if worker_id is not None:
            self._grace = min(self._grace, WORKER_GRACE)
        tracing = start_tracing(SERVICE, version(SERVICE), self.name)
        await self._progress.start()
        await self._database.open()
        for slot in self.slots:
            slot.child.start()
        with self._leases:
            self._in_background(self._become_ready())
            self._in_background(self._move_due_retries())
            self._in_background(self._watch())
            log.info("replica started", replica=self.name, slots=len(self.slots))
            try:
                yield
            finally:
                await self._close()
        await asyncio.to_thread(tracing.shutdown)
        log.info("replica left", replica=self.name)
        if self._exit_code:
            sys.exit(self._exit_code)

    async def leave(self) -> None:
        """Claim no more; what is not finished within the grace period is handed back."""
        log.info("replica leaves", replica=self.name, in_work=self._handler.in_work)
        self.claiming.allowed = False
        self._in_background(self._interrupt_after_grace())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        self._background.append(asyncio.create_task(work))

    async def _become_ready(self) -> None:
        """Bring the database up to date, then let the slots claim."""
        while True:
            try:
                applied = await migrate(self._database_url)
            except DatabaseUnavailable as error:
                log.warning("waiting for postgresql", error=str(error))
                await asyncio.sleep(MIGRATE_INTERVAL)
            except MigrationError as error:
                self._give_up(str(error))
                return
            else:
                break
        if applied:
            log.info("database migrated", applied=applied)
        self.claiming.allowed = True
        self._ready.set()
        log.info("replica ready", replica=self.name)

    def _give_up(self, reason: str) -> None:
        log.critical("replica cannot go on", reason=reason)
        self._exit_code = 1
        os.kill(os.getpid(), signal.SIGTERM)

    async def _move_due_retries(self) -> None:
        while True:
            try:
                moved = await retry.move_due(self._client, self.keys)
                if moved:
                    log.info("retries due", moved=moved)
            except (RedisError, OSError) as error:
                log.debug("retries not moved", error=str(error))
            await asyncio.sleep(MOVE_INTERVAL)

    async def _watch(self) -> None:
        await self._ready.wait()
        await Watcher(self._client, self.keys, self._database).run()

    async def _interrupt_after_grace(self) -> None:
        await asyncio.sleep(self._grace.total_seconds())
        self._handler.interrupt_all()

    async def _close(self) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(slot.child.stop) for slot in self.slots))
        self._progress.stop()
        with contextlib.suppress(RedisError, OSError):
            await stream.leave(self._client, self.keys, [slot.consumer for slot in self.slots])
        await self._client.aclose()
        await self._database.close()
        self._objects.close()


def object_store(settings: Settings) -> ObjectStore:
    """The object store that the settings name."""
    return ObjectStore(
        ObjectStoreAddress(
            settings.s3_endpoint_url,
            settings.s3_access_key.get_secret_value() if settings.s3_access_key else None,
            settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else None,
            settings.s3_region,
        )
    )
