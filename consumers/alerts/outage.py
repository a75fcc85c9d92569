"""Redis is away: nobody can hold the lock, and yet people are told once.

Every watcher notices. They agree in PostgreSQL on who tells; where that is away as well, each tells
for itself, once.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from consumers.alerts import NAMES
from consumers.alerts.about_servers import REDIS, REDIS_AWAY, unreachable
from consumers.alerts.finding import Alert, Away, Condition, raised
from consumers.alerts.memory import ALERT
from consumers.alerts.telling import Telling
from otel import metrics
from otel.metrics import QueueFigures
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database
from pipeline.storage.outages import claim_outage, end_outage

log = structlog.get_logger(__name__)


class RedisOutage:
    """What one watcher knows of an outage of Redis.

    Args:
        database: PostgreSQL.
        stream: which queue it is about.
        telling: where alerts go.
        seen_by: who watches.
        condition: how long it has to last, and to be gone.
    """

    def __init__(
        self,
        database: Database,
        stream: str,
        telling: Telling,
        seen_by: str,
        condition: Condition = REDIS_AWAY,
    ) -> None:
        self._condition = condition
        self._database = database
        self._stream = stream
        self._telling = telling
        self._seen_by = seen_by
        self._since: float | None = None
        self._told_alone: Alert | None = None
        """What was told without asking anybody."""
        self._shown = False

    async def goes_on(self, error: str) -> None:
        """Redis does not answer."""
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        lasts = timedelta(seconds=now - self._since)
        if lasts < self._condition.raise_after or self._told_alone is not None:
            return
        finding = unreachable("redis", Away(error, lasts))
        alert = raised(self._condition, finding, datetime.now(UTC), self._seen_by)
        try:
            # Also where it has been told: that it is still away is noted thereby.
            first = await claim_outage(
                self._database, self._stream, ALERT.dump_python(alert, mode="json")
            )
        except DatabaseUnavailable:
            self._told_alone = alert
            first = True
        if first:
            self._telling.tell(alert)
            self._shown = True
            metrics.set_queue(QueueFigures(alerts={**dict.fromkeys(NAMES, 0), REDIS: 1}))

    async def is_over(self, *, holder: bool) -> None:
        """Redis answers.

        Args:
            holder: whether this watcher holds the lock again, and so resolves what another told.
        """
        self._since = None
        if self._shown:
            self._shown = False
            metrics.clear_queue()
        if self._told_alone is not None:
            self._resolve(self._told_alone)
            self._told_alone = None
        if holder:
            try:
                told = await end_outage(self._database, self._stream, self._condition.clear_after)
            except DatabaseUnavailable as error:
                log.debug("outage not resolved yet", error=str(error))
            else:
                if told is not None:
                    self._resolve(ALERT.validate_python(told, strict=False))

    def _resolve(self, alert: Alert) -> None:
        self._telling.tell(replace(alert, resolved_at=datetime.now(UTC)))
