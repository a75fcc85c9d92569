"""What stands in Redis, read without changing it."""

from consumers.queue.entries import (
    PendingEntry,
    Rest,
    named_uploads,
    no_rest,
    pages,
    pending_entries,
    queued_uploads,
)
from consumers.queue.letters import DeadLetter, dead_letter, dead_letters, newest_letters
from consumers.queue.replicas import Consumer, Replica, Stage, consumers_of, replicas_of, stages_of
from consumers.queue.snapshot import Memory, Snapshot, take_snapshot

__all__ = [
    "Consumer",
    "DeadLetter",
    "Memory",
    "PendingEntry",
    "Replica",
    "Rest",
    "Snapshot",
    "Stage",
    "consumers_of",
    "dead_letter",
    "dead_letters",
    "named_uploads",
    "newest_letters",
    "no_rest",
    "pages",
    "pending_entries",
    "queued_uploads",
    "replicas_of",
    "stages_of",
    "take_snapshot",
]
