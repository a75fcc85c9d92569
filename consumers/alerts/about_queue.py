"""Conditions of the queue as a whole."""

from datetime import timedelta

from consumers.alerts.finding import UNKNOWN, Condition, Finding, Judgement, Severity, View
from consumers.logs import without_what_was_read
from consumers.queue.snapshot import NEW
from pipeline.storage.figures import OF_LATE

OLDEST = timedelta(minutes=5)
BACKLOG = 100
BACKLOG_CLEAR = 80
NO_ACKNOWLEDGEMENT = timedelta(minutes=2)
FAILURES = 0.10
FAILURES_CLEAR = 0.08
ENOUGH_ENDED = 10
"""Uploads that have to have ended of late before a share of them says anything."""
MEMORY = 0.85
MEMORY_CLEAR = 0.80
WITHOUT_CONSUMER = timedelta(seconds=20)
"""A deployment that restarts its only replica needs no alert."""


def oldest(view: View) -> Judgement:
    """Somebody has waited for too long."""
    ledger = view.snapshot.ledger
    if ledger is None:
        return UNKNOWN
    first = ledger.oldest
    if first is None or first.age <= OLDEST:
        return None
    return Finding(
        text=f"Upload {first.upload_id} ({first.status}) has waited for {_span(first.age)} since "
        f"it was published. {_standing(view)}",
        command=f"cricksy-ocr why {first.upload_id}",
        uploads=(first.upload_id,),
        lasts=first.age - OLDEST,
    )


def backlog(view: View) -> Judgement:
    """More waits than should."""
    waiting = view.snapshot.waiting
    if waiting <= (BACKLOG_CLEAR if "backlog" in view.firing else BACKLOG):
        return None
    return Finding(
        text=f"{waiting} uploads wait (limit {BACKLOG}). {_standing(view)}",
        command="cricksy-ocr stuck",
        lasts=_age_of_oldest(view),
    )


def stalled(view: View) -> Judgement:
    """Uploads wait, and none ends."""
    ledger = view.snapshot.ledger
    if not view.snapshot.waiting:
        return None
    if ledger is None:
        return UNKNOWN
    last = ledger.ended.last
    if last is not None and last <= NO_ACKNOWLEDGEMENT:
        return None
    silent = "none has ended of late" if last is None else f"none has ended for {_span(last)}"
    return Finding(
        text=f"{view.snapshot.waiting} uploads wait and {silent}. {_standing(view)}",
        command="cricksy-ocr stuck",
        lasts=last or NO_ACKNOWLEDGEMENT,
    )


def no_consumer(view: View) -> Judgement:
    """Nobody is there who would read."""
    snapshot = view.snapshot
    alive = [each for each in snapshot.replicas if each.lives]
    if snapshot.live_consumers(view.patience.lease) or any(each.slots for each in alive):
        return None
    entries = snapshot.length + snapshot.backfill
    if alive and not entries:
        # OCR is switched off, and nothing wants to be read.
        return None
    unfinished = "1 upload is" if entries == 1 else f"{entries} uploads are"
    waiting = f"{unfinished} unfinished" if entries else "nothing waits yet"
    if alive:
        cause = f"{len(alive)} replicas live, all with OCR switched off (CRICKSY_ENABLE_OCR=0)"
        command = "CRICKSY_ENABLE_OCR=1 faststream run consumers.app:app"
    else:
        cause = "no replica lives" if snapshot.group_exists else "no replica has ever run here"
        command = "faststream run consumers.app:app"
    idle = [each.idle for each in snapshot.consumers]
    return Finding(
        text=f"Nobody reads uploads: {cause}; {waiting}.",
        command=command,
        lasts=min(idle) if idle else timedelta(0),
    )


def backfill_unread(view: View) -> Judgement:
    """An archive waits, and nobody who reads has a slot for it."""
    snapshot = view.snapshot
    if not snapshot.backfill or not snapshot.reading_slots or snapshot.backfill_slots:
        return None
    waiting = "1 upload waits" if snapshot.backfill == 1 else f"{snapshot.backfill} uploads wait"
    return Finding(
        text=f"{waiting} in the backfill, and no replica has a slot for what waits there "
        "(CRICKSY_BACKFILL_CONCURRENCY=0, or a version that knows no backfill).",
        command="CRICKSY_BACKFILL_CONCURRENCY=1 faststream run consumers.app:app",
    )


def dead_letters(view: View) -> Judgement:
    """Uploads were given up of late."""
    letters = view.snapshot.new_letters
    if not letters:
        return None
    newest = letters[0]
    name = f"Upload {newest.upload_id}" if newest.upload_id else "An entry that names no upload"
    more = f" {len(letters) - 1} more within {_span(NEW)}." if len(letters) > 1 else ""
    uploads = tuple(each.upload_id for each in letters if each.upload_id)
    return Finding(
        text=f"{name} was given up as {newest.reason}, last in the hands of {newest.consumer}: "
        f"{without_what_was_read(newest.reason, newest.error)}{more}",
        command=f"cricksy-ocr dead show {newest.letter_id}",
        uploads=uploads,
        consumer=newest.consumer,
    )


def failures(view: View) -> Judgement:
    """Too many of those that end end badly."""
    ledger = view.snapshot.ledger
    if ledger is None:
        return UNKNOWN
    ended = ledger.ended.committed + ledger.ended.dead
    share = ledger.ended.failure_share
    limit = FAILURES_CLEAR if "failure_rate" in view.firing else FAILURES
    if share is None or ended < ENOUGH_ENDED or share <= limit:
        return None
    codes = sorted(set(ledger.failed.values()))
    return Finding(
        text=f"{ledger.ended.dead} of the {ended} uploads that ended within {_span(OF_LATE)} "
        f"failed ({share:.0%}; limit {FAILURES:.0%}): {', '.join(codes)}.",
        command="cricksy-ocr dead ls",
        uploads=tuple(ledger.failed),
    )


def memory(view: View) -> Judgement:
    """Redis takes nothing more once its memory is full."""
    held = view.snapshot.memory
    limit = held.limit or held.host
    most = MEMORY_CLEAR if "redis_memory" in view.firing else MEMORY
    entries = view.snapshot.length + view.snapshot.backfill
    if not limit or held.used <= most * limit:
        return None
    of = "maxmemory" if held.limit else "its host's memory"
    return Finding(
        text=f"Redis uses {held.used / 2**20:,.0f} MiB, {held.used / limit:.0%} of {of}; the queue "
        f"holds {entries} entries and {view.snapshot.dead} dead letters.",
        command="redis-cli --bigkeys",
    )


def canary_late(view: View) -> Judgement:
    """The known card did not come back right, or in time."""
    if view.canary is None:
        return UNKNOWN
    if view.canary.good:
        return None
    since = view.canary.seconds_since_good
    return Finding(
        text=view.canary.text,
        command="cricksy-ocr canary",
        uploads=(view.canary.upload_id,),
        lasts=timedelta(seconds=since or 0),
    )


def _standing(view: View) -> str:
    """What reads at the moment, and how fast."""
    snapshot = view.snapshot
    slots = snapshot.reading_slots
    held_up = sorted({name for each in snapshot.replicas if each.lives for name in each.obstacles})
    parts = [f"{slots} {'slot reads' if slots == 1 else 'slots read'}"]
    if held_up:
        parts.append(f"held up by {', '.join(held_up)}")
    if snapshot.ledger is not None and snapshot.ledger.ended.seconds is not None:
        parts.append(f"an upload takes {snapshot.ledger.ended.seconds:.1f} s")
    if snapshot.retries:
        waits = "1 waits" if snapshot.retries == 1 else f"{snapshot.retries} wait"
        parts.append(f"{waits} for a retry")
    return f"{', '.join(parts)}."


def _age_of_oldest(view: View) -> timedelta:
    ledger = view.snapshot.ledger
    return ledger.oldest.age if ledger and ledger.oldest else timedelta(0)


def _span(duration: timedelta) -> str:
    seconds = duration.total_seconds()
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


CONDITIONS = (
    Condition("oldest_upload", Severity.WARNING, oldest),
    Condition("backlog", Severity.WARNING, backlog, clear_after=timedelta(seconds=15)),
    # An entry that has just come in beside a queue that was idle is no stall.
    Condition("queue_stalled", Severity.CRITICAL, stalled, raise_after=NO_ACKNOWLEDGEMENT),
    Condition("no_consumer", Severity.CRITICAL, no_consumer, raise_after=WITHOUT_CONSUMER),
    Condition("backfill_unread", Severity.WARNING, backfill_unread, raise_after=WITHOUT_CONSUMER),
    Condition("dead_letters", Severity.WARNING, dead_letters),
    Condition("failure_rate", Severity.WARNING, failures, clear_after=timedelta(minutes=1)),
    Condition("redis_memory", Severity.CRITICAL, memory, clear_after=timedelta(minutes=1)),
    Condition("canary_late", Severity.CRITICAL, canary_late, clear_after=timedelta(0)),
)
