from collections.abc import Callable

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.deliveries import read_deliveries, shows_ball
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import Row, find_rows

RowOf = Callable[[str], Row]


@pytest.mark.parametrize(
    ("line", "ball", "bowler", "batter", "runs", "wicket"),
    [
        ("0.3 Starc to Kohli, no run", "0.3", "Starc", "Kohli", 0, False),
        ("0.3 Starc to Kohli, FOUR", "0.3", "Starc", "Kohli", 4, False),
        (
            "0.3 Mohammed Shami to de Villiers, SIX!",
            "0.3",
            "Mohammed Shami",
            "de Villiers",
            6,
            False,
        ),
        ("19.6 Starc to Kohli, OUT! c Smith", "19.6", "Starc", "Kohli", 0, True),
        ("1.1 Boult to MacLeod, OUT, lbw", "1.1", "Boult", "MacLeod", 0, True),
        ("1.1 Boult to MacLeod, 1 run, OUT, run out", "1.1", "Boult", "MacLeod", 1, True),
        ("1.1 Boult to MacLeod, 1 wide", "1.1", "Boult", "MacLeod", 1, False),
        ("1.1 Boult to MacLeod, wide", "1.1", "Boult", "MacLeod", 1, False),
        ("1.1 Boult to MacLeod, 2 leg byes", "1.1", "Boult", "MacLeod", 2, False),
        ("1.1 Boult to MacLeod, no ball", "1.1", "Boult", "MacLeod", 1, False),
        ("1.1 Sharma 4 runs", "1.1", None, "Sharma", 4, False),
        ("1.1 van Wyk 2 runs (no ball)", "1.1", None, "van Wyk", 2, False),
        ("1.1 Sharma dot ball", "1.1", None, "Sharma", 0, False),
        ("1.1 Sharma W", "1.1", None, "Sharma", 0, True),
        ("1.1 van Wyk out, bowled", "1.1", None, "van Wyk", 0, True),
        ("i 1.1 Sharma O runs", "1.1", None, "Sharma", 0, False),
        ("1.1 Sharma run", "1.1", None, "Sharma", None, False),
    ],
)
def test_a_ball_is_told_in_many_ways(
    row_of: RowOf,
    line: str,
    ball: str,
    bowler: str | None,
    batter: str,
    runs: int | None,
    wicket: bool,
) -> None:
    (told,) = read_deliveries([row_of(line)])
    assert str(told.ball.value) == ball
    assert (told.bowler.value if told.bowler else None) == bowler
    assert told.batter is not None
    assert told.batter.value == batter
    assert (told.runs.value if told.runs else None) == runs
    assert told.wicket is not None
    assert told.wicket.value is wicket


@pytest.mark.parametrize(
    "line", ["End of over 3: 20/1", "12 Kohli c Smith b Starc 45", "K Rabada 5.3 0 20 1"]
)
def test_other_rows_tell_of_no_ball(row_of: RowOf, line: str) -> None:
    assert not shows_ball(row_of(line))


def test_a_wicket_may_be_told_below_its_ball(typed: Callable[..., Page]) -> None:
    rows = find_rows(typed("0.3 Starc to Kohli, no run\nOUT! c Smith"))
    (told,) = read_deliveries(rows)
    assert told.wicket is not None
    assert told.wicket.value


def test_a_lost_point_is_restored_where_the_ball_follows(typed: Callable[..., Page]) -> None:
    rows = find_rows(typed("1.1 Taylor 0 runs\n12 Taylor 1 run\n55 Taylor 1 run"))
    assert [str(told.ball.value) for told in read_deliveries(rows)] == ["1.1", "1.2"]


def test_a_list_of_balls_is_an_innings_that_nothing_proves(typed: Callable[..., Page]) -> None:
    page = typed(
        """
        England v India
        India innings
        0.1 Broad to Gill, no run
        0.2 Broad to Gill, 1 leg bye
        0.3 Broad to Rahul, OUT, lbw
        End of over 1: 1/1
        """
    )
    (innings,) = parse_pages([page]).innings
    assert innings.team is not None
    assert innings.team.value == "India"
    assert innings.deliveries is not None
    assert [told.runs.value for told in innings.deliveries if told.runs] == [0, 1, 0]
    assert not innings.verified
