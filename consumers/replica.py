"""One replica: what it holds open, how it becomes ready, and how it leaves."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

from consumers import retry
from consumers.background import Background, pause
from consumers.bulletin import Bulletin
from consumers.child_process import ReadCard
from consumers.children import Child, ChildLimits
from consumers.claiming import STARTING, Claiming, Server
from consumers.connection import connect
from consumers.handler import Handler
from consumers.health import Health
from consumers.lease import LeaseKeeper
from consumers.membership import leave
from consumers.object_store import object_store
from consumers.orphans import end_with_parent, pid_of_parent
from consumers.probes import ProbeServer
from consumers.progress import ProgressListener
from consumers.reader import Reader
from consumers.retry import Backoff
from consumers.service_manager import ServiceManager
from consumers.settings import Settings
from consumers.settlement import RetryPolicy, Settlement
from consumers.sharing import Share
from consumers.startup import Startup
from consumers.stream import Claimed, Keys
from consumers.supervisor import CANNOT_GO_ON
from consumers.vitals import Vitals, VitalSigns
from consumers.watchpost import Watchpost
from otel import metrics
from otel.metrics import ReplicaFigures
from otel.provider import SERVICE, start_telemetry
from pipeline.storage.database import Database
from pipeline.storage.migrate import MigrationError

log = structlog.get_logger(__name__)

LEAVING = "leaving"
DRAIN = timedelta(seconds=3)
"""Past the grace period, for handlers to hand back what they have in work."""
LAST_COMMANDS = timedelta(seconds=3)
"""For leaving the group, and for the last spans; a server may be away or hung."""
LAST_THREADS = timedelta(seconds=2)
"""For what is left once everything is closed."""
MOVE_INTERVAL = timedelta(seconds=1)
"""Between looks at the entries that wait for another try."""
REVIVE_INTERVAL = 1.0
"""Seconds between looks at the children that have nothing to do."""


class Slot:
    """A place for one upload in work: a consumer name and a child process."""

    def __init__(self, consumer: str, child: Child, handler: Handler, signs: VitalSigns) -> None:
        self.consumer = consumer
        self.child = child
        self._handler = handler
        self._signs = signs

    async def handle(self, claimed: Claimed) -> None:
        """Carry one entry to its end."""
        await self._handler.handle(claimed, self.child)
        self._signs.done += 1


class Replica:
    """Everything that the slots of one process share.

    Args:
        settings: of this process.
        read_card: what the children run in place of the stages; only in tests.
    """

    def __init__(self, settings: Settings, read_card: ReadCard | None = None) -> None:
        url = settings.redis_url.get_secret_value()
        # Containers may share a host's name, and in each of them process ids begin at 1.
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:4]}"
        self.keys = Keys(settings.stream, settings.group)
        self._leases = LeaseKeeper(url, self.keys, settings.lease_seconds)
        self.claiming = Claiming(
            self.keys,
            settings.lease_seconds,
            lambda: self._leases.in_doubt,
            {STARTING},
            share=Share(settings.backfill_concurrency),
        )
        self._grace = settings.shutdown_grace_seconds
        self._client = connect(url, settings.stream)
        database_url = settings.database_url.get_secret_value()
        self._database = Database(database_url, max_connections=settings.concurrency + 2)
        self._progress = ProgressListener()
        self._objects = object_store(settings)
        self._bucket = settings.s3_bucket
        retries = RetryPolicy(settings.max_retries, Backoff(settings.retry_delay_seconds))
        self._signs = VitalSigns()
        self._bulletin = Bulletin(
            self._client,
            self.keys,
            self.name,
            settings.concurrency if settings.enable_ocr else 0,
            self.claiming.obstacles,
            self._vitals,
            backfill_slots=settings.backfill_concurrency if settings.enable_ocr else 0,
        )
        self._handler = Handler(
            self._client,
            self.keys,
            self._database,
            Reader(self._database, self._objects, settings.limits.max_bytes),
            Settlement(self._client, self.keys, self._database, retries),
            self._leases,
            self._bulletin,
            settings.max_deliveries,
        )
        limits = ChildLimits(settings.max_tasks_per_child, settings.upload_timeout_seconds)
        self.slots = tuple(
            Slot(
                f"{self.name}-{number}",
                Child(settings.reading, limits, self._progress, read_card),
                self._handler,
                self._signs,
            )
            for number in range(settings.concurrency)
        )
        self._probe_port = settings.probe_port
        pings = {server.name: server.ping for server in self._servers()}
        self._health = Health(
            self.claiming.rounds, {"redis": self._client.ping, **pings}, self._hindrances
        )
        self._manager = ServiceManager(self._health, self._doing)
        self._background = Background(self._give_up)
        self._watchpost = Watchpost(settings, self._database, self._objects, self.name)
        self._startup = Startup(database_url, [slot.child for slot in self.slots])
        self._exit_code = 0

    @property
    def drain_limit(self) -> timedelta:
        """How long FastStream waits for handlers: past our own grace, which ends them."""
        return self._grace + DRAIN

    @asynccontextmanager
    async def lifespan(self, worker_id: int | None = None) -> AsyncIterator[None]:
        """Open what the slots need, and close it when they have ended.

        Args:
            worker_id: set under `--workers`.

        Raises:
            SystemExit: the replica could not go on; the code is not 0.
        """
        if worker_id is not None:
            # It may have died while this worker was starting.
            end_with_parent(pid_of_parent(), signal.SIGTERM)
            # It knows the parent, and one worker's signs of life would hide another's hang.
            self._manager.silence()
        telemetry = start_telemetry(
            SERVICE, version(SERVICE), self.name, scraped=bool(self._probe_port)
        )
        metrics.set_replica(self._figures())
        await self._progress.start()
        await self._database.open()
        port = self._probe_port and self._probe_port + (worker_id or 0)
        with self._leases, ProbeServer(port, self._health, telemetry.page):
            if port or self._manager.listens:
                self._background.start(self._health.watch())
            self._background.start(self._manager.run())
            self._background.start(self._bulletin.run())
            self._background.start(self._become_ready())
            self._background.start(self._move_due_retries())
            self._background.start(self._keep_children())
            self._background.start(self.claiming.hold_while_paused(self._client))
            self._background.start(self._watch())
            for server in self._servers():
                self._background.start(self.claiming.hold_while_away(server))
            log.info("replica started", replica=self.name, slots=len(self.slots))
            try:
                yield
            finally:
                await self._close()
        await asyncio.to_thread(telemetry.close, LAST_COMMANDS)
        log.info("replica left", replica=self.name)
        self._end_at_last(LAST_THREADS)
        if self._exit_code:
            sys.exit(self._exit_code)

    def _servers(self) -> tuple[Server, ...]:
        """Without which nothing can be read."""
        ping_objects = partial(self._objects.ping, self._bucket)
        return (
            Server("postgresql", self._database.away, self._database.ping),
            Server("s3", self._objects.away, ping_objects),
        )

    def _hindrances(self) -> list[str]:
        """What else keeps it from reading."""
        found = sorted(self.claiming.obstacles & {STARTING, LEAVING})
        if not any(slot.child.pid for slot in self.slots):
            found.append("no child process is alive")
        return found

    def _doing(self) -> str:
        return f"{self._handler.in_work} of {len(self.slots)} slots read; {self._signs.done} done."

    def _vitals(self) -> Vitals:
        children = [slot.child for slot in self.slots]
        return self._signs.taken(
            [each.memory for each in children], sum(each.replaced for each in children)
        )

    def _figures(self) -> ReplicaFigures:
        return ReplicaFigures(
            slots=len(self.slots),
            in_work=lambda: self._handler.in_work,
            child_memory=lambda: {
                str(number): used
                for number, slot in enumerate(self.slots)
                if (used := slot.child.memory) is not None
            },
            ready=(lambda: not self._health.obstacles()) if self._probe_port else None,
        )

    def claim_no_more(self) -> None:
        """It is about to leave."""
        self.claiming.obstacles.add(LEAVING)

    async def leave(self) -> None:
        """Claim no more; what is not finished within the grace period is handed back."""
        log.info("replica leaves", replica=self.name, in_work=self._handler.in_work)
        self.claim_no_more()
        self._manager.leaving()
        self._background.start(self._interrupt_after_grace())
        self._end_at_last(self.drain_limit + 2 * LAST_COMMANDS)

    def _end_at_last(self, patience: timedelta) -> None:
        """End this process then even if a thread or a wait for a hung server never ends."""
        timer = threading.Timer(patience.total_seconds(), self._end_now)
        timer.daemon = True
        timer.start()

    def _end_now(self) -> None:
        log.warning("replica ends before all its waits have ended", replica=self.name)
        os._exit(self._exit_code)

    async def _become_ready(self) -> None:
        """Let the slots claim once everything that they need is there."""
        try:
            await self._startup.run()
        except MigrationError as error:
            self._give_up(str(error))
        else:
            self.claiming.obstacles.discard(STARTING)
            log.info("replica ready", replica=self.name)

    def _give_up(self, reason: str) -> None:
        log.critical("replica cannot go on", reason=reason)
        self._exit_code = CANNOT_GO_ON
        os.kill(os.getpid(), signal.SIGTERM)

    async def _move_due_retries(self) -> None:
        while True:
            try:
                moved = await retry.move_due(self._client, self.keys)
                if moved:
                    log.info("retries due", moved=moved)
            except (RedisError, OSError) as error:
                log.debug("retries not moved", error=str(error))
            await pause(MOVE_INTERVAL)

    async def _keep_children(self) -> None:
        while True:
            for slot in self.slots:
                slot.child.revive()
            await asyncio.sleep(REVIVE_INTERVAL)

    async def _watch(self) -> None:
        await self._startup.migrated.wait()
        await self._watchpost.run()

    async def _interrupt_after_grace(self) -> None:
        await asyncio.sleep(self._grace.total_seconds())
        self._handler.interrupt_all()

    async def _close(self) -> None:
        await asyncio.gather(self._leave_group(), self._background.stop(LAST_COMMANDS))
        await asyncio.gather(*(asyncio.to_thread(slot.child.stop) for slot in self.slots))
        self._progress.stop()
        await self._client.aclose()
        await self._database.close()
        self._objects.close()

    async def _leave_group(self) -> None:
        try:
            async with asyncio.timeout(LAST_COMMANDS.total_seconds()):
                await leave(self._client, self.keys, [slot.consumer for slot in self.slots])
        except (RedisError, OSError, TimeoutError) as error:
            # What it still holds is reclaimed when its lease has run out.
            log.warning("group not left", error=str(error))
