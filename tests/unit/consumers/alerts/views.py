"""Views of a queue that is well, and of one that is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from consumers.alerts.finding import View
from consumers.queue import Consumer, DeadLetter, Memory, PendingEntry, Replica, Snapshot
from consumers.stuck import Patience
from pipeline.storage.figures import Ended, Ledger, Oldest

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PATIENCE = Patience(timedelta(seconds=20), timedelta(seconds=300))
ENDED = Ended(committed=20, dead=0, verified=18, seconds=0.9, last=timedelta(seconds=1), first=None)
WELL = Snapshot(
    at=NOON,
    length=1,
    group_exists=True,
    lag=0,
    pending=(PendingEntry("1-0", "u1", "a-0", timedelta(0), 1, timedelta(seconds=2)),),
    consumers=(Consumer("a-0", 1, timedelta(0)),),
    replicas=(Replica("a", "host-a", 77, 1, timedelta(seconds=1)),),
    backfill=0,
    retries=0,
    next_retry=None,
    dead=0,
    new_letters=(),
    memory=Memory(1, 100, 1000),
    ledger=Ledger(ENDED, Oldest("u1", timedelta(seconds=2), "processing"), {}),
)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def view(**changes: Any) -> View:
    """A queue that is well but for what is given."""
    return View(replace(WELL, **changes), PATIENCE)


def pending(**changes: Any) -> View:
    """The same with another entry in work."""
    return view(pending=(replace(WELL.pending[0], **changes),))


def ended(**changes: Any) -> Ledger:
    return Ledger(replace(ENDED, **changes), None, {"u7": "too_large", "u8": "timed_out"})


def letter(upload_id: str | None = "u9") -> DeadLetter:
    return DeadLetter(
        letter_id="9-0",
        upload_id=upload_id,
        reason="worker_killed",
        error="Its worker died 3 times while it was read.",
        attempts=3,
        deliveries=4,
        consumer="a-0",
        trace_id="",
        failed_at=NOON,
        fields={},
    )
