"""Every state that an upload can be in has its sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consumers.queue import Consumer, DeadLetter, PendingEntry, Replica, Stage
from consumers.stream import HANDED_BACK
from consumers.why import Answer, Evidence, Rules, explain
from consumers.why.ended import ADVICE
from consumers.why.evidence import Place, Record, Retry, Waiting
from consumers.why.sentence import State
from pipeline import errors
from pipeline.storage.attempts import Attempt
from pipeline.storage.figures import Ended
from pipeline.storage.scorecards import Scorecard
from pipeline.storage.uploads import Upload

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
RULES = Rules(timedelta(seconds=20), timedelta(seconds=300), 3, 3, timedelta(hours=1))


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


UPLOAD = Upload(
    id="u1",
    filename="card.jpg",
    content_type="image/jpeg",
    file_size=1,
    bucket="b",
    key="k",
    game_id=None,
    user_id=None,
    status="uploaded",
    error_message=None,
    retry_count=0,
    created_at=NOON - seconds(60),
    updated_at=NOON - seconds(60),
    processed_at=None,
)
ATTEMPT = Attempt(
    fence=1,
    entry_id="1-0",
    consumer="a-12-0",
    delivery=1,
    trace_id=None,
    started_at=NOON - seconds(30),
    finished_at=NOON - seconds(20),
    stages=None,
    outcome="retry",
    error_code="object_store_unavailable",
    error="The object store does not answer.",
)
ENTRY = PendingEntry("1-0", "u1", "a-12-0", seconds(1), 2, seconds(40), Stage("ocr", 2, seconds(3)))
REPLICA = Replica("a-12", "host-a", 77, 2, seconds(1))
OTHER = Replica("b-7", "host-b", 8, 1, seconds(1))
SILENT = replace(REPLICA, silent_for=seconds(14))
ALICE = Consumer("a-12-0", 1, seconds(1))
ENDED = Ended(50, 0, 50, 1.2, seconds(1), None)
CARD = Scorecard("u1", {"checks": [], "warnings": []}, "1", True, 1, NOON, None)
LETTER = DeadLetter("9-0", "u1", "object_missing", "Not there.", 1, 1, "a", "", NOON, {})


def why(
    place: Place | None = None,
    *,
    status: str | None = "uploaded",
    record: dict[str, Any] | None = None,
    changed: float = 60,
) -> Answer:
    """The answer for an upload with this row, this place in Redis and these records."""
    upload = status and replace(UPLOAD, status=status, updated_at=NOON - seconds(changed))
    held = Record(upload or None, ended=ENDED, **(record or {}))
    return explain(Evidence("u1", NOON, RULES, place or Place(), held))


def claimed(*replicas: Replica, **changes: Any) -> Place:
    return Place((replace(ENTRY, **changes),), in_work=1, consumers=(ALICE,), replicas=replicas)


def waiting(ahead: int, *replicas: Replica, **place: Any) -> Place:
    return Place(waiting=(Waiting("5-0", ahead),), replicas=replicas, **place)


def retrying(due: float, *replicas: Replica, number: int = 2) -> Place:
    return Place(retries=(Retry(seconds(due), number),), replicas=replicas)


def archived(ahead: int, *replicas: Replica) -> Place:
    return Place(archived=(Waiting("5-0", ahead),), replicas=replicas)


def test_an_id_that_nothing_names() -> None:
    answer = why(status=None)

    assert (answer.state, answer.problem) == (State.UNKNOWN, True)
    assert answer.text.startswith("No upload is called u1: neither a row")


def test_an_entry_without_a_row() -> None:
    answer = why(waiting(0, REPLICA), status=None)

    assert answer.state is State.ROW_MISSING
    assert "given up as upload_missing" in answer.text


def test_a_row_that_the_backend_has_deleted() -> None:
    answer = why(status=None, record={"attempts": (ATTEMPT,)})

    assert answer.state is State.ROW_MISSING
    assert "the backend has deleted it" in answer.text


def test_a_dead_letter_without_a_row() -> None:
    letter = replace(LETTER, reason="upload_missing")
    answer = why(Place(letter=letter), status=None)

    assert answer.state is State.DEAD
    assert answer.command == "cricksy-ocr dead replay 9-0 --yes"


def test_initiated_and_not_completed() -> None:
    fresh, late = (why(status="initiated", changed=age) for age in (60, 4000))

    assert (fresh.state, fresh.problem) == (State.INITIATED, False)
    assert fresh.text.startswith("Begun by the backend 60 s ago and not completed: nothing is")
    assert late.problem
    assert "good for 3600 s and has expired" in late.text


def test_uploaded_a_moment_ago() -> None:
    answer = why(changed=1)

    assert (answer.state, answer.problem) == (State.PUBLISHING, False)
    assert answer.text == "Recorded 1.0 s ago; its entry is to follow."


def test_uploaded_but_not_published() -> None:
    answer = why(changed=60)

    assert (answer.state, answer.problem) == (State.UNPUBLISHED, True)
    assert answer.text.startswith("It has been `uploaded` for 60 s and no entry names it")
    assert answer.command == "cricksy-ocr reconcile"


def test_a_status_of_the_backends_own() -> None:
    assert why(status="archived").state is State.BACKEND


def test_waiting_with_live_replicas() -> None:
    answer = why(waiting(41, REPLICA, in_work=2))

    assert (answer.state, answer.problem) == (State.WAITING, False)
    assert answer.text == (
        "Waiting: 41 uploads before it, about 25 s at the present rate (2 slots read, 1.2 s each)."
    )
    assert answer.figures == {"ahead": 41, "slots": 2, "eta_seconds": 25.2}


def test_waiting_as_the_next() -> None:
    assert why(waiting(0, REPLICA)).text.startswith("Waiting: it is the next, about 0 s")


def test_waiting_where_nothing_has_ended_of_late() -> None:
    idle = replace(ENDED, seconds=None)
    answer = why(waiting(1, REPLICA), record={}, changed=60)
    unknown = explain(Evidence("u1", NOON, RULES, waiting(1, REPLICA), Record(UPLOAD, ended=idle)))

    assert "at the present rate" in answer.text
    assert unknown.text == ("Waiting: 1 upload before it, how fast 2 slots read is not known yet.")


def test_waiting_for_replicas_that_say_nothing_of_themselves() -> None:
    place = Place(waiting=(Waiting("5-0", 4),), consumers=(ALICE,))

    assert why(place).figures["slots"] == 1


def test_waiting_without_a_replica() -> None:
    place = waiting(3, consumers=(replace(ALICE, idle=seconds(180)),))
    answer = why(place)

    assert (answer.state, answer.problem) == (State.WAITING_FOR_REPLICA, True)
    assert answer.text == (
        "Waiting, 3 uploads before it. No replica lives; one that did not leave died 180 s "
        "ago: start one."
    )
    assert answer.command == "faststream run consumers.app:app"


def test_waiting_where_no_replica_has_ever_run() -> None:
    answer = why(waiting(0, group_exists=False))

    assert "none has made the consumer group yet: start one" in answer.text


def test_waiting_with_ocr_switched_off() -> None:
    answer = why(waiting(3, replace(REPLICA, slots=0)))

    assert (answer.state, answer.problem) == (State.WAITING_FOR_OCR, True)
    assert "1 replica lives with OCR switched off" in answer.text


@pytest.mark.parametrize(
    ("obstacle", "sentence", "command"),
    [
        ("paused", "Claiming has been paused since 11:59:30 UTC.", "cricksy-ocr resume"),
        ("s3", "Nothing is claimed until S3 answers; it has not since 11:59:30 UTC.", None),
        ("postgresql", "Nothing is claimed until PostgreSQL answers; it has not since", None),
        ("starting", "1 replica lives, still starting since 11:59:30 UTC.", None),
        ("leaving", "1 replica lives, all leaving: start another.", None),
        ("memory", "1 replica lives, held up by memory since 11:59:30 UTC.", None),
    ],
)
def test_waiting_while_replicas_are_held_up(
    obstacle: str, sentence: str, command: str | None
) -> None:
    answer = why(waiting(3, replace(REPLICA, obstacles={obstacle: seconds(30)})))

    assert (answer.state, answer.problem) == (State.HELD_UP, True)
    assert sentence in answer.text
    assert command in {None, answer.command}


def test_in_work() -> None:
    answer = why(claimed(REPLICA), status="processing")

    assert (answer.state, answer.problem) == (State.IN_WORK, False)
    assert answer.text == (
        "In work: ocr of page 2 for 3 s at a-12-0 (process 77 on host-a), 40 s since it was first "
        "claimed; delivery 2 of 3."
    )
    assert (answer.figures["stage"], answer.figures["page"]) == ("ocr", 2)


def test_in_work_at_a_replica_that_says_nothing_of_itself() -> None:
    assert "In work: ocr of page 2 for 3 s at a-12-0, 40 s" in why(claimed()).text


def test_in_work_at_a_replica_that_may_have_died() -> None:
    quiet = replace(REPLICA, silent_for=seconds(6))
    answer = why(claimed(quiet, OTHER, idle=seconds(7)))

    assert (answer.state, answer.problem) == (State.IN_WORK, False)
    assert answer.text.endswith(
        "delivery 2 of 3. The replica has shown no life for 6 s: should it have died, the upload "
        "is reclaimed in 13 s."
    )


def test_just_claimed() -> None:
    answer = why(claimed(REPLICA, stage=None, age=None, deliveries=1))

    assert answer.state is State.IN_WORK
    assert answer.text == (
        "Just claimed by a-12-0 (process 77 on host-a), and not begun yet; delivery 1 of 3."
    )


def test_in_work_between_two_stages() -> None:
    assert "between two stages" in why(claimed(REPLICA, stage=None)).text


def test_in_work_for_too_long() -> None:
    answer = why(claimed(REPLICA, age=seconds(320)))

    assert (answer.state, answer.problem) == (State.IN_WORK_TOO_LONG, True)
    assert answer.text.startswith("In work for 320 s, longer than the 300 s that an upload may")
    assert answer.command == "kill -9 77  # on host-a"


def test_the_owner_is_dead_and_its_lease_still_runs() -> None:
    answer = why(claimed(SILENT, OTHER, idle=seconds(14)))

    assert (answer.state, answer.problem) == (State.OWNER_DEAD, True)
    assert answer.text == (
        "Replica a-12-0 died in ocr of page 2, 14 s ago; it is reclaimed in 6 s; delivery 2 of 3."
    )
    assert answer.figures["reclaimed_in_seconds"] == 6


def test_the_owner_died_just_after_it_renewed_its_lease() -> None:
    answer = why(claimed(replace(SILENT, silent_for=seconds(10)), OTHER, idle=seconds(8.5)))

    assert answer.state is State.OWNER_DEAD
    assert "died in ocr of page 2, 8 s ago; it is reclaimed in 12 s" in answer.text


def test_the_owner_is_dead_and_its_lease_is_over() -> None:
    answer = why(claimed(SILENT, OTHER, idle=seconds(25), deliveries=3))

    assert answer.state is State.ABANDONED
    assert "its lease has run out, and the next free slot reclaims it; delivery 3" in answer.text
    assert "it is given up then" in answer.text


def test_the_owner_is_dead_and_nobody_is_left_to_reclaim_it() -> None:
    answer = why(claimed(SILENT, idle=seconds(25)))

    assert answer.state is State.ABANDONED
    assert "Nobody would reclaim it: No replica lives" in answer.text
    assert answer.command == "faststream run consumers.app:app"


def test_leased_by_a_replica_that_hangs() -> None:
    answer = why(claimed(replace(REPLICA, silent_for=seconds(40)), OTHER))

    assert (answer.state, answer.problem) == (State.OWNER_HUNG, True)
    assert answer.text.startswith("Replica a-12 hangs: it has shown no life for 40 s, yet renews")
    assert answer.command == "kill -9 77  # on host-a"


def test_handed_back() -> None:
    idle = timedelta(days=1)
    taken_up = why(claimed(OTHER, consumer=HANDED_BACK, idle=idle))
    left = why(claimed(SILENT, consumer=HANDED_BACK, idle=idle))

    assert (taken_up.state, taken_up.problem) == (State.HANDED_BACK, False)
    assert "the next free slot takes it up" in taken_up.text
    assert left.problem
    assert "nobody takes it up: No replica lives" in left.text


def test_in_retry_while_s3_is_away() -> None:
    held = replace(REPLICA, obstacles={"s3": seconds(57)})
    answer = why(retrying(32, held), record={"attempts": (ATTEMPT,)})

    assert (answer.state, answer.problem) == (State.RETRY, True)
    assert answer.text == (
        "S3 has not answered since 11:59:03 UTC; next try in 32 s (retry 2 of 3). Nothing else is "
        "claimed until S3 answers."
    )
    assert answer.figures["code"] == "object_store_unavailable"


def test_in_retry_after_s3_has_come_back() -> None:
    answer = why(retrying(32, REPLICA), record={"attempts": (ATTEMPT,)})

    assert answer.text == (
        "S3 did not answer at 11:59:40 UTC, and does by now; next try in 32 s (retry 2 of 3). What "
        "was in work when it went waits its whole delay; what was not goes on at once."
    )


def test_in_retry_after_a_crash() -> None:
    crashed = replace(ATTEMPT, error_code="ocr_crashed", error="It died (signal SIGSEGV).")
    answer = why(retrying(32, REPLICA, number=1), record={"attempts": (crashed,)})

    assert answer.text == (
        "At 11:59:40 UTC it failed as ocr_crashed: It died (signal SIGSEGV); next try in 32 s "
        "(retry 1 of 3)."
    )


def test_in_retry_where_the_failure_could_not_be_recorded() -> None:
    open_ = replace(ATTEMPT, outcome=None, finished_at=None, error_code=None)
    answer = why(retrying(5, REPLICA), record={"attempts": (open_,)})

    assert answer.text.startswith("PostgreSQL went away while it was in work at 11:59:30 UTC;")


def test_in_retry_that_is_due() -> None:
    due = why(retrying(-1, REPLICA), record={"attempts": (ATTEMPT,)})
    nobody = why(retrying(-40), record={"attempts": (ATTEMPT,)})

    assert "next try now (retry 2 of 3)." in due.text
    assert "was due 40 s ago, but no replica lives to begin it" in nobody.text
    assert nobody.command == "faststream run consumers.app:app"


DEATH = replace(
    ATTEMPT, outcome="dead", error_code="object_missing", error="There is no object k in bucket b."
)


def test_given_up() -> None:
    answer = why(Place(letter=LETTER), status="failed", record={"attempts": (DEATH,)})

    assert (answer.state, answer.problem) == (State.DEAD, True)
    assert answer.text == (
        "Given up as object_missing at 2026-05-01 11:59:40 UTC after 1 delivery: There is no "
        "object k in bucket b. Put the file where its row says, or mend the row, then replay."
    )
    assert answer.command == "cricksy-ocr dead replay 9-0 --yes"


def test_given_up_and_its_letter_dropped() -> None:
    answer = why(status="failed", record={"attempts": (DEATH,), "dropped_at": NOON})

    assert "Its dead letter was dropped at 2026-05-01 12:00:00 UTC." in answer.text


def test_given_up_and_its_letter_lost() -> None:
    answer = why(status="failed", record={"attempts": (DEATH,)})

    assert "Its dead letter is not in Redis" in answer.text


def test_every_code_that_ends_an_upload_has_its_advice() -> None:
    def leaves(kind: type[errors.OcrError]) -> list[type[errors.OcrError]]:
        below = kind.__subclasses__()
        return [leaf for each in below for leaf in leaves(each)] if below else [kind]

    codes = {each.code for each in leaves(errors.OcrError)} - {"database_unavailable"}
    assert set(ADVICE) == codes


def test_set_to_failed_by_the_backend() -> None:
    told = why(status="failed")
    again = why(waiting(0, REPLICA), status="failed")

    assert told.state is State.FAILED
    assert again.state is State.WAITING


def test_parsed_and_verified() -> None:
    answer = why(status="parsed", record={"scorecard": CARD})

    assert (answer.state, answer.problem) == (State.PARSED, False)
    assert answer.text == (
        "Read at 2026-05-01 12:00:00 UTC: verified, its arithmetic adds up. It waits for a "
        "person's review."
    )


def test_parsed_and_not_verified() -> None:
    checks = [{"verdict": "fails", "sentence": "Batting runs: 90 = 92 fails."}]
    card = replace(CARD, verified=False, document={"checks": checks, "warnings": ["Blurred."]})
    answer = why(status="parsed", record={"scorecard": card})

    assert "not verified. Batting runs: 90 = 92 fails. Blurred. It waits for review." in answer.text
    assert answer.figures["verified"] == 0


def test_parsed_without_a_scorecard() -> None:
    answer = why(status="parsed")

    assert (answer.state, answer.problem) == (State.CARD_MISSING, True)


def test_confirmed_by_a_person() -> None:
    card = replace(CARD, reviewed_at=NOON + seconds(60))

    assert why(status="parsed", record={"scorecard": card}).state is State.REVIEWED


def test_applied() -> None:
    answer = why(status="applied", record={"scorecard": CARD})

    assert (answer.state, answer.problem) == (State.APPLIED, False)


def test_cancelled() -> None:
    gone = why(status="cancelled")
    queued = why(waiting(2, REPLICA), status="cancelled")

    assert gone.text == "Cancelled at 2026-05-01 11:59:00 UTC: it is not read."
    assert "An entry still waits with 2 before it, and is only acknowledged" in queued.text
    assert queued.state is State.CANCELLED


def test_redelivered_for_acknowledgement_only() -> None:
    answer = why(claimed(SILENT, idle=seconds(14)), status="parsed", record={"scorecard": CARD})

    assert (answer.state, answer.problem) == (State.PARSED, False)
    assert "it is delivered again in 6 s, only to be acknowledged" in answer.text


def test_ended_while_an_entry_waits_for_a_retry() -> None:
    answer = why(retrying(9), status="parsed", record={"scorecard": CARD})

    assert "An entry still waits for a retry, and is only acknowledged" in answer.text


def test_published_twice() -> None:
    place = Place(waiting=(Waiting("5-0", 3), Waiting("6-0", 4)), replicas=(REPLICA,))

    assert "2 entries name it: it is read once" in why(place).text


def test_with_redis_away_what_has_ended_is_told_all_the_same() -> None:
    held = Evidence("u1", NOON, RULES, None, Record(UPLOAD, ended=ENDED), "Connection refused.")
    parsed = Record(replace(UPLOAD, status="parsed"), scorecard=CARD)
    answer = explain(held)

    assert (answer.state, answer.problem) == (State.REDIS_AWAY, True)
    assert answer.text.startswith("Redis does not answer: Connection refused. The upload is `upl")
    assert explain(replace(held, record=parsed)).state is State.PARSED


def test_with_postgresql_away_redis_says_where_it_is() -> None:
    error = "PostgreSQL at x is unavailable: refused."
    for place, expected in [
        (claimed(REPLICA), "In work: ocr of page 2"),
        (waiting(4, REPLICA), "Waiting: 4 uploads before it"),
        (retrying(9, REPLICA), "next try in 9 s"),
        (Place(letter=LETTER), "Its dead letter says object_missing."),
        (Place(), "No entry names it: it has ended, or was not published."),
    ]:
        answer = explain(Evidence("u1", NOON, RULES, place, None, database_error=error))
        assert answer.state is State.POSTGRESQL_AWAY
        assert expected in answer.text
        assert answer.text.startswith("PostgreSQL at x is unavailable: refused. Until it answers")


def test_an_upload_of_an_archive_waits_behind_what_people_upload() -> None:
    reading = replace(REPLICA, backfill_slots=1)

    answer = why(archived(1234, reading, OTHER))

    assert (answer.state, answer.problem) == (State.WAITING_IN_ARCHIVE, False)
    assert answer.text == (
        "Waiting in the archive's queue: 1234 uploads of it before this one. What people upload "
        "goes first; at most 1 of 3 slots read of the archive."
    )
    assert answer.figures == {"ahead": 1234, "slots": 3, "backfill_slots": 1}


def test_an_archive_that_no_replica_reads() -> None:
    answer = why(archived(0, REPLICA))

    assert (answer.state, answer.problem) == (State.WAITING_IN_ARCHIVE, True)
    assert "no replica that lives reads of an archive" in answer.text
    assert why(archived(0)).state is State.WAITING_FOR_REPLICA


def test_with_both_away() -> None:
    found = Evidence("u1", NOON, RULES, None, None, "Refused.", "PostgreSQL is unavailable.")

    assert explain(found).state is State.SERVERS_AWAY


def test_every_state_has_a_test_here() -> None:
    source = Path(__file__).read_text()

    assert [each.name for each in State if f"State.{each.name}" not in source] == []
