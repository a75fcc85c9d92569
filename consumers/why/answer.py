"""The answer to `why`: from where an upload stands to a sentence of what it waits for."""

from collections.abc import Callable

from consumers.why import in_work, waiting
from consumers.why.ended import ended
from consumers.why.evidence import Evidence
from consumers.why.sentence import Answer, State
from pipeline.errors import UploadMissing
from pipeline.storage.uploads import UploadStatus

__all__ = ["Answer", "explain"]

SETTLING = 5.0
"""Seconds in which an upload's entry may still be on its way behind its row."""
_OPEN = {UploadStatus.INITIATED, UploadStatus.UPLOADED, UploadStatus.PROCESSING}


def explain(evidence: Evidence) -> Answer:
    """What the evidence comes to."""
    if evidence.record is None:
        return _without_postgresql(evidence)
    if evidence.place is None:
        return _without_redis(evidence)
    upload = evidence.record.upload
    if upload is None:
        return _without_row(evidence)
    finished = ended(evidence)
    if finished is not None:
        return _with_leftovers(evidence, finished)
    queued = in_queue(evidence)
    if queued is not None:
        return _said_twice(evidence, queued)
    return _without_entry(evidence)


def in_queue(evidence: Evidence) -> Answer | None:
    """What its entry waits for; None where none names it."""
    kinds: tuple[Callable[[Evidence], Answer | None], ...] = (
        in_work.claimed,
        waiting.retried,
        waiting.unread,
        waiting.archived,
    )
    for kind in kinds:
        answer = kind(evidence)
        if answer is not None:
            return answer
    return None


def _without_postgresql(evidence: Evidence) -> Answer:
    """Redis alone says where it is."""
    error = evidence.database_error.rstrip(".")
    if evidence.place is None:
        redis = evidence.redis_error.rstrip(".")
        text = f"Neither PostgreSQL nor Redis answers: {error}; {redis}."
        return Answer(State.SERVERS_AWAY, text, "cricksy-ocr doctor", problem=True)
    queued = in_queue(evidence)
    if queued is not None:
        where = f" {queued.text}"
    elif evidence.place.letter is not None:
        where = f" Its dead letter says {evidence.place.letter.reason}."
    else:
        where = " No entry names it: it has ended, or was not published."
    return Answer(
        State.POSTGRESQL_AWAY,
        f"{error}. Until it answers nothing more is claimed, and what is in work comes back."
        f"{where}",
        'pg_isready -d "$DATABASE_URL"',
        problem=True,
        figures=queued.figures if queued else {},
    )


def _without_redis(evidence: Evidence) -> Answer:
    """PostgreSQL alone says where it is: enough, where it has ended."""
    finished = ended(evidence)
    if finished is not None:
        return finished
    upload = evidence.record.upload if evidence.record else None
    status = f"is `{upload.status}` in PostgreSQL" if upload else "has no row in PostgreSQL"
    return Answer(
        State.REDIS_AWAY,
        f"Redis does not answer: {evidence.redis_error.rstrip('.')}. The upload {status}; it goes "
        "on when Redis is back, and is published again should Redis have lost it.",
        'redis-cli -u "$CRICKSY_REDIS_URL" ping',
        problem=True,
    )


def _without_row(evidence: Evidence) -> Answer:
    place, record = evidence.place, evidence.record
    if place is not None and place.letter is not None:
        letter = place.letter
        return Answer(
            State.DEAD,
            f"Given up as {letter.reason}: {letter.error} Let the backend write the row first and "
            "the entry after it, then replay.",
            f"cricksy-ocr dead replay {letter.letter_id} --yes",
            problem=True,
        )
    if place is not None and place.entries:
        return Answer(
            State.ROW_MISSING,
            f"An entry names it, but it has no row in `uploads`: when its turn comes it is given "
            f"up as {UploadMissing.code}, unless the backend writes the row before that.",
            f"cricksy-ocr why {evidence.upload_id}",
            problem=True,
        )
    if record is not None and record.attempts:
        return Answer(
            State.ROW_MISSING,
            f"It was delivered {len(record.attempts)} times, last at "
            f"{record.attempts[-1].started_at:%Y-%m-%d %H:%M:%S} UTC, but has no row in `uploads` "
            "any more: the backend has deleted it.",
            f"cricksy-ocr audit {evidence.upload_id}",
            problem=True,
        )
    return Answer(
        State.UNKNOWN,
        f"No upload is called {evidence.upload_id}: neither a row, nor an entry, nor a dead letter "
        "names it.",
        "",
        problem=True,
    )


def _with_leftovers(evidence: Evidence, finished: Answer) -> Answer:
    """An entry of an upload that has ended is only acknowledged."""
    place = evidence.place
    if place is None or not place.entries:
        return finished
    if place.claimed:
        entry = place.claimed[0]
        idle = entry.idle.total_seconds()
        left = (evidence.rules.lease - entry.idle).total_seconds()
        when = f"in {left:.0f} s" if left > 0 else "by the next free slot"
        more = (
            f"Its entry is still in the hands of {entry.consumer}, {idle:.0f} s after a sign of "
            f"life; if that one has died, it is delivered again {when}, only to be acknowledged."
        )
    elif place.waiting:
        more = (
            f"An entry still waits with {place.waiting[0].ahead} before it, and is only "
            "acknowledged when its turn comes."
        )
    elif place.archived:
        more = (
            "An entry still waits in the archive's queue, and is only acknowledged when it comes."
        )
    else:
        more = "An entry still waits for a retry, and is only acknowledged when its turn comes."
    return finished.saying_also(more)


def _said_twice(evidence: Evidence, queued: Answer) -> Answer:
    """One that was published twice is read once."""
    entries = evidence.place.entries if evidence.place else 0
    if entries <= 1:
        return queued
    return queued.saying_also(
        f"{entries} entries name it: it is read once, the others are only acknowledged."
    )


def _without_entry(evidence: Evidence) -> Answer:
    """Nothing in Redis names an upload that has not ended."""
    upload = evidence.record.upload if evidence.record else None
    if upload is None:
        return _without_row(evidence)
    changed = upload.updated_at or upload.created_at or evidence.now
    age = (evidence.now - changed).total_seconds()
    if upload.status == UploadStatus.INITIATED:
        late = age > evidence.rules.link_life.total_seconds()
        end = (
            f"its link for uploading was good for {evidence.rules.link_life.total_seconds():.0f} s "
            "and has expired: the backend has to begin again"
            if late
            else "nothing is to be read before the backend says that the file is there"
        )
        return Answer(
            State.INITIATED,
            f"Begun by the backend {age:.0f} s ago and not completed: {end}.",
            "",
            problem=late,
            figures={"age_seconds": age},
        )
    if upload.status not in _OPEN:
        return Answer(
            State.BACKEND,
            f"Its status is `{upload.status}`, which only the backend understands.",
            "",
            problem=False,
        )
    if age < SETTLING:
        return Answer(
            State.PUBLISHING,
            f"Recorded {age:.1f} s ago; its entry is to follow.",
            "",
            problem=False,
            figures={"age_seconds": age},
        )
    return Answer(
        State.UNPUBLISHED,
        f"It has been `{upload.status}` for {age:.0f} s and no entry names it: its producer did "
        "not publish it, or Redis has lost it. The watcher of any live replica publishes it again "
        "within seconds.",
        "cricksy-ocr reconcile",
        problem=True,
        figures={"age_seconds": age},
    )
