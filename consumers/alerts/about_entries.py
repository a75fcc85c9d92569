"""Conditions of entries that somebody has claimed."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from consumers.alerts.finding import Condition, Finding, Severity, View
from consumers.queue import PendingEntry, Replica
from consumers.stream import HANDED_BACK
from consumers.stuck import SUSPICIOUS_DELIVERIES


def idle(view: View) -> Finding | None:
    """Claimed, silent for two leases, and nobody reclaims it."""
    lease = view.patience.lease.total_seconds()
    return _about(
        [each for each in view.snapshot.pending if view.patience.is_exhausted_by_idleness(each)],
        lambda each: (
            "was handed back by a replica that left, and nobody takes it up"
            if each.consumer == HANDED_BACK
            else f"belongs to {each.consumer}{_where(each)}, which has shown no life for "
            f"{each.idle.total_seconds():.0f} s (a lease is {lease:g} s), and nobody reclaims it"
        ),
        lambda each: timedelta(0) if each.consumer == HANDED_BACK else each.idle,
    )


def too_long(view: View) -> Finding | None:
    """In work for longer than an upload may be."""
    limit = view.patience.in_work
    return _about(
        [each for each in view.snapshot.pending if view.patience.is_exhausted_by_age(each)],
        lambda each: (
            f"has been in work for {_age(each).total_seconds():.0f} s (limit "
            f"{limit.total_seconds():g} s), now at {each.consumer}{_where(each)}"
        ),
        lambda each: _age(each) - limit,
    )


def redelivered(view: View) -> Finding | None:
    """Delivered again and again: it may kill whoever reads it."""
    return _about(
        [each for each in view.snapshot.pending if each.deliveries >= SUSPICIOUS_DELIVERIES],
        lambda each: (
            f"was delivered {each.deliveries} times without an outcome, now to "
            f"{each.consumer}{_where(each)}; it may kill whoever reads it"
        ),
        _age,
    )


def replica_lost(view: View) -> Finding | None:
    """A replica is silent that has not left: killed, cut off, or hung."""
    lost = [each for each in view.snapshot.replicas if not each.lives]
    if not lost:
        return None
    first = lost[0]
    more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
    held = [each for each in view.snapshot.pending if any(r.owns(each.consumer) for r in lost)]
    return Finding(
        text=f"Replica {first.name} (process {first.pid} on {first.host}){more} did not leave, and "
        f"has shown no life for {first.silent_for.total_seconds():.0f} s. "
        f"{_held(view, held, first)}",
        command=f"cricksy-ocr why {held[0].upload_id}" if held else "cricksy-ocr stuck",
        uploads=_uploads(held),
        consumer=first.name,
        lasts=max(each.silent_for for each in lost),
    )


def _held(view: View, held: Sequence[PendingEntry], replica: Replica) -> str:
    if not held:
        return "It holds no upload."
    first = held[0]
    if replica.hangs(first.idle):
        return (
            f"It hangs with upload {first.upload_id}{_where(first)}: its lease is still renewed. "
            f"On {replica.host}: kill -9 {replica.pid}"
        )
    left = (view.patience.lease - first.idle).total_seconds()
    when = f"in {left:.0f} s" if left > 0 else "by the next free slot"
    more = f" and {len(held) - 1} more" if len(held) > 1 else ""
    return f"Upload {first.upload_id}{_where(first)}{more} is reclaimed {when}."


def _about(
    entries: Sequence[PendingEntry],
    predicate: Callable[[PendingEntry], str],
    lasts: Callable[[PendingEntry], timedelta],
) -> Finding | None:
    if not entries:
        return None
    first = max(entries, key=lasts)
    name = f"Upload {first.upload_id}" if first.upload_id else f"Entry {first.entry_id}"
    more = f" {len(entries) - 1} more are like it." if len(entries) > 1 else ""
    return Finding(
        text=f"{name} {predicate(first)}.{more}",
        command=f"cricksy-ocr why {first.upload_id}" if first.upload_id else "cricksy-ocr stuck",
        uploads=_uploads([first, *(each for each in entries if each is not first)]),
        consumer=first.consumer,
        lasts=lasts(first),
    )


def _uploads(entries: Sequence[PendingEntry]) -> tuple[str, ...]:
    return tuple(each.upload_id for each in entries if each.upload_id)


def _where(entry: PendingEntry) -> str:
    return "" if entry.stage is None else f" in {entry.stage}"


def _age(entry: PendingEntry) -> timedelta:
    return entry.age or timedelta(0)


CONDITIONS = (
    # Handed-back entries lie idle for a moment; after an absence of Redis all do.
    Condition("entry_idle", Severity.CRITICAL, idle, raise_after=timedelta(seconds=5)),
    # A child that is killed by its time limit is settled in moments.
    Condition("upload_slow", Severity.CRITICAL, too_long, raise_after=timedelta(seconds=5)),
    Condition("upload_redelivered", Severity.WARNING, redelivered),
    Condition("replica_lost", Severity.WARNING, replica_lost),
)
