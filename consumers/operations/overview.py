"""The whole system at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consumers.alerts.finding import Alert
from consumers.alerts.memory import AlertMemory
from consumers.queue import Snapshot, take_snapshot
from consumers.stream import Client, Keys
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database
from pipeline.storage.pace import Pace, pace
from pipeline.storage.uploads import count_by_status


@dataclass(frozen=True, slots=True)
class Overview:
    """What `status` tells."""

    snapshot: Snapshot
    alerts: tuple[Alert, ...]
    """What fires, the critical first."""
    pace: Pace | None = None
    """None while PostgreSQL is away, as the counts are empty then."""
    by_status: Mapping[str, int] = field(default_factory=dict)

    @property
    def problem(self) -> bool:
        """Whether somebody should look."""
        return bool(self.alerts) or self.snapshot.database_error is not None


async def take_overview(client: Client, keys: Keys, database: Database) -> Overview:
    """Look at all of it; with PostgreSQL away, at what Redis tells alone.

    Raises:
        RedisError: Redis does not answer.
    """
    snapshot = await take_snapshot(client, keys, database)
    _, firing = await AlertMemory(client, keys).firing()
    alerts = tuple(sorted(firing.values(), key=lambda each: (each.severity, each.since)))
    if snapshot.database_error is not None:
        return Overview(snapshot, alerts)
    try:
        return Overview(snapshot, alerts, await pace(database), await count_by_status(database))
    except DatabaseUnavailable:
        return Overview(snapshot, alerts)
