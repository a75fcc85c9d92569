from collections.abc import Callable
from typing import Any

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.document import document_of
from pipeline.scorecard.implied import implied
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

Typed = Callable[..., Page]
RowOf = Callable[[str], Row]

ALMANACK = """
New Zealand
J.M. How c Collingwood b Panesar           92
M.D. Bell c Cook b Harmison                19
K.D. Mills not out                         25
            B 1, l-b 6, w 1, n-b 3         11
            (for 2 wkts, 38.3 overs)      147
1-44, 2-108
"""

SCOREBOOK = """
Innings of Australia
NO  BATSMAN            HOW OUT      BOWLER       RUNS
 1  A.C. Gilchrist     c Singh      Z. Khan        12
 2  M.L. Hayden        bowled       S. Sreesanth   34
 3  B.J. Hodge         not out                      3
                       Byes                         4
                       Leg byes                     1
                       Wides                       11
                       Total extras                16
    TOTAL              for 2 wkts (10 overs)       65
"""


def innings_of(page: Page) -> Any:
    document: Any = document_of(parse_pages([page]))
    assert len(document["innings"]) == 1
    return document["innings"][0]


def test_an_almanack_leaves_the_labels_of_extras_and_total_out(typed: Typed) -> None:
    innings = innings_of(typed(ALMANACK))
    assert [batter["name"] for batter in innings["batting"]] == [
        "J.M. How",
        "M.D. Bell",
        "K.D. Mills",
    ]
    assert (innings["extras"]["total"], innings["extras"]["leg_byes"]) == (11, 6)
    assert innings["total"] == {"runs": 147, "wickets": 2, "overs": "38.3"}


def test_a_scorebook_gives_each_kind_of_extras_a_line(typed: Typed) -> None:
    innings = innings_of(typed(SCOREBOOK))
    assert len(innings["batting"]) == 3
    extras = innings["extras"]
    assert (extras["total"], extras["byes"], extras["leg_byes"], extras["wides"]) == (16, 4, 1, 11)
    assert innings["total"] == {"runs": 65, "wickets": 2, "overs": "10"}


def test_a_label_parted_over_rows_takes_nothing_from_the_tables_around_it(typed: Typed) -> None:
    innings = innings_of(typed(SCOREBOOK + FALL_AND_BOWLING))
    assert [fall["runs"] for fall in innings["fall_of_wickets"]] == [12, 20, 33, 60]
    assert [bowler["runs"] for bowler in innings["bowling"]] == [30, 31]


FALL_AND_BOWLING = """
Fall of
            1     2     3     4
wickets
Score      12    20    33    60
           A.C.  M.L.  B.J.  R.T.
Batsman
           Gilc  Hayd  Hodg  Pont
BOWLER        OVERS   MDNS   RUNS   WKTS
Z. Khan           5      0     30      1
S. Sreesanth      5      0     31      1
"""


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("b 0, lb 2, w 3", Label.EXTRAS),
        ("Wides 4", Label.EXTRAS),
        ("Exvas 5 wd.5nb.0b. 16 Ib 26", Label.EXTRAS),
        ("Bell b 4", None),
        ("l-b 5   5", Label.EXTRAS),
        ("(for 8 wkts dec, 90 overs)  312", Label.TOTAL),
        ("(all out)  99", Label.TOTAL),
        ("1 2 3 4 5", Label.FALL_OF_WICKETS),
        ("1 2 4 3 5", None),
        ("1 2 3", None),
        ("B 5", None),
        ("B W NB", None),
        ("Bell b Wood 4", None),
        ("Australia won by 3 wkts", None),
    ],
)
def test_a_line_is_known_by_what_it_holds(row_of: RowOf, line: str, label: Label | None) -> None:
    found = implied(row_of(line))
    assert (found.label if found else None) is label
