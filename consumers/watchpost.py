"""A watcher with all that it needs, as every replica and `cricksy-ocr watch` run it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from consumers.alerts.finding import Alert
from consumers.alerts.forms import Form, form_of
from consumers.alerts.lookout import Lookout
from consumers.alerts.outage import RedisOutage
from consumers.alerts.telling import Telling
from consumers.alerts.webhook import Webhook
from consumers.background import pause
from consumers.canary import Canary
from consumers.connection import connect
from consumers.settings import Settings
from consumers.stream import Keys
from consumers.stuck import Patience
from consumers.watch import Watcher
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore

log = structlog.get_logger(__name__)

RETRIES = 1
"""Of a command to Redis: its absence is to be noticed soon."""
PAUSE = timedelta(seconds=1)
"""Between looks whether this watcher holds the lock by now."""


class Watchpost:
    """Watches, tells, and sends canaries.

    Args:
        settings: of this process.
        database: PostgreSQL.
        objects: the object store.
        name: who watches.
        show: told of each alert that fires or resolves, too.
        stands_in: it watches only while no replica does.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        objects: ObjectStore,
        name: str,
        show: Callable[[Alert], None] | None = None,
        *,
        stands_in: bool = False,
    ) -> None:
        keys = Keys(settings.stream, settings.group)
        self._client = connect(
            settings.redis_url.get_secret_value(), settings.stream, retries=RETRIES
        )
        self._canary_interval = settings.canary_seconds
        self._canary = Canary(self._client, keys, database, objects, settings.s3_bucket)
        self._telling = Telling(_webhook(settings), show)
        self._lookout = Lookout(
            self._client,
            keys,
            database,
            Patience(settings.lease_seconds, settings.upload_timeout_seconds),
            self._telling,
            object_store=partial(objects.ping, settings.s3_bucket),
            canary=self._canary.seen,
            seen_by=name,
        )
        outage = RedisOutage(database, settings.stream, self._telling, name)
        self._watcher = Watcher(
            self._client, keys, database, self._lookout, outage, stands_in=stands_in
        )

    async def run(self) -> None:
        """Watch until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watcher.run())
                tasks.create_task(self._telling.run())
                if self._canary_interval:
                    tasks.create_task(self._send_canaries())
        finally:
            await self._client.aclose()

    async def look_once(self) -> list[Alert]:
        """What is wrong at this moment, whether it has lasted or not; tells nobody else."""
        try:
            return await self._lookout.look_once()
        finally:
            await self._client.aclose()

    async def _send_canaries(self) -> None:
        """Only while nobody else does."""
        while True:
            if self._watcher.holds_lock:
                try:
                    await self._canary.send()
                except Exception:
                    # A table of the backend's own may refuse the row: watching goes on.
                    log.exception("canary not sent")
                await pause(self._canary_interval)
            else:
                self._canary.last = None
                await pause(PAUSE)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.alert_webhook_url is None:
        return None
    url = settings.alert_webhook_url.get_secret_value()
    form = Form(settings.alert_webhook_form) if settings.alert_webhook_form else form_of(url)
    return Webhook(url, form, settings.stream)
