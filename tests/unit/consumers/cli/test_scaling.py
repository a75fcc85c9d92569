"""When there is one replica more, and when one less."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consumers.cli.memory import Memory
from consumers.cli.scaling import Bounds, Load, Scaler, Step

MB = 10**6
ROOMY = Memory(left=8000 * MB, total=16_000 * MB)
CALM = Load(
    waiting=0,
    slots=1,
    slots_each=1,
    busy=0,
    running=1,
    unready=0,
    held_up=None,
    largest=None,
    memory=ROOMY,
)
CROWDED = replace(CALM, waiting=41, busy=1)


def scaler(fewest: int = 1, most: int = 4) -> Scaler:
    return Scaler(Bounds(fewest, most), timedelta(seconds=60))


def test_celerys_order_of_the_bounds_means_the_same() -> None:
    assert Bounds.parse("10,2") == Bounds.parse("2, 10") == Bounds(2, 10)


@pytest.mark.parametrize("text", ["", "4", "a,b", "1,2,3", "1-4", "0,4", "-1,4"])
def test_bounds_that_are_none_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"two numbers such as 1,4|the fewest is 1"):
        Bounds.parse(text)


def test_one_more_starts_while_over_two_uploads_wait_for_a_slot() -> None:
    assert scaler().look(CROWDED, 0) == Step(1, "41 uploads wait for 1 slot")
    assert scaler().look(replace(CROWDED, waiting=2), 0) is None


def test_none_starts_while_another_does_not_claim_yet() -> None:
    assert scaler().look(replace(CROWDED, running=2, unready=1), 0) is None


def test_none_starts_over_the_bound() -> None:
    assert scaler().look(replace(CROWDED, running=4, slots=4), 0) is None


@pytest.mark.parametrize("why", ["it is paused", "PostgreSQL does not answer"])
def test_none_starts_where_it_could_not_claim_and_the_reason_is_kept(why: str) -> None:
    each = scaler()
    assert each.look(replace(CROWDED, held_up=why), 0) is None
    assert each.held_back == why
    assert each.look(replace(CROWDED, held_up=None), 2) is not None
    assert each.held_back is None


def test_none_starts_that_memory_has_no_room_for() -> None:
    each = scaler()
    tight = replace(CROWDED, largest=300 * MB, memory=Memory(400 * MB, 4000 * MB))
    assert each.look(tight, 0) is None
    assert each.held_back == "another one takes 300 MB of memory, and 400 MB are left"
    assert each.look(replace(tight, memory=Memory(600 * MB, 4000 * MB)), 2) is not None


def test_one_leaves_where_memory_runs_out_though_uploads_wait() -> None:
    full = replace(CROWDED, running=2, slots=2, memory=Memory(100 * MB, 4000 * MB))
    assert scaler().look(full, 0) == Step(-1, "only 100 MB of memory are left")
    assert scaler(fewest=2).look(full, 0) is None


def test_one_leaves_after_it_was_to_spare_for_the_whole_quiet_time() -> None:
    each = scaler()
    spare = replace(CALM, running=2, slots=2, busy=1)
    assert each.look(spare, 0) is None
    assert each.look(spare, 59) is None
    assert each.look(spare, 60) == Step(-1, "it was to spare for 1 min")
    # The next one has a quiet time of its own.
    assert each.look(spare, 62) is None


@pytest.mark.parametrize(("busy", "waiting"), [(2, 0), (0, 1)])
def test_the_quiet_time_begins_anew_when_there_was_work_for_all(busy: int, waiting: int) -> None:
    each = scaler()
    spare = replace(CALM, running=2, slots=2)
    each.look(spare, 0)
    each.look(replace(spare, busy=busy, waiting=waiting), 30)
    assert each.look(spare, 40) is None
    assert each.look(spare, 99) is None
    assert each.look(spare, 100) is not None


def test_the_fewest_stay() -> None:
    each = scaler()
    assert [each.look(CALM, at) for at in (0, 100, 1000)] == [None] * 3


def test_a_replica_elsewhere_does_the_work_of_one_here() -> None:
    each = scaler()
    # Two here, two elsewhere, one slot each: three uploads in work leave one slot to spare.
    shared = replace(CALM, running=2, slots=4, busy=3)
    each.look(shared, 0)
    assert each.look(shared, 60) is not None
