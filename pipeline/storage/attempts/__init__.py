"""Attempts at an upload, one a delivery: opened under a fence, settled, and told of afterwards."""

from pipeline.storage.attempts.earlier import Earlier
from pipeline.storage.attempts.fences import StaleFence
from pipeline.storage.attempts.ledger import (
    Attempt,
    ages_of_entries,
    attempts_of,
    stale_writes,
    transient_failures,
)
from pipeline.storage.attempts.opening import (
    Delivery,
    Unrecorded,
    open_attempt,
    record_malformed,
)
from pipeline.storage.attempts.openings import (
    AlreadyCommitted,
    AlreadyDead,
    Cancelled,
    Opened,
    Opening,
)
from pipeline.storage.attempts.outcome import Outcome
from pipeline.storage.attempts.settling import (
    Settled,
    Stages,
    mark_dead,
    mark_retry,
    release_attempt,
    reopen,
)

__all__ = [
    "AlreadyCommitted",
    "AlreadyDead",
    "Attempt",
    "Cancelled",
    "Delivery",
    "Earlier",
    "Opened",
    "Opening",
    "Outcome",
    "Settled",
    "Stages",
    "StaleFence",
    "Unrecorded",
    "ages_of_entries",
    "attempts_of",
    "mark_dead",
    "mark_retry",
    "open_attempt",
    "record_malformed",
    "release_attempt",
    "reopen",
    "stale_writes",
    "transient_failures",
]
