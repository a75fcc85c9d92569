"""What one replica sees of its own work.

Names and attributes that begin with `messaging.` are those of OpenTelemetry's conventions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Observation

_meter = metrics.get_meter("cricksy-ocr")

_COMMAND = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: a command to a server."""
_WORK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds: work on a picture."""
_WAIT = (0.01, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Seconds: in the queue."""
_SHARE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99)
# No whole numbers: some write their labels as `1`, some as `1.0`.
_FEW = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0)

_operation_duration = _meter.create_histogram(
    "messaging.client.operation.duration",
    unit="s",
    description="Duration of a send, receive or settle operation",
    explicit_bucket_boundaries_advisory=_COMMAND,
)
_consumed_messages = _meter.create_counter(
    "messaging.client.consumed.messages",
    unit="{message}",
    description="Entries that were delivered to a consumer",
)
_process_duration = _meter.create_histogram(
    "messaging.process.duration",
    unit="s",
    description="Duration of processing one delivery",
    explicit_bucket_boundaries_advisory=_WORK,
)
_stage_duration = _meter.create_histogram(
    "cricksy.stage.duration",
    unit="s",
    description="Duration of a stage of reading",
    explicit_bucket_boundaries_advisory=_WORK,
)
_object_store_duration = _meter.create_histogram(
    "cricksy.object_store.duration",
    unit="s",
    description="Duration of fetching an upload's object from S3",
    explicit_bucket_boundaries_advisory=_COMMAND,
)
_commit_duration = _meter.create_histogram(
    "cricksy.commit.duration",
    unit="s",
    description="Duration of committing a scorecard to PostgreSQL",
    explicit_bucket_boundaries_advisory=_COMMAND,
)
_queue_wait = _meter.create_histogram(
    "cricksy.queue.wait",
    unit="s",
    description="Time from an entry's arrival in the stream to its first delivery",
    explicit_bucket_boundaries_advisory=_WAIT,
)
_deliveries = _meter.create_histogram(
    "cricksy.entry.deliveries",
    unit="{delivery}",
    description="How often an entry had been delivered, by delivery",
    explicit_bucket_boundaries_advisory=_FEW,
)
_uploads = _meter.create_counter(
    "cricksy.uploads",
    unit="{upload}",
    description="Deliveries that ended, by outcome and error code",
)
_scorecards = _meter.create_counter(
    "cricksy.scorecards",
    unit="{scorecard}",
    description="Committed scorecards, verified or not",
)
_confidence = _meter.create_histogram(
    "cricksy.scorecard.confidence",
    unit="1",
    description="Mean confidence over the words of a committed scorecard",
    explicit_bucket_boundaries_advisory=_SHARE,
)
_renewal_failures = _meter.create_counter(
    "cricksy.lease.renewal.failures",
    unit="{renewal}",
    description="Rounds in which leases could not be renewed, and leases lost, by cause",
)
_stale_writes = _meter.create_counter(
    "cricksy.stale.writes",
    unit="{write}",
    description="Writes refused because a newer attempt had been opened",
)
_child_restarts = _meter.create_counter(
    "cricksy.child.restarts",
    unit="{restart}",
    description="Child processes replaced, by cause",
)


_uncounted: ContextVar[bool] = ContextVar("uncounted", default=False)


@contextmanager
def uncounted() -> Iterator[None]:
    """No upload is counted, nor what it took, in this block: it is a canary's."""
    token = _uncounted.set(True)
    try:
        yield
    finally:
        _uncounted.reset(token)


def _add(counter: Counter, amount: int, attributes: Mapping[str, str] | None = None) -> None:
    if not _uncounted.get():
        counter.add(amount, attributes)


def _record(
    histogram: Histogram, value: float, attributes: Mapping[str, str] | None = None
) -> None:
    if not _uncounted.get():
        histogram.record(value, attributes)


def operated(attributes: Mapping[str, str], took: timedelta, error_code: str | None = None) -> None:
    """A send, receive or settle operation ended; attributes as its span has them."""
    _record(_operation_duration, took.total_seconds(), _with_error(attributes, error_code))


def consumed(attributes: Mapping[str, str], delivery: int, waited: timedelta) -> None:
    """An entry was delivered.

    Args:
        attributes: `messaging.*` of the receive operation.
        delivery: how often it has been delivered, this time included.
        waited: since it came into the stream.
    """
    _add(_consumed_messages, 1, dict(attributes))
    _record(_deliveries, delivery)
    if delivery == 1:
        _record(_queue_wait, max(waited.total_seconds(), 0))


def processed(
    attributes: Mapping[str, str], took: timedelta, error_code: str | None = None
) -> None:
    """A delivery was carried to its end; attributes as its span has them."""
    _record(_process_duration, took.total_seconds(), _with_error(attributes, error_code))


def settled(outcome: str, error_code: str | None = None) -> None:
    """A delivery ended, and how."""
    _add(_uploads, 1, _with_error({"outcome": outcome}, error_code))


def stage_ended(stage: str, took: timedelta, error_code: str | None = None) -> None:
    """A stage ended, in this process or in a child."""
    _record(_stage_duration, took.total_seconds(), _with_error({"stage": stage}, error_code))


def fetched(took: timedelta, error_code: str | None = None) -> None:
    """An object was fetched, or could not be."""
    _record(_object_store_duration, took.total_seconds(), _with_error({}, error_code))


def committed(took: timedelta, *, verified: bool, confidence: float) -> None:
    """A scorecard was committed."""
    _record(_commit_duration, took.total_seconds())
    _add(_scorecards, 1, {"verified": str(verified).lower()})
    _record(_confidence, confidence)


def renewal_failed(cause: str) -> None:
    """Leases were not renewed: `unreachable`, or one was `lost` to another consumer."""
    _renewal_failures.add(1, {"cause": cause})


def stale_write_refused() -> None:
    """The fence refused a write."""
    _add(_stale_writes, 1)


def child_replaced(cause: str) -> None:
    """A child was replaced: `crashed`, `timed_out`, `interrupted`, `died_idle` or `worn`."""
    _child_restarts.add(1, {"cause": cause})


def _with_error(attributes: Mapping[str, str], error_code: str | None) -> dict[str, str]:
    return dict(attributes) if error_code is None else {**attributes, "error.type": error_code}


@dataclass(frozen=True, slots=True)
class ReplicaFigures:
    """What a replica shows whenever it is asked."""

    slots: int
    """Uploads that it can read at once."""
    in_work: Callable[[], int]
    """Uploads that it reads now."""
    child_memory: Callable[[], Mapping[str, int]]
    """Resident bytes of each child process, by its slot."""
    ready: Callable[[], bool] | None = None
    """Whether it could read an upload now; None where nobody looks."""


@dataclass(slots=True)
class _Shown:
    figures: ReplicaFigures | None = field(default=None)


_shown = _Shown()


def set_replica(figures: ReplicaFigures | None) -> None:
    """Show these figures from now on, or none; their functions are called from other threads.

    Its counters begin at nought: a first time would else not be seen as a rise.
    """
    _shown.figures = figures
    if figures is not None:
        _stale_writes.add(0)
        for cause in ("unreachable", "lost"):
            _renewal_failures.add(0, {"cause": cause})
        for cause in ("crashed", "timed_out", "interrupted", "died_idle", "worn"):
            _child_restarts.add(0, {"cause": cause})
        for outcome in ("committed", "dead", "retry"):
            _uploads.add(0, {"outcome": outcome})
        for verified in ("true", "false"):
            _scorecards.add(0, {"verified": verified})


def _observe(
    read: Callable[[ReplicaFigures], Iterable[Observation]],
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _: () if _shown.figures is None else read(_shown.figures)


_meter.create_observable_gauge(
    "cricksy.replica.slots",
    callbacks=[_observe(lambda figures: [Observation(figures.slots)])],
    unit="{upload}",
    description="Uploads that this replica can read at once",
)
_meter.create_observable_gauge(
    "cricksy.replica.in_work",
    callbacks=[_observe(lambda figures: [Observation(figures.in_work())])],
    unit="{upload}",
    description="Uploads that this replica reads now",
)
_meter.create_observable_gauge(
    "cricksy.replica.ready",
    callbacks=[
        _observe(
            lambda figures: [] if figures.ready is None else [Observation(int(figures.ready()))]
        )
    ],
    unit="1",
    description="1 while this replica could read an upload, else 0",
)
_meter.create_observable_gauge(
    "cricksy.child.memory",
    callbacks=[
        _observe(
            lambda figures: [
                Observation(used, {"slot": slot}) for slot, used in figures.child_memory().items()
            ]
        )
    ],
    unit="By",
    description="Resident memory of a child process",
)
