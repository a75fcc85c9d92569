"""Figures of the whole queue, shown by one process at a time.

They are gauges, observed only while a holder has set them: a replica that no longer watches shows
none, rather than what was true when it last looked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

_meter = metrics.get_meter("cricksy-ocr")


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What Redis and PostgreSQL hold; None where it is not known or there is nothing to measure."""

    backlog: int | None = None
    """Unfinished uploads that nobody works on; those that wait for a retry are left out."""
    pending: int | None = None
    """Entries that a consumer has claimed."""
    lag: int | None = None
    """Entries that the group has not been given yet; None where Redis cannot tell."""
    backfill: int | None = None
    """Entries of an archive that wait behind all others; the backlog has none of them."""
    retries: int | None = None
    """Entries that wait for another try."""
    dead: int | None = None
    """Dead letters."""
    consumers: int | None = None
    """Consumers of the group that have shown life lately."""
    oldest_age: timedelta | None = None
    """Since the oldest unfinished upload was published; nought where there is none."""
    longest_in_work: timedelta | None = None
    """Since the first claim of what is in work for longest; nought where there is none."""
    longest_idle: timedelta | None = None
    """Of all claimed entries; nought where there is none."""
    most_deliveries: int | None = None
    """Of all claimed entries; nought where there is none."""
    redis_memory: int | None = None
    """Bytes that Redis uses."""
    redis_memory_limit: int | None = None
    """Bytes that it may use; None where it has no limit."""
    verified_share: float | None = None
    """Of the scorecards that were committed lately, from 0 to 1; None where there were none."""
    failure_share: float | None = None
    """Of the uploads that ended lately, those that ended as a dead letter, from 0 to 1."""
    canary_age: timedelta | None = None
    """Since a canary was last read rightly; None where none is sent."""
    alerts: Mapping[str, int] = field(default_factory=dict)
    """How many alerts of each kind are firing; a kind that is quiet with a nought."""


@dataclass(slots=True)
class _Holder:
    figures: QueueFigures | None = None


_holder = _Holder()


def set_queue(figures: QueueFigures) -> None:
    """Show these figures from now on; may be called from any thread."""
    _holder.figures = figures


def clear_queue() -> None:
    """Show none: another process watches, or nobody can look."""
    _holder.figures = None


_Value = int | float | timedelta | None
_Read = Callable[[QueueFigures], _Value]


def _observing(read: _Read) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        value = None if _holder.figures is None else read(_holder.figures)
        if isinstance(value, timedelta):
            value = value.total_seconds()
        return () if value is None else (Observation(value),)

    return observe


def _gauge(name: str, unit: str, description: str, read: _Read) -> None:
    _meter.create_observable_gauge(
        name, callbacks=[_observing(read)], unit=unit, description=description
    )


_gauge(
    "cricksy.queue.backlog",
    "{upload}",
    "Unfinished uploads that nobody works on",
    lambda figures: figures.backlog,
)
_gauge(
    "cricksy.queue.pending",
    "{entry}",
    "Entries that a consumer has claimed",
    lambda figures: figures.pending,
)
_gauge(
    "cricksy.queue.lag",
    "{entry}",
    "Entries that the group has not been given yet; absent while Redis cannot tell",
    lambda figures: figures.lag,
)
_gauge(
    "cricksy.queue.lag.unknown",
    "1",
    "1 while Redis cannot tell the lag, else 0",
    lambda figures: int(figures.lag is None),
)
_gauge(
    "cricksy.queue.backfill",
    "{entry}",
    "Entries of an archive that wait behind all others",
    lambda figures: figures.backfill,
)
_gauge(
    "cricksy.queue.retries",
    "{entry}",
    "Entries that wait for another try",
    lambda figures: figures.retries,
)
_gauge("cricksy.queue.dead", "{letter}", "Dead letters", lambda figures: figures.dead)
_gauge(
    "cricksy.queue.consumers",
    "{consumer}",
    "Consumers that have shown life lately",
    lambda figures: figures.consumers,
)
_gauge(
    "cricksy.queue.oldest.age",
    "s",
    "Age of the oldest unfinished upload",
    lambda figures: figures.oldest_age,
)
_gauge(
    "cricksy.queue.in_work.longest",
    "s",
    "Time since the first claim of the entry that is in work for longest",
    lambda figures: figures.longest_in_work,
)
_gauge(
    "cricksy.queue.idle.longest",
    "s",
    "Longest time for which a claimed entry's consumer has shown no life",
    lambda figures: figures.longest_idle,
)
_gauge(
    "cricksy.queue.deliveries.most",
    "{delivery}",
    "Deliveries of the claimed entry that was delivered most often",
    lambda figures: figures.most_deliveries,
)
_gauge(
    "cricksy.redis.memory.used",
    "By",
    "Memory that Redis uses",
    lambda figures: figures.redis_memory,
)
_gauge(
    "cricksy.redis.memory.limit",
    "By",
    "Memory that Redis may use; absent where it has no limit",
    lambda figures: figures.redis_memory_limit,
)
_gauge(
    "cricksy.scorecards.verified.ratio",
    "1",
    "Share of the lately committed scorecards that are verified",
    lambda figures: figures.verified_share,
)
_gauge(
    "cricksy.uploads.failed.ratio",
    "1",
    "Share of the lately ended uploads that ended as a dead letter",
    lambda figures: figures.failure_share,
)
_gauge(
    "cricksy.canary.age",
    "s",
    "Time since a canary was last read rightly; absent where none is sent",
    lambda figures: figures.canary_age,
)


def _observe_alerts(_: CallbackOptions) -> Iterable[Observation]:
    alerts = {} if _holder.figures is None else _holder.figures.alerts
    return [Observation(firing, {"alert": name}) for name, firing in alerts.items()]


_meter.create_observable_gauge(
    "cricksy.alerts.firing",
    callbacks=[_observe_alerts],
    unit="{alert}",
    description="Alerts that the watcher has raised and not yet resolved",
)
