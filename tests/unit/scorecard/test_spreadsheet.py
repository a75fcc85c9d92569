"""A sheet with running numbers, catchers in a column, and heads at the left of wide columns."""

from collections.abc import Callable

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages

Typed = Callable[..., Page]

SHEET = """
1   Birmingham Bears v Nottinghamshire
2   Birmingham Bears
3   Batter           How out   Fielder     Bowler      Runs      Balls     4s        6s
4   1  AJ Hose       lbw                   Fletcher          32        17         3         2
5   2  EJ Pollock    bowled                Carter            62        34         6         3
6   3  WMH Rhodes    c         Duckett     Harrison          18        16         1         0
7   4  SR Hain       not out                                 53        28         2         4
8   5  MG Burgess    run out   Lintott                        1         1         0         0
9   6  TT Bresnan    dnb
10     Byes                      0 Wides             8
11     Leg byes                  3 No balls          2
12     Extras                                                13
13     TOTAL         20 overs  for 4 wkts                    179
14
15     FOW           51, 120, 123, 133
16
17     Bowler        Overs     Mdns        Runs        Wkts      Wds       NBs
18     M Carter              4           0          86         1         5         0
19     LJ Fletcher           4           0          39         1         3         0
20     CG Harrison          12           0          51         1         0         2
"""


def sheet(typed: Typed) -> Innings:
    (innings,) = parse_pages([typed(SHEET)]).innings
    return innings


def test_numbers_are_of_the_column_whose_head_begins_it(typed: Typed) -> None:
    innings = sheet(typed)
    assert [
        tuple(value and value.value for value in (b.runs, b.balls, b.fours, b.sixes))
        for b in innings.batting or ()
    ] == [(32, 17, 3, 2), (62, 34, 6, 3), (18, 16, 1, 0), (53, 28, 2, 4), (1, 1, 0, 0)]
    assert [
        tuple(value and value.value for value in (b.maidens, b.runs, b.wickets, b.wides))
        for b in innings.bowling or ()
    ] == [(0, 86, 1, 5), (0, 39, 1, 3), (0, 51, 1, 0)]


def test_catchers_and_bowlers_of_columns_of_their_own_are_told_apart(typed: Typed) -> None:
    assert [b.how_out and b.how_out.value for b in sheet(typed).batting or ()] == [
        "lbw b Fletcher",
        "b Carter",
        "c Duckett b Harrison",
        "not out",
        "run out Lintott",
    ]


def test_running_numbers_are_no_part_of_the_card(typed: Typed) -> None:
    innings = sheet(typed)
    assert [b.name.value for b in innings.bowling or ()] == [
        "M Carter",
        "LJ Fletcher",
        "CG Harrison",
    ]
    assert innings.extras is not None
    assert innings.extras.total is not None
    assert innings.extras.total.value == 13
    assert [kind.value for kind in innings.extras.parts] == [0, 3, 8, 2]


def test_scores_alone_tell_the_fall_of_wickets(typed: Typed) -> None:
    falls = sheet(typed).fall_of_wickets or ()
    assert [fall.runs and fall.runs.value for fall in falls] == [51, 120, 123, 133]
    assert [fall.wicket and fall.wicket.value for fall in falls] == [1, 2, 3, 4]


@pytest.mark.parametrize("corner", ["", "i"])
def test_a_margin_is_no_fall_of_wickets(typed: Typed, corner: str) -> None:
    (innings,) = parse_pages(
        [
            typed(
                f"""
                Batting                     R    B
                Khawaja     b Rabada       21   40
                Warner      b Nortje       10   11
                Total (10 overs)          31-2
                FOW   Score  Batter  Over  {corner}
                1        12  Khawaja  3.4
                2        20  Warner   5.1
                """
            )
        ]
    ).innings
    falls = innings.fall_of_wickets or ()
    assert [
        (f.wicket and f.wicket.value, f.runs and f.runs.value, str(f.over and f.over.value))
        for f in falls
    ] == [(1, 12, "3.4"), (2, 20, "5.1")]


def test_a_bowlers_column_begins_below_its_head_however_wide_the_catchers_name_is_set(
    typed: Typed,
) -> None:
    (innings,) = parse_pages(
        [
            typed(
                """
                BATSMAN          HOW OUT              BOWLER         RUNS
                S.N. Adams       c S.R.   Taylor      V.N. Watts        1
                Z. James         c &  b               S.R.  Taylor      3
                J.M. Joseph      not out                               23
                E.G. Turtin      lbw                  N.A. Waisome      0
                """
            )
        ]
    ).innings
    assert [b.how_out and b.how_out.value for b in innings.batting or ()] == [
        "c S.R. Taylor b V.N. Watts",
        "c & b S.R. Taylor",
        "not out",
        "lbw b N.A. Waisome",
    ]
