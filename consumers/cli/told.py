"""What the command prints with `--json`: one shape for each thing, wherever it appears."""

from dataclasses import asdict, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from consumers.operations.overview import Overview
from consumers.queue import PendingEntry, Replica, Snapshot
from pipeline.storage.uploads import COUNTED


def replica_told(replica: Replica, entries: list[PendingEntry]) -> dict[str, Any]:
    """A replica with what it works on."""
    vitals = replica.vitals
    return {
        "name": replica.name,
        "host": replica.host,
        "pid": replica.pid,
        "lives": replica.lives,
        "silent_seconds": _s(replica.silent_for),
        "slots": replica.slots,
        "backfill_slots": replica.backfill_slots,
        "obstacles": {name: _s(since) for name, since in replica.obstacles.items()},
        "vitals": None if vitals is None else asdict(vitals),
        "in_work": [entry_told(each) for each in entries],
    }


def entry_told(entry: PendingEntry) -> dict[str, Any]:
    """A claimed entry."""
    return {
        "entry_id": entry.entry_id,
        "upload_id": entry.upload_id,
        "consumer": entry.consumer,
        "idle_seconds": _s(entry.idle),
        "age_seconds": _s(entry.age),
        "deliveries": entry.deliveries,
        "stage": None if entry.stage is None else str(entry.stage),
        "stage_seconds": None if entry.stage is None else _s(entry.stage.since),
    }


def overview_told(overview: Overview) -> dict[str, Any]:
    """The whole system."""
    snapshot = overview.snapshot
    return {
        "at": snapshot.at.isoformat(),
        "waiting": snapshot.waiting,
        "lag": snapshot.lag,
        "in_work": len(snapshot.pending),
        "unfinished_entries": snapshot.length,
        "backfill": snapshot.backfill,
        "backfill_slots": snapshot.backfill_slots,
        "retries": snapshot.retries,
        "next_retry_seconds": _s(snapshot.next_retry),
        "dead_letters": snapshot.dead,
        "new_dead_letters": len(snapshot.new_letters),
        "group_exists": snapshot.group_exists,
        "slots": snapshot.reading_slots,
        "replicas": sum(each.lives for each in snapshot.replicas),
        "paused": plain(snapshot.paused),
        "uploads": dict(overview.by_status),
        "uploads_counted_to": COUNTED,
        "pace": plain(overview.pace),
        "redis_memory": plain(snapshot.memory),
        "postgresql_error": snapshot.database_error,
        "alerts": [plain(each) for each in overview.alerts],
        "oldest_in_work": [entry_told(each) for each in snapshot.pending[:10]],
        **_ledger_told(snapshot),
    }


def _ledger_told(snapshot: Snapshot) -> dict[str, Any]:
    ledger = snapshot.ledger
    if ledger is None:
        return {"oldest": None, "of_late": None}
    ended = ledger.ended
    return {
        "oldest": plain(ledger.oldest),
        "of_late": {
            "committed": ended.committed,
            "dead": ended.dead,
            "failure_share": ended.failure_share,
            "verified_share": ended.verified_share,
            "mean_seconds": ended.seconds,
            "last_seconds_ago": _s(ended.last),
        },
    }


def plain(value: object) -> Any:
    """Any value of ours in what JSON knows: durations in seconds, moments in ISO 8601."""
    if isinstance(value, timedelta):
        return _s(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {_text(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return _text(value) if isinstance(value, bytes) else value


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _s(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration.total_seconds(), 3)
