import copy
import random
from typing import Any

import pytest

from benchmarks.accuracy.comparison import compare
from benchmarks.accuracy.consistency import adds_up
from benchmarks.render.document import show, truth_of
from benchmarks.render.showing import Showing
from tests.unit.benchmarks.matches import match


@pytest.fixture
def truth() -> Any:
    return truth_of(show(match(), Showing(), random.Random(1)))


@pytest.fixture
def reading(truth: Any) -> Any:
    """A perfect one that claims so."""
    read = copy.deepcopy(truth)
    for innings in read["innings"]:
        innings["verified"] = True
    return read


def test_wrong_number_in_a_verified_innings_is_silent(truth: Any, reading: Any) -> None:
    reading["innings"][0]["bowling"][0]["maidens"] = 7
    score = compare(truth, reading)
    assert (score.verified, score.silent) == (2, 1)
    assert score.right == score.numbers - 1
    assert not score.perfect
    (mistake,) = score.mistakes
    assert (mistake.kind, mistake.where, mistake.true, mistake.read) == ("bowl.M", "MN Swift", 1, 7)


def test_number_that_was_not_read_is_no_silent_error(truth: Any, reading: Any) -> None:
    reading["innings"][0]["bowling"][0]["maidens"] = None
    score = compare(truth, reading)
    assert score.silent == 0
    assert score.right == score.numbers - 1
    assert score.cells["bowl.M"].missed == 1
    assert score.cells["bowl.M"].wrong == 0


def test_wrong_number_in_an_innings_that_claims_nothing_is_not_silent(
    truth: Any, reading: Any
) -> None:
    reading["innings"][0] |= {"verified": False, "batting": []}
    score = compare(truth, reading)
    assert (score.verified, score.silent) == (1, 0)


def test_number_that_the_picture_does_not_show_is_not_counted(truth: Any, reading: Any) -> None:
    before = compare(truth, reading)
    reading["innings"][0]["batting"][0]["minutes"] = 61
    after = compare(truth, reading)
    assert (after.numbers, after.right, after.silent) == (before.numbers, before.right, 0)


def test_row_too_many_is_wrong_though_every_number_is_right(truth: Any, reading: Any) -> None:
    rows = reading["innings"][0]["batting"]
    rows.append({**rows[0], "name": "Nobody At All", "runs": 3, "balls": 199, "fours": 77})
    score = compare(truth, reading)
    assert score.right == score.numbers
    assert score.silent == 1
    assert not score.perfect


def test_innings_and_rows_are_found_in_any_order(truth: Any, reading: Any) -> None:
    reading["innings"].reverse()
    reading["innings"][0]["batting"].reverse()
    assert compare(truth, reading).perfect


def test_innings_too_many_is_not_perfect(truth: Any, reading: Any) -> None:
    reading["innings"].append({"team": "Ghosts", "batting": [{"name": "A Ghost", "runs": 1}]})
    score = compare(truth, reading)
    assert score.right == score.numbers
    assert not score.perfect


def test_what_could_not_be_read_has_no_number_right(truth: Any) -> None:
    score = compare(truth, None)
    assert score.right == 0
    assert score.numbers > 80
    assert (score.innings, score.verifiable, score.verified, score.silent) == (2, 2, 0, 0)


def test_deliveries_are_matched_by_their_ball() -> None:
    showing = Showing(batting=None, bowling=None, fall=None, extras=None, overs_of_balls=2)
    truth = truth_of(show(match(), showing, random.Random(1)))
    reading = copy.deepcopy(truth)
    del reading["innings"][0]["deliveries"][1]
    score = compare(truth, reading)
    assert score.cells["dlv.ball"].right == 11
    assert score.cells["dlv.ball"].missed == 1


@pytest.mark.parametrize(
    "change",
    [
        {"batting": None},
        {"extras": None},
        {"total": {"runs": 200, "overs": "19.4"}},
        {"bowling": [{"runs": 1, "overs": "19.4"}]},
    ],
)
def test_innings_that_lacks_or_contradicts_a_sum_does_not_add_up(
    truth: Any, change: dict[str, Any]
) -> None:
    innings = truth["innings"][0]
    # The penalty is printed, and no bowler's.
    assert adds_up(innings)
    assert not adds_up({**innings, **change})


def test_without_byes_bowlers_may_have_conceded_less(truth: Any) -> None:
    innings = truth["innings"][0]
    extras = {"total": innings["extras"]["total"]}
    assert adds_up({**innings, "extras": extras})
