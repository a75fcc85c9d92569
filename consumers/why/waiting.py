"""Entries that wait: for their first reading, or for another try."""

from dataclasses import replace
from datetime import timedelta

from consumers.queue import Replica
from consumers.stream import HANDED_BACK
from consumers.why.evidence import Evidence, Place
from consumers.why.sentence import Answer, State
from pipeline.errors import DatabaseUnavailable, ObjectStoreUnavailable

START = "faststream run consumers.app:app"
NAMES = {"s3": "S3", "postgresql": "PostgreSQL"}
_AWAY = {ObjectStoreUnavailable.code: "s3", DatabaseUnavailable.code: "postgresql"}
PAUSED = "paused"


def unread(evidence: Evidence) -> Answer | None:
    """An entry that nobody has read yet."""
    place = evidence.place
    if place is None or not place.waiting:
        return None
    ahead = place.waiting[0].ahead
    figures: dict[str, float | int | str | None] = {"ahead": ahead}
    before = f"{_uploads(ahead)} before it" if ahead else "it is the next"
    hindered = nobody_reads(evidence, place)
    if hindered is not None:
        return replace(hindered, text=f"Waiting, {before}. {hindered.text}", figures=figures)
    slots = _slots(evidence, place)
    seconds = evidence.record.ended.seconds if evidence.record and evidence.record.ended else None
    figures |= {"slots": slots}
    if seconds is None:
        rate = f"how fast {_slots_read(slots)} is not known yet"
    else:
        # What is in work now has to end as well.
        eta = (ahead + min(place.in_work, slots) / 2) / slots * seconds
        figures["eta_seconds"] = round(eta, 1)
        rate = f"about {eta:.0f} s at the present rate ({_slots_read(slots)}, {seconds:.1f} s each)"
    return Answer(State.WAITING, f"Waiting: {before}, {rate}.", "", problem=False, figures=figures)


def archived(evidence: Evidence) -> Answer | None:
    """An entry in the archive's queue."""
    place = evidence.place
    if place is None or not place.archived:
        return None
    ahead = place.archived[0].ahead
    figures: dict[str, float | int | str | None] = {"ahead": ahead}
    before = f"{_uploads(ahead)} of it before this one" if ahead else "it is the next of it"
    hindered = nobody_reads(evidence, place)
    if hindered is not None:
        text = f"Waiting in the archive's queue, {before}. {hindered.text}"
        return replace(hindered, text=text, figures=figures)
    reading = [each for each in place.replicas if each.reads]
    slots = sum(each.slots for each in reading)
    share = sum(each.backfill_slots for each in reading)
    figures |= {"slots": slots, "backfill_slots": share}
    queue = f"Waiting in the archive's queue: {before}. What people upload goes first"
    if not share:
        text = f"{queue}, and no replica that lives reads of an archive."
        command = "CRICKSY_BACKFILL_CONCURRENCY=1 faststream run consumers.app:app"
        return Answer(State.WAITING_IN_ARCHIVE, text, command, problem=True, figures=figures)
    text = f"{queue}; at most {share} of {_slots_of(slots)} read of the archive."
    command = f"cricksy-ocr retry {evidence.upload_id}  # to have it read now"
    return Answer(State.WAITING_IN_ARCHIVE, text, command, problem=False, figures=figures)


def retried(evidence: Evidence) -> Answer | None:
    """An entry that waits for another try."""
    place = evidence.place
    if place is None or not place.retries:
        return None
    retry = min(place.retries, key=lambda each: each.due)
    failed = [
        each
        for each in (evidence.record.attempts if evidence.record else ())
        if each.outcome == "retry"
    ]
    last = failed[-1] if failed else None
    due = retry.due.total_seconds()
    alive = any(each.lives for each in place.replicas) or bool(_slots(evidence, place))
    if retry.number == 0:
        return _counting_down(due, alive=alive)
    of = f"(retry {min(retry.number, evidence.rules.max_retries)} of {evidence.rules.max_retries})"
    if due > 0:
        when = f"next try in {due:.0f} s {of}"
    elif alive:
        when = f"next try now {of}"
    else:
        when = f"its next try {of} was due {-due:.0f} s ago, but no replica lives to begin it"
    figures: dict[str, float | int | str | None] = {
        "due_seconds": round(due, 1),
        "retry": retry.number,
        "code": last.error_code if last else None,
    }
    cause = _cause(evidence, place)
    return Answer(
        State.RETRY,
        f"{cause}; {when}.{_waits_in_full(evidence, place, due)}",
        "" if alive else START,
        problem=True,
        figures=figures,
    )


def _counting_down(due: float, *, alive: bool) -> Answer:
    """An upload that its backend does not want to be read at once: no try has failed."""
    hindered = due <= 0 and not alive
    if due > 0:
        text = f"It was published with a countdown, which ends in {due:.0f} s."
    elif alive:
        text = "Its countdown has ended; it goes to the stream now."
    else:
        text = f"Its countdown ended {-due:.0f} s ago, but no replica lives to begin with it."
    figures: dict[str, float | int | str | None] = {"due_seconds": round(due, 1), "retry": 0}
    command = START if hindered else ""
    return Answer(State.WAITING, text, command, problem=hindered, figures=figures)


def _cause(evidence: Evidence, place: Place) -> str:
    """What went wrong the last time."""
    attempts = evidence.record.attempts if evidence.record else ()
    failed = [each for each in attempts if each.outcome == "retry"]
    open_ = [each for each in attempts if each.outcome is None]
    if not failed:
        # Its end could not be recorded: PostgreSQL was away.
        at = f" at {open_[-1].started_at:%H:%M:%S} UTC" if open_ else ""
        return f"PostgreSQL went away while it was in work{at}"
    last = failed[-1]
    at = f"{last.finished_at or last.started_at:%H:%M:%S} UTC"
    server = _AWAY.get(last.error_code or "")
    if server is None:
        return f"At {at} it failed as {last.error_code}: {(last.error or '').rstrip('.')}"
    since = _away_since(place, server)
    if since is not None:
        return f"{NAMES[server]} has not answered since {evidence.now - since:%H:%M:%S} UTC"
    return f"{NAMES[server]} did not answer at {at}, and does by now"


def _waits_in_full(evidence: Evidence, place: Place, due: float) -> str:
    """An outage costs what was in work the whole delay, even if it is soon over."""
    attempts = evidence.record.attempts if evidence.record else ()
    codes = [each.error_code for each in attempts if each.outcome == "retry"]
    server = _AWAY.get(codes[-1] or "") if codes else None
    if server is None or due <= 0:
        return ""
    if _away_since(place, server) is None:
        return " What was in work when it went waits its whole delay; what was not goes on at once."
    return f" Nothing else is claimed until {NAMES[server]} answers."


def nobody_reads(evidence: Evidence, place: Place) -> Answer | None:
    """Why nobody would claim an entry now; None where somebody would."""
    alive = [each for each in place.replicas if each.lives]
    if any(each.reads for each in alive) or (not alive and _slots(evidence, place)):
        return None
    if not alive:
        state, text = State.WAITING_FOR_REPLICA, _no_replica(place)
    elif not any(each.slots for each in alive):
        state = State.WAITING_FOR_OCR
        text = (
            f"{_replicas(alive)} with OCR switched off: entries are left in the stream. Start one "
            "with CRICKSY_ENABLE_OCR=1."
        )
    else:
        return Answer(State.HELD_UP, _held_up(evidence, alive), _mend(alive), problem=True)
    return Answer(state, text, START, problem=True)


def _no_replica(place: Place) -> str:
    if not place.group_exists:
        return "No replica lives, and none has made the consumer group yet: start one."
    seen = [each.idle for each in place.consumers if each.name != HANDED_BACK]
    # Who leaves is in the group no more.
    last = f"; one that did not leave died {min(seen).total_seconds():.0f} s ago" if seen else ""
    return f"No replica lives{last}: start one."


def _held_up(evidence: Evidence, alive: list[Replica]) -> str:
    """What every replica that would read waits for."""
    readers = [each for each in alive if each.slots]
    name, since = max(readers[0].obstacles.items(), key=lambda each: each[1])
    at = f"{evidence.now - since:%H:%M:%S} UTC"
    if name in NAMES:
        return f"Nothing is claimed until {NAMES[name]} answers; it has not since {at}."
    if name == PAUSED:
        return f"Claiming has been paused since {at}."
    if name == "starting":
        return f"{_replicas(readers)}, still starting since {at}."
    if name == "leaving":
        return f"{_replicas(readers)}, all leaving: start another."
    return f"{_replicas(readers)}, held up by {name} since {at}."


def _mend(alive: list[Replica]) -> str:
    names = {name for each in alive for name in each.obstacles}
    if PAUSED in names:
        return "cricksy-ocr resume"
    return START if "leaving" in names else "cricksy-ocr watch --once"


def _away_since(place: Place, server: str) -> timedelta | None:
    known = [
        each.obstacles[server] for each in place.replicas if each.lives and server in each.obstacles
    ]
    return max(known, default=None)


def _slots(evidence: Evidence, place: Place) -> int:
    """Uploads that are read at once: by what replicas say, or by who has shown life."""
    said = sum(each.slots for each in place.replicas if each.reads)
    if said or any(each.lives for each in place.replicas):
        return said
    silent = {each.name for each in place.replicas}
    return sum(
        each.name != HANDED_BACK
        and each.name.rpartition("-")[0] not in silent
        and each.idle <= 2 * evidence.rules.lease
        for each in place.consumers
    )


def _slots_read(slots: int) -> str:
    return "1 slot reads" if slots == 1 else f"{slots} slots read"


def _slots_of(slots: int) -> str:
    return "1 slot" if slots == 1 else f"{slots} slots"


def _uploads(count: int) -> str:
    return "1 upload" if count == 1 else f"{count} uploads"


def _replicas(replicas: list[Replica]) -> str:
    return "1 replica lives" if len(replicas) == 1 else f"{len(replicas)} replicas live"
