"""Scoreboards: heads behind a side's name, boxes of one number, extras as a table."""

from collections.abc import Callable

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.header import TableKind, header_of
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import Row

Typed = Callable[..., Page]

BOARD = """
                              BAHRAIN V BHUTAN
BAHRAIN                 RUNS          BOWLERS                  O     W     R
IMRAN ALI BUTT             0          JAMTSHO                 10     1    38
CHATURANGA                 9          WANGCHUK                 5     0    32
MOHAMMED SAMEER           19          GURUNG                  10     1    20
TAHIR DAR *               68          EXTRAS                              13
JUNAID AZIZ *              5          WICKETS      2    OVERS             25
                                      TOTAL                              114
"""

EXTRAS_TABLE = """
New Zealand
155 for 2 (20 overs)
BATTING                    RUNS    B   4S   6S
JD Ryder    b FH Edwards     72   50    5    2
BB McCullum b JE Taylor      60   60    3    0
LR Taylor   not out          15   10    0    0
Extras
BYES   LEG BYES   WIDES   NO BALLS   TOTAL
0         1         6        1         8
"""


def only(page: Page) -> Innings:
    (innings,) = parse_pages([page]).innings
    return innings


def test_a_board_gives_each_number_a_place_of_its_own(typed: Typed) -> None:
    innings = only(typed(BOARD))
    assert [b.runs and b.runs.value for b in innings.batting or ()] == [0, 9, 19, 68, 5]
    assert [tuple(v and v.value for v in (b.wickets, b.runs)) for b in innings.bowling or ()] == [
        (1, 38),
        (0, 32),
        (1, 20),
    ]
    assert innings.total is not None
    assert innings.total.runs is not None
    assert innings.total.wickets is not None
    assert (innings.total.runs.value, innings.total.wickets.value) == (114, 2)
    assert str(innings.total.overs and innings.total.overs.value) == "25"


def test_extras_may_be_a_table_and_the_score_a_row_below_the_side(typed: Typed) -> None:
    innings = only(typed(EXTRAS_TABLE))
    assert innings.team is not None
    assert innings.team.value == "New Zealand"
    extras, total = innings.extras, innings.total
    assert extras is not None
    assert total is not None
    assert [
        value and value.value
        for value in (extras.byes, extras.leg_byes, extras.wides, extras.no_balls, extras.total)
    ] == [0, 1, 6, 1, 8]
    assert total.runs is not None
    assert total.wickets is not None
    assert (total.runs.value, total.wickets.value) == (155, 2)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("BAHRAIN                 RUNS", TableKind.BATTING),
        ("WEST INDIES             RUNS   BALLS", TableKind.BATTING),
        ("India won by 10          runs", None),
        ("Smith b Jones            runs", None),
        ("Extras   13     runs", None),
    ],
)
def test_a_head_may_stand_behind_a_sides_name(
    row_of: Callable[[str], Row], line: str, kind: TableKind | None
) -> None:
    header = header_of(row_of(line))
    assert (header and header.kind) is kind


def test_wides_and_no_balls_stand_marked_behind_the_columns(typed: Typed) -> None:
    innings = only(
        typed(
            """
            Bowler        Overs   Maidens   Runs   Wickets   Extras
            AD Mathews      2        0       18       0       (1w)
            RAS Lakmal      4        0       29       0
            KMA Paul        2        0       26       0       (1nb, 2w)
            """
        )
    )
    assert [
        tuple(v and v.value for v in (b.runs, b.wickets, b.wides, b.no_balls))
        for b in innings.bowling or ()
    ] == [(18, 0, 1, None), (29, 0, None, None), (26, 0, 2, 1)]


def test_runs_without_a_boundary_stand_in_the_column_alone(typed: Typed) -> None:
    innings = only(
        typed(
            """
            TRINBAGO
            MJ Guptill      c Pitman b Wasim        15      2x4
            M Deyal         c Hales b Pitman        30      1x4 3x6
            N Pooran        c & b Pitman             1
            AJ Hosein       not out                  3
            """
        )
    )
    assert [
        tuple(v and v.value for v in (b.runs, b.balls, b.fours, b.sixes))
        for b in innings.batting or ()
    ] == [(15, None, 2, None), (30, None, 1, 3), (1, None, None, None), (3, None, None, None)]
