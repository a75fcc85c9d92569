"""The reconciler: PostgreSQL is the truth, and Redis is made to follow it.

Redis may lose everything: an unfinished upload that no entry names is published again. Publishing
one too often costs a delivery and nothing else, since a commit is found and a fence refuses.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from consumers.publish import add_entry
from consumers.queue import dead_letters, queued_uploads
from consumers.stream import Client, Keys
from otel import spans
from otel.spans import Destination
from pipeline.storage.database import Database
from pipeline.storage.publications import Cause, record_publication
from pipeline.storage.uploads import UploadStatus, unfinished_uploads, upload_statuses

log = structlog.get_logger(__name__)

SETTLED_FOR = timedelta(seconds=5)
"""How long an upload has to stand still before its entry is missed: a publisher writes the row
first and the entry a moment later."""
PAGE = 1000
UNFINISHED = {UploadStatus.UPLOADED, UploadStatus.PROCESSING}


@dataclass(frozen=True, slots=True)
class Republished:
    """One upload whose entry was missing."""

    upload_id: str
    entry_id: str


async def missing_entries(
    client: Client, keys: Keys, database: Database, *, settled_for: timedelta = SETTLED_FOR
) -> list[str]:
    """Ids of unfinished uploads that no entry and no dead letter names.

    PostgreSQL is asked before Redis and again after it: what was finished in between had its
    outcome committed before its entry went.
    """
    unfinished = await _all_unfinished(database, settled_for)
    if not unfinished:
        return []
    named = await queued_uploads(client, keys)
    named |= {letter.upload_id async for letter in dead_letters(client, keys) if letter.upload_id}
    candidates = [upload_id for upload_id in unfinished if upload_id not in named]
    statuses = await upload_statuses(database, candidates)
    return [upload_id for upload_id in candidates if statuses.get(upload_id) in UNFINISHED]


async def reconcile(
    client: Client, keys: Keys, database: Database, *, settled_for: timedelta = SETTLED_FOR
) -> list[Republished]:
    """Publish again what is unfinished and has no entry.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        settled_for: uploads that changed more recently are left alone.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; what was published stays published.
    """
    republished = []
    for upload_id in await missing_entries(client, keys, database, settled_for=settled_for):
        with spans.sending(Destination(keys.stream), upload_id):
            entry_id = await add_entry(client, keys, upload_id)
            await record_publication(
                database, upload_id, entry_id, spans.trace_id(), Cause.RECONCILED
            )
        log.warning("upload published again", upload=upload_id, entry=entry_id)
        republished.append(Republished(upload_id, entry_id))
    return republished


async def _all_unfinished(database: Database, settled_for: timedelta) -> list[str]:
    found: list[str] = []
    while True:
        after = found[-1] if found else ""
        page = await unfinished_uploads(database, older_than=settled_for, limit=PAGE, after=after)
        found += page
        if len(page) < PAGE:
            return found
