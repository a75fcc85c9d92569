from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from consumers.alerts import CONDITIONS
from consumers.alerts.finding import UNKNOWN, Away, CanaryRound, Finding, View
from consumers.queue import Consumer, Memory, Replica, Stage
from consumers.stream import HANDED_BACK
from pipeline.storage.figures import Ledger, Oldest
from tests.unit.consumers.alerts.views import ENDED, WELL, ended, letter, pending, seconds, view

FIND = {each.name: each.find for each in CONDITIONS}
LOST = Replica("a", "host-a", 77, 1, seconds(14))
SILENT = (Consumer("a-0", 0, seconds(120)),)


def found(name: str, view: View) -> Finding:
    finding = FIND[name](view)
    assert isinstance(finding, Finding)
    return finding


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.name)
def test_a_queue_that_is_well_raises_nothing(condition: object) -> None:
    name = getattr(condition, "name")  # noqa: B009 -- parametrized as object
    expected = UNKNOWN if name == "canary_late" else None
    assert FIND[name](view()) is expected


# Each condition at its limit, and a step past it.
LIMITS: list[tuple[str, Callable[[float], View], float, float]] = [
    ("entry_idle", lambda s: pending(idle=seconds(s)), 40, 41),
    ("upload_slow", lambda s: pending(age=seconds(s)), 300, 301),
    ("upload_redelivered", lambda n: pending(deliveries=int(n)), 2, 3),
    ("replica_lost", lambda s: view(replicas=(replace(LOST, silent_for=seconds(s)),)), 9, 10),
    (
        "oldest_upload",
        lambda s: view(ledger=Ledger(ENDED, Oldest("u1", seconds(s), "uploaded"), {})),
        300,
        301,
    ),
    ("backlog", lambda n: view(lag=int(n)), 100, 101),
    ("queue_stalled", lambda s: view(lag=1, ledger=ended(last=seconds(s))), 120, 121),
    ("failure_rate", lambda n: view(ledger=ended(committed=90, dead=int(n))), 10, 11),
    ("redis_memory", lambda n: view(memory=Memory(int(n), 100, None)), 85, 86),
]


@pytest.mark.parametrize(("name", "make", "at", "past"), LIMITS, ids=[each[0] for each in LIMITS])
def test_a_condition_holds_past_its_limit_and_not_at_it(
    name: str, make: Callable[[float], View], at: float, past: float
) -> None:
    assert FIND[name](make(at)) is None
    assert found(name, make(past)).command


LOWER: list[tuple[str, View]] = [
    ("backlog", view(lag=90)),
    ("failure_rate", view(ledger=ended(committed=91, dead=9))),
    ("redis_memory", view(memory=Memory(82, 100, None))),
]


@pytest.mark.parametrize(("name", "between"), LOWER, ids=[each[0] for each in LOWER])
def test_what_fires_goes_on_until_it_is_well_below_its_limit(name: str, between: View) -> None:
    assert FIND[name](between) is None
    assert found(name, replace(between, firing=frozenset({name}))).text


@pytest.mark.parametrize("name", ["oldest_upload", "failure_rate"])
def test_what_postgresql_knows_cannot_be_judged_while_it_is_away(name: str) -> None:
    assert FIND[name](view(ledger=None)) is UNKNOWN
    assert FIND["queue_stalled"](view(lag=1, ledger=None)) is UNKNOWN


def test_an_idle_entry_names_its_owner_and_where_it_was() -> None:
    finding = found("entry_idle", pending(idle=seconds(50), stage=Stage("ocr", 2, seconds(50))))

    assert finding.text == (
        "Upload u1 belongs to a-0 in ocr of page 2, which has shown no life for 50 s (a lease is "
        "20 s), and nobody reclaims it."
    )
    assert (finding.uploads, finding.consumer) == (("u1",), "a-0")
    assert finding.command == "cricksy-ocr why u1"


def test_what_was_handed_back_is_told_as_that() -> None:
    finding = found("entry_idle", pending(idle=timedelta(days=1), consumer=HANDED_BACK))

    assert "handed back by a replica that left" in finding.text


def test_an_entry_that_names_no_upload_is_told_by_its_own_id() -> None:
    finding = found("upload_redelivered", pending(deliveries=3, upload_id=None))

    assert "Entry 1-0" in finding.text
    assert finding.uploads == ()


def test_a_killed_replica_is_told_with_what_it_held_and_when_that_is_reclaimed() -> None:
    finding = found(
        "replica_lost",
        replace(
            pending(idle=seconds(14), stage=Stage("ocr", 2, seconds(14))),
            snapshot=replace(
                pending(idle=seconds(14), stage=Stage("ocr", 2, seconds(14))).snapshot,
                replicas=(LOST,),
            ),
        ),
    )

    assert finding.text == (
        "Replica a (process 77 on host-a) did not leave, and has shown no life for 14 s. "
        "Upload u1 in ocr of page 2 is reclaimed in 6 s."
    )


def test_a_replica_killed_just_after_it_renewed_its_lease_does_not_hang() -> None:
    killed = pending(idle=seconds(8.5))
    finding = found(
        "replica_lost",
        replace(
            killed,
            snapshot=replace(killed.snapshot, replicas=(replace(LOST, silent_for=seconds(10)),)),
        ),
    )

    assert "It hangs" not in finding.text
    assert "is reclaimed in 12 s" in finding.text


def test_a_replica_whose_leases_are_renewed_without_a_sign_of_life_hangs() -> None:
    finding = found("replica_lost", view(replicas=(LOST,)))

    assert "It hangs with upload u1" in finding.text
    assert "On host-a: kill -9 77" in finding.text


def test_a_backlog_says_how_much_is_read_at_once_and_what_holds_it_up() -> None:
    held = replace(WELL.replicas[0], obstacles={"s3": seconds(9)})

    assert "1 slot reads, an upload takes 0.9 s." in found("backlog", view(lag=150)).text
    text = found("backlog", view(lag=150, replicas=(held,))).text
    assert "0 slots read, held up by s3, an upload takes 0.9 s." in text


def test_an_unknown_lag_is_no_nought() -> None:
    finding = found("backlog", view(lag=None, length=151))

    assert finding.text.startswith("150 uploads wait")


def test_no_uploads_waiting_is_no_stall() -> None:
    assert FIND["queue_stalled"](view(lag=0, ledger=ended(last=None))) is None


def test_without_a_live_consumer_the_cause_is_told() -> None:
    nobody = found("no_consumer", view(consumers=SILENT, replicas=()))
    never = found("no_consumer", view(consumers=(), replicas=(), group_exists=False))
    off = found("no_consumer", view(consumers=(), replicas=(replace(WELL.replicas[0], slots=0),)))

    assert nobody.text == "Nobody reads uploads: no replica lives; 1 upload is unfinished."
    assert "no replica has ever run here" in never.text
    assert "OCR switched off (CRICKSY_ENABLE_OCR=0)" in off.text


def test_with_ocr_switched_off_and_nothing_to_read_nobody_is_missed() -> None:
    off = (replace(WELL.replicas[0], slots=0),)

    assert FIND["no_consumer"](view(consumers=(), replicas=off, length=0)) is None


def test_a_replica_that_only_starts_is_a_live_one() -> None:
    starting = (replace(WELL.replicas[0], obstacles={"starting": seconds(1)}),)

    assert FIND["no_consumer"](view(consumers=(), replicas=starting)) is None


def test_dead_letters_tell_of_the_newest_and_count_the_others() -> None:
    finding = found("dead_letters", view(new_letters=(letter(), letter("u8"))))

    assert finding.text == (
        "Upload u9 was given up as worker_killed, last in the hands of a-0: Its worker died 3 "
        "times while it was read. 1 more within 5 min."
    )
    assert finding.uploads == ("u9", "u8")
    assert finding.command == "cricksy-ocr dead show 9-0"


def test_a_share_of_few_says_nothing() -> None:
    assert FIND["failure_rate"](view(ledger=ended(committed=5, dead=4))) is None


def test_failures_are_told_with_their_codes() -> None:
    finding = found("failure_rate", view(ledger=ended(committed=80, dead=20)))

    assert "20 of the 100 uploads" in finding.text
    assert "(20%; limit 10%): timed_out, too_large." in finding.text


def test_an_archive_that_nobody_has_a_slot_for_is_told_of() -> None:
    (reader,) = WELL.replicas
    deaf = (replace(reader, backfill_slots=0),)
    assert "2000 uploads wait" in found("backfill_unread", view(backfill=2000, replicas=deaf)).text
    shared = (*deaf, replace(reader, name="b", backfill_slots=1))
    assert FIND["backfill_unread"](view(backfill=2000, replicas=shared)) is None
    assert FIND["backfill_unread"](view(backfill=0, replicas=deaf)) is None
    # That nobody reads at all is told as such.
    assert FIND["backfill_unread"](view(backfill=2000, replicas=())) is None


def test_without_maxmemory_redis_is_measured_by_its_host() -> None:
    assert "of its host's memory" in found("redis_memory", view(memory=Memory(90, None, 100))).text
    assert FIND["redis_memory"](view(memory=Memory(90, None, None))) is None


@pytest.mark.parametrize(
    ("server", "name"), [("postgresql", "PostgreSQL"), ("s3", "S3")], ids=["postgresql", "s3"]
)
def test_a_server_that_is_away_is_told_with_what_follows(server: str, name: str) -> None:
    away = replace(view(), away={server: Away("Connection refused.", seconds(12))})
    finding = found(f"{server}_unreachable", away)

    assert finding.text.startswith(f"{name} has not answered for 12 s: Connection refused. ")
    assert finding.lasts == seconds(12)


def test_a_canary_that_came_back_right_is_well_and_one_that_did_not_is_told() -> None:
    good = replace(view(), canary=CanaryRound(True, "The canary was read right.", "canary-1", 1.0))
    late = CanaryRound(False, "Canary canary-1 was not read within 30 s.", "canary-1", 90.0)

    assert FIND["canary_late"](good) is None
    assert found("canary_late", replace(view(), canary=late)).text == late.text
