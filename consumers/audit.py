"""The audit: proves that every published upload has exactly one outcome, or names those without."""

from collections import Counter
from dataclasses import dataclass, field

from consumers.queue import queued_uploads
from consumers.stream import Client, Keys
from pipeline.storage.audit import Record, records
from pipeline.storage.database import Database
from pipeline.storage.uploads import upload_statuses


@dataclass(slots=True)
class Audit:
    """What was found."""

    published: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    dead_by_reason: Counter[str] = field(default_factory=Counter)
    deliveries: int = 0
    stale_writes_refused: int = 0
    unfinished: int = 0
    """Not ended yet, and an entry names them."""
    lost: list[str] = field(default_factory=list)
    """Not ended, and nothing will end them but the reconciler."""
    twice: list[str] = field(default_factory=list)
    """Ended more often than was asked for."""
    contradictory: list[str] = field(default_factory=list)
    """Said to be parsed, without a scorecard."""

    @property
    def holds(self) -> bool:
        """Whether the invariant holds for all of them."""
        return not (self.lost or self.twice or self.contradictory)


async def audit(
    client: Client, keys: Keys, database: Database, upload_id: str | None = None
) -> Audit:
    """Compare PostgreSQL's ledger with what stands in Redis.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        upload_id: only this one; all that were ever published where None.
    """
    found = Audit()
    open_ids = []
    async for record in records(database, only=upload_id):
        _count(found, record)
        if record.is_unfinished:
            open_ids.append(record.upload_id)
    await _look_for(found, open_ids, client, keys, database)
    return found


def _count(found: Audit, record: Record) -> None:
    found.published += 1
    found.by_status[record.status or "no row"] += 1
    found.deliveries += record.deliveries
    found.stale_writes_refused += record.stale
    if record.error_code and (record.status in {"failed", None}):
        found.dead_by_reason[record.error_code] += 1
    if record.was_ended_twice:
        found.twice.append(record.upload_id)
    if record.is_contradictory:
        found.contradictory.append(record.upload_id)


async def _look_for(
    found: Audit, open_ids: list[str], client: Client, keys: Keys, database: Database
) -> None:
    """Tell what is on its way from what is lost; both may have ended meanwhile."""
    queued = await queued_uploads(client, keys) if open_ids else set()
    missing = [upload_id for upload_id in open_ids if upload_id not in queued]
    found.unfinished = len(open_ids) - len(missing)
    statuses = await upload_statuses(database, missing)
    found.lost += [each for each in missing if statuses.get(each) in {"uploaded", "processing"}]
