"""What is stuck, drawn from XPENDING: slow is not stuck, and neither is idle.

Renewal keeps the idle time of a hung but living worker at nought, so idle time alone tells
nothing: the age since the first claim, the deliveries and a silent group are looked at as well.
"""

from dataclasses import dataclass
from datetime import timedelta

from consumers.queue import PendingEntry, Snapshot

SUSPICIOUS_DELIVERIES = 3


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what may last before it counts as stuck."""

    lease: timedelta
    in_work: timedelta
    """Since the entry was first claimed."""

    def is_exhausted_by_idleness(self, entry: PendingEntry) -> bool:
        """Whether nobody reclaims the entry, though its lease has run out twice."""
        return entry.idle > 2 * self.lease

    def is_exhausted_by_age(self, entry: PendingEntry) -> bool:
        """Whether the entry has been in work for too long."""
        return entry.age is not None and entry.age > self.in_work


@dataclass(frozen=True, slots=True)
class StuckEntry:
    """One entry that does not get on."""

    entry: PendingEntry
    causes: tuple[str, ...]
    """A sentence each."""


def stuck_entries(snapshot: Snapshot, patience: Patience) -> list[StuckEntry]:
    """The pending entries that do not get on, oldest first."""
    judged = (StuckEntry(each, _causes(each, patience)) for each in snapshot.pending)
    return [each for each in judged if each.causes]


def silence(snapshot: Snapshot, lease: timedelta) -> str | None:
    """A sentence, if entries wait and nobody is there to claim them."""
    if not snapshot.waiting:
        return None
    waiting = f"{snapshot.waiting} waiting,"
    if snapshot.live_consumers(lease) or any(each.lives for each in snapshot.replicas):
        return None
    if not snapshot.group_exists:
        return f"{waiting} and no replica has ever made the consumer group: start a replica."
    if not snapshot.consumers:
        return f"{waiting} and the group has no consumer: start a replica."
    shortest = min(each.idle for each in snapshot.consumers)
    return f"{waiting} and no consumer has shown life for {shortest.total_seconds():.0f} s."


def _causes(entry: PendingEntry, patience: Patience) -> tuple[str, ...]:
    causes = []
    if patience.is_exhausted_by_idleness(entry):
        causes.append(f"Idle for {entry.idle.total_seconds():.0f} s, and nobody reclaims it.")
    if entry.age is not None and patience.is_exhausted_by_age(entry):
        causes.append(f"In work since {entry.age.total_seconds():.0f} s.")
    if entry.deliveries >= SUSPICIOUS_DELIVERIES:
        causes.append(f"Delivered {entry.deliveries} times without an outcome.")
    return tuple(causes)
