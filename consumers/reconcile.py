"""The reconciler: PostgreSQL is the truth, and Redis is made to follow it.

Redis may lose everything: an unfinished upload that no entry names is published again. Publishing
one too often costs a delivery and nothing else, since a commit is found and a fence refuses. What
is of an archive goes back behind all others.
"""

import time
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from consumers.publish import add_entries
from consumers.queue import Rest, dead_letters, named_uploads, no_rest
from consumers.stream import Client, Keys, Lane
from pipeline.storage.database import Database
from pipeline.storage.publications import Announcement, clock, republishing
from pipeline.storage.uploads import unfinished_uploads

log = structlog.get_logger(__name__)

SETTLED_FOR = timedelta(seconds=5)
"""How long an upload has to stand still before its entry is missed: a publisher writes the row
first and the entry a moment later."""
AT_ONCE = 500
"""Uploads that are kept from others while they are published again."""


@dataclass(frozen=True, slots=True)
class Republished:
    """One upload whose entry was missing."""

    upload_id: str
    entry_id: str
    trace_id: str = ""


async def missing_entries(
    client: Client,
    keys: Keys,
    database: Database,
    *,
    settled_for: timedelta = SETTLED_FOR,
    among: Set[str] | None = None,
    rest: Rest = no_rest,
) -> list[str]:
    """Ids of unfinished uploads that no entry and no dead letter names.

    PostgreSQL is asked before Redis and again after it: what was finished in between had its
    outcome committed before its entry went, and what was begun or failed has changed since the
    search began, however long that takes.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        settled_for: uploads that changed more recently are left alone.
        among: only these; all where None.
        rest: after PostgreSQL's answer, and between two pages of Redis's.
    """
    began = time.monotonic()
    missing = {
        each async for each in unfinished_uploads(database, older_than=settled_for, among=among)
    }
    if missing:
        await rest()
        async for upload_id in named_uploads(client, keys, rest=rest):
            missing.discard(upload_id)
    if missing:
        async for letter in dead_letters(client, keys, rest=rest):
            missing.discard(letter.upload_id or "")
    if not missing:
        return []
    unchanged_for = settled_for + timedelta(seconds=time.monotonic() - began)
    still = unfinished_uploads(database, older_than=unchanged_for, among=missing)
    return sorted([each async for each in still])


async def reconcile(
    client: Client,
    keys: Keys,
    database: Database,
    *,
    settled_for: timedelta = SETTLED_FOR,
    among: Set[str] | None = None,
    rest: Rest = no_rest,
) -> list[Republished]:
    """Publish again what is unfinished and has no entry; once, also where two do it together.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        settled_for: uploads that changed more recently are left alone.
        among: only these; all where None.
        rest: between two pages of the search.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; what was published stays published.
    """
    since = await clock(database)
    missing = await missing_entries(
        client, keys, database, settled_for=settled_for, among=among, rest=rest
    )
    republished = []
    for start in range(0, len(missing), AT_ONCE):
        for each in await _publish(client, keys, database, missing[start : start + AT_ONCE], since):
            log.warning("upload published again", upload=each.upload_id, entry=each.entry_id)
            republished.append(Republished(each.upload_id, each.entry_id, each.trace_id))
    return republished


async def _publish(
    client: Client, keys: Keys, database: Database, missing: list[str], since: datetime
) -> list[Announcement]:
    async with republishing(database, missing, since) as mine:
        added = await add_entries(client, keys, mine.live, Lane.LIVE)
        added += await add_entries(client, keys, mine.backfill, Lane.BACKFILL)
        await mine.record(added)
    return added
