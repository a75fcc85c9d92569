"""One look at everything: the queue, the servers, the canary; and what follows from it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from consumers.alerts import CONDITIONS, NAMES
from consumers.alerts.finding import Alert, Away, CanaryRound, Condition, Finding, View, raised
from consumers.alerts.hysteresis import Change, Hysteresis
from consumers.alerts.memory import AlertMemory
from consumers.alerts.telling import Telling
from consumers.queue import Snapshot, take_snapshot
from consumers.stream import Client, Keys
from consumers.stuck import Patience
from otel import metrics
from otel.metrics import QueueFigures
from pipeline.errors import OcrError
from pipeline.storage.database import Database

log = structlog.get_logger(__name__)

PATIENCE_WITH_SERVERS = timedelta(seconds=4)
"""A server that takes longer to give a sign of life counts as away."""

Ping = Callable[[], Awaitable[None]]
"""Raises an `OcrError` while the server is away."""


@dataclass(slots=True)
class _Server:
    """One that is asked for a sign of life in each round."""

    ping: Ping
    asked: "asyncio.Task[None] | None" = None
    """The question under way: a hung server is not asked again before it has answered."""
    away_since: float | None = None
    """By the monotonic clock."""
    error: str = ""

    async def look(self) -> None:
        if self.asked is None:
            self.asked = asyncio.ensure_future(self.ping())
        done, _ = await asyncio.wait({self.asked}, timeout=PATIENCE_WITH_SERVERS.total_seconds())
        error: BaseException | str | None = "it takes too long to answer"
        if done:
            error = self.asked.exception()
            self.asked = None
        if error is None:
            self.away_since = None
            return
        if isinstance(error, BaseException) and not isinstance(error, OcrError):
            raise error
        self.note(str(error))

    def note(self, error: str) -> None:
        self.error = error
        if self.away_since is None:
            self.away_since = time.monotonic()

    @property
    def away(self) -> Away | None:
        if self.away_since is None:
            return None
        return Away(self.error, timedelta(seconds=time.monotonic() - self.away_since))


class Lookout:
    """Looks, judges, remembers and tells, for as long as its watcher holds the lock.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        patience: how long what may last.
        object_store: asks S3 for a sign of life; None where nobody asks.
        telling: where alerts go.
        canary: how the last canary fared; None where none is sent.
        seen_by: who watches.
        conditions: what is judged.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        database: Database,
        patience: Patience,
        telling: Telling,
        *,
        object_store: Ping | None = None,
        canary: Callable[[], CanaryRound | None] = lambda: None,
        seen_by: str = "",
        conditions: Sequence[Condition] = CONDITIONS,
    ) -> None:
        self._client = client
        self._keys = keys
        self._database = database
        self._patience = patience
        self._telling = telling
        self._canary = canary
        self._memory = AlertMemory(client, keys)
        self._seen_by = seen_by
        self._conditions = conditions
        self._hysteresis = Hysteresis(conditions, seen_by)
        self._postgresql = _Server(database.ping)
        self._object_store = None if object_store is None else _Server(object_store)
        self._known: dict[str, Alert] | None = None
        self._age = ""

    async def look(self) -> None:
        """One round.

        Raises:
            RedisError: Redis does not answer.
        """
        await self._take_up()
        view = await self._view()
        known = self._known or {}
        for change in self._hysteresis.judge(view, known):
            await self._make_known(change)
        metrics.set_queue(figures(view, self._patience.lease, self._known or {}))

    async def look_once(self) -> list[Alert]:
        """All that is wrong now, raised or not; remembers and tells nothing.

        Raises:
            RedisError: Redis does not answer.
        """
        view = await self._view()
        found = [(condition, condition.find(view)) for condition in self._conditions]
        return [
            raised(condition, finding, view.snapshot.at, self._seen_by)
            for condition, finding in found
            if isinstance(finding, Finding)
        ]

    async def _view(self) -> View:
        snapshot = await self._snapshot()
        if self._object_store is not None:
            await self._object_store.look()
        return View(snapshot, self._patience, self._away(), self._canary())

    def pause(self) -> None:
        """Redis is away: what was true is shown no more, but what fires is remembered."""
        if self._known is not None:
            metrics.clear_queue()

    def rest(self) -> None:
        """Somebody else holds the lock: nothing is remembered, nothing shown."""
        if self._known is None:
            return
        self._known = None
        self._hysteresis = Hysteresis(self._conditions, self._seen_by)
        self._telling.adopt({})
        metrics.clear_queue()

    async def _take_up(self) -> None:
        """What fires stands in Redis; should Redis have lost it, in here."""
        age, stored = await self._memory.firing()
        if self._known is None:
            self._telling.adopt(stored)
        elif age != self._age:
            for name, alert in self._known.items():
                if name not in stored:
                    await self._memory.raise_(alert)
            stored = {**self._known, **stored}
        self._age, self._known = age, stored

    async def _snapshot(self) -> Snapshot:
        snapshot = await take_snapshot(self._client, self._keys, self._database)
        if snapshot.database_error is None:
            self._postgresql.away_since = None
        else:
            self._postgresql.note(snapshot.database_error)
        return snapshot

    def _away(self) -> Mapping[str, Away]:
        servers = {"postgresql": self._postgresql, "s3": self._object_store}
        return {
            name: server.away
            for name, server in servers.items()
            if server is not None and server.away is not None
        }

    async def _make_known(self, change: Change) -> None:
        alert = change.alert
        known = self._known if self._known is not None else {}
        if change.fires:
            known[alert.name] = alert
            mine = await self._memory.raise_(alert)
        else:
            known.pop(alert.name, None)
            mine = await self._memory.resolve(alert.name)
        if mine:
            self._telling.tell(alert)


def figures(view: View, lease: timedelta, firing: Mapping[str, Alert]) -> QueueFigures:
    """The queue's gauges."""
    snapshot = view.snapshot
    ended = None if snapshot.ledger is None else snapshot.ledger.ended
    oldest = None if snapshot.ledger is None else snapshot.ledger.oldest
    nought = timedelta(0)
    since_good = None if view.canary is None else view.canary.seconds_since_good
    return QueueFigures(
        backlog=snapshot.waiting,
        pending=len(snapshot.pending),
        lag=snapshot.lag,
        backfill=snapshot.backfill,
        retries=snapshot.retries,
        dead=snapshot.dead,
        consumers=len(snapshot.live_consumers(lease)),
        oldest_age=None if ended is None else (oldest.age if oldest else nought),
        longest_in_work=max((each.age or nought for each in snapshot.pending), default=nought),
        longest_idle=max((each.idle for each in snapshot.pending), default=nought),
        most_deliveries=max((each.deliveries for each in snapshot.pending), default=0),
        redis_memory=snapshot.memory.used,
        redis_memory_limit=snapshot.memory.limit,
        verified_share=None if ended is None else ended.verified_share,
        failure_share=None if ended is None else ended.failure_share,
        canary_age=None if since_good is None else timedelta(seconds=since_good),
        alerts={name: int(name in firing) for name in NAMES},
    )
