from collections.abc import Callable
from typing import Any

from pipeline.ocr.words import Page
from pipeline.scorecard.document import document_of
from pipeline.scorecard.parse import parse_pages

Typed = Callable[..., Page]

FIGURES = """
BERMUDA                  149-7
v SINGAPORE
BOWLER              O    M    R    W
V BASKARAN          4    2    8    1
JANAK PRAKASH      16    0  141    6
OVERS 20
"""

LEAGUE = """
Dolphins v Titans
Dolphins Batting
BATTER                                   RUNS    BALLS    4S    6S      SR
MN van Wyk     ct M Mosehle  b DJG Sammy   37       14     5     2  264.29
CS Delport     ct MQ Adams   b DJG Sammy   45       29     4     3  155.17
R Frylinck     not out                      3       20     0     0   15.00
EXTRAS                                                                   8
b 0, lb 2, w 3, nb 3
TOTAL                                                       93-2 (10)
Fall of wickets
WKT       SCORE       PLAYER           OVER
1            53       MN van Wyk        4.2
2            89       CS Delport        9.5
Bowling
BOWLER                     O     M     R     W     ECON
NE Mbhalati                5     0    45     0     9.00
DJG Sammy                  5     0    46     2     9.20
"""


def innings_of(page: Page) -> Any:
    return document_of(parse_pages([page]))["innings"]


def test_a_fall_of_wickets_with_columns_stands_between_the_tables_of_one_innings(
    typed: Typed,
) -> None:
    (innings,) = innings_of(typed(LEAGUE))

    assert innings["fall_of_wickets"] == [
        {"wicket": 1, "runs": 53, "batter": "MN van Wyk", "over": "4.2"},
        {"wicket": 2, "runs": 89, "batter": "CS Delport", "over": "9.5"},
    ]
    assert [bowler["name"] for bowler in innings["bowling"]] == ["NE Mbhalati", "DJG Sammy"]
    assert innings["total"] == {"runs": 93, "wickets": 2, "overs": "10"}
    assert innings["verified"]


def test_above_bowling_figures_the_side_with_the_score_bats(typed: Typed) -> None:
    (innings,) = innings_of(typed(FIGURES))

    assert innings["team"] == "BERMUDA"
    assert innings["total"] == {"runs": 149, "wickets": 7, "overs": "20"}
    assert [bowler["name"] for bowler in innings["bowling"]] == ["V BASKARAN", "JANAK PRAKASH"]


PHONE = """
Royals v/s Titans
Royals 59-1 (3.0)
Batsman          R     B    4s    6s       SR
Saksham         53    19     3     6   278.95
not out
Aviral           0     1     0     0     0.00
b Krishna
Total 59-1 (3.0)
Bowler           O     M     R     W     Econ
Krishna        3.0     0    59     1    19.67
Fall of Wickets      Score      Over
Aviral                25/1       1.0
Titans 56-0 (3.0)
Batsman          R     B    4s    6s       SR
Krishna         31    11     3     2   281.82
not out
Kapish          20     7     0     3   285.71
not out
"""


def test_the_score_of_the_next_side_is_no_fall_of_a_wicket(typed: Typed) -> None:
    first, second = innings_of(typed(PHONE))

    assert [fall["runs"] for fall in first["fall_of_wickets"]] == [25]
    assert second["team"] == "Titans"


def test_a_fall_of_wickets_may_be_called_fall(typed: Typed) -> None:
    text = LEAGUE.split("Fall of wickets")[0] + "Fall: 1-53, 2-89"

    (innings,) = innings_of(typed(text))

    assert [fall["runs"] for fall in innings["fall_of_wickets"]] == [53, 89]


def test_the_kinds_of_extras_may_stand_below_their_sum(typed: Typed) -> None:
    extras = innings_of(typed(LEAGUE))[0]["extras"]

    assert (extras["total"], extras["leg_byes"], extras["wides"], extras["no_balls"]) == (
        8,
        2,
        3,
        3,
    )
