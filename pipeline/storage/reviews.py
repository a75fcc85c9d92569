"""What people do with a scorecard: correct, confirm, reject it, or have it read again.

Every act names the revision that the person saw. Where another one has come in between, it is
refused and told whose; nothing is overwritten. From a person's first act on, no reading of a
machine overwrites the card either, until a person asks for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString

import psycopg
from psycopg.rows import class_row

from pipeline.errors import UploadMissing
from pipeline.storage.database import Database
from pipeline.storage.storable import json_with, storable_json, storable_text
from pipeline.storage.uploads import UploadStatus


class Action(StrEnum):
    """What a person did."""

    EDITED = "edited"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REREAD = "reread"


@dataclass(frozen=True, slots=True)
class Revision:
    """One act of a person."""

    revision: int
    made_from: int
    """The revision that the person saw."""
    action: str
    reviewer: str
    changes: Sequence[Mapping[str, object]]
    """`cell`, `was` and `became` of every value that was given."""
    reason: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, and on what they saw."""

    reviewer: str
    seen: int | None
    """The revision that was on the reviewer's screen; None for a program that knows none: whatever
    stands is meant."""


@dataclass(frozen=True, slots=True)
class Done:
    """The act is in PostgreSQL."""

    revision: int


@dataclass(frozen=True, slots=True)
class Superseded:
    """Refused: the card is no longer as the person saw it."""

    revision: int
    """As it stands now."""
    latest: Revision | None
    """Whose act it was; None where it has been read again."""


@dataclass(frozen=True, slots=True)
class NotUnderReview:
    """Refused: there is no card to be reviewed, as the upload's status says."""

    status: str


Answer = Done | Superseded | NotUnderReview


async def save_edit(
    database: Database,
    upload_id: str,
    act: Act,
    *,
    document: Mapping[str, object],
    verified: bool,
    changes: Sequence[Mapping[str, object]],
    preview: Mapping[str, object],
) -> Answer:
    """Writes a corrected card, to the backend's review page as well.

    Args:
        database: PostgreSQL.
        upload_id: the upload.
        act: who, on which revision.
        document: the whole document as it is from now on.
        verified: every equation that the card supports holds.
        changes: `cell`, `was` and `became` of each value.
        preview: keys of `uploads.parsed_preview` that follow from the document; `scorecard`, the
            document, is added to them.

    Raises:
        UploadMissing: there is no such row.
    """
    async with database.transaction() as connection:
        revision = await _begin(connection, upload_id, act)
        if not isinstance(revision, int):
            return revision
        written = storable_json(document)
        parameters = {
            "upload_id": storable_text(upload_id),
            "document": written,
            "verified": verified,
            "preview": json_with(preview, "scorecard", written),
        }
        await connection.execute(_WRITE_CARD, parameters)
        await connection.execute(_WRITE_PREVIEW, parameters)
        return await _record(connection, upload_id, act, revision, Action.EDITED, changes=changes)


async def confirm(database: Database, upload_id: str, act: Act) -> Answer:
    """A person says that the card is right: the upload is `applied` from now on.

    Raises:
        UploadMissing: there is no such row.
    """
    return await _settle(database, upload_id, act, Action.CONFIRMED, _MARK_APPLIED)


async def reject(database: Database, upload_id: str, act: Act, reason: str = "") -> Answer:
    """A person says that nothing may come of the card: the upload is `cancelled`.

    Raises:
        UploadMissing: there is no such row.
    """
    return await _settle(database, upload_id, act, Action.REJECTED, _MARK_REJECTED, reason)


async def give_up_for_rereading(database: Database, upload_id: str, act: Act) -> Answer:
    """A person wants the card read again: a reading may overwrite it from now on.

    `attempts.reopen` and an entry in the queue have to follow. What people had corrected stays in
    the revisions.

    Raises:
        UploadMissing: there is no such row.
    """
    return await _settle(database, upload_id, act, Action.REREAD, _GIVE_UP)


# Each act of a person, the oldest first.
_REVISIONS = """
SELECT revision, made_from, action, reviewer, changes, reason, made_at
FROM scorecard_revisions WHERE upload_id = %s ORDER BY revision
"""


async def revisions_of(database: Database, upload_id: str) -> list[Revision]:
    """What people did with an upload's card, the oldest first."""
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Revision)) as cursor,
    ):
        await cursor.execute(_REVISIONS, (storable_text(upload_id),))
        return await cursor.fetchall()


# The upload, locked until the act is written: a commit, a cancellation or another person waits.
_STATUS = "SELECT status::text FROM uploads WHERE id = %s FOR NO KEY UPDATE"

# A statement of its own: one that has waited for the lock would see the card as it was before.
_STANDING = "SELECT revision FROM scorecards WHERE upload_id = %s FOR NO KEY UPDATE"

# Whose act the revision is that stands.
_LATEST = """
SELECT revision, made_from, action, reviewer, changes, reason, made_at
FROM scorecard_revisions WHERE upload_id = %s AND revision = %s
"""

_WRITE_CARD = """
UPDATE scorecards SET document = %(document)s, verified = %(verified)s
WHERE upload_id = %(upload_id)s
"""

# What else the backend has put there stays.
_WRITE_PREVIEW = """
UPDATE uploads SET updated_at = now(), parsed_preview =
    (coalesce(parsed_preview::jsonb, '{}'::jsonb) || %(preview)s::jsonb)::json
WHERE id = %(upload_id)s
"""

_MARK_APPLIED = """
UPDATE uploads SET status = 'applied', applied_at = now(), updated_at = now()
WHERE id = %(upload_id)s
"""

_MARK_REJECTED = """
UPDATE uploads SET status = 'cancelled', updated_at = now(),
    error_message = 'Rejected on review' || coalesce(': ' || %(reason)s::text, '.')
WHERE id = %(upload_id)s
"""

_GIVE_UP = "UPDATE scorecards SET reviewed_at = NULL WHERE upload_id = %(upload_id)s"

# The next revision; the time of the first act keeps machines from the card.
_COUNT_UP = """
UPDATE scorecards SET revision = %(revision)s,
    reviewed_at = coalesce(reviewed_at, clock_timestamp())
WHERE upload_id = %(upload_id)s
"""

_RECORD = """
INSERT INTO scorecard_revisions (
    upload_id, revision, made_from, action, reviewer, changes, reason
) VALUES (
    %(upload_id)s, %(revision)s, %(made_from)s, %(action)s, %(reviewer)s, %(changes)s, %(reason)s
)
"""


async def _settle(
    database: Database,
    upload_id: str,
    act: Act,
    action: Action,
    statement: LiteralString,
    reason: str = "",
) -> Answer:
    async with database.transaction() as connection:
        revision = await _begin(connection, upload_id, act)
        if not isinstance(revision, int):
            return revision
        done = await _record(connection, upload_id, act, revision, action, reason=reason)
        parameters = {
            "upload_id": storable_text(upload_id),
            "reason": storable_text(reason) or None,
        }
        await connection.execute(statement, parameters)
        return done


async def _begin(
    connection: psycopg.AsyncConnection, upload_id: str, act: Act
) -> int | Superseded | NotUnderReview:
    """Locks the card; the revision that stands, or why the act is refused."""
    known = storable_text(upload_id)
    upload = await (await connection.execute(_STATUS, (known,))).fetchone()
    if upload is None:
        raise UploadMissing(f"There is no upload {upload_id}.")
    card = await (await connection.execute(_STANDING, (known,))).fetchone()
    if card is not None and act.seen not in (None, card[0]):
        async with connection.cursor(row_factory=class_row(Revision)) as cursor:
            await cursor.execute(_LATEST, (known, card[0]))
            return Superseded(card[0], await cursor.fetchone())
    if upload[0] != UploadStatus.PARSED or card is None:
        return NotUnderReview(upload[0])
    return int(card[0])


async def _record(
    connection: psycopg.AsyncConnection,
    upload_id: str,
    act: Act,
    made_from: int,
    action: Action,
    *,
    changes: Sequence[Mapping[str, object]] = (),
    reason: str = "",
) -> Done:
    """Counts the card's revision up, and keeps who did what."""
    parameters = {
        "upload_id": storable_text(upload_id),
        "revision": made_from + 1,
        "made_from": made_from,
        "action": action,
        "reviewer": storable_text(act.reviewer),
        "changes": storable_json(changes),
        "reason": storable_text(reason) or None,
    }
    await connection.execute(_COUNT_UP, parameters)
    await connection.execute(_RECORD, parameters)
    return Done(made_from + 1)
