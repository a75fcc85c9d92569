from collections.abc import Callable

from pipeline.ocr.words import Page
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import find_rows
from pipeline.scorecard.twins import untwined

Typed = Callable[..., Page]

ALMANACK = """
West Indies v Pakistan
                       WEST INDIES
                 1st innings                         2nd innings
K Brathwaite     c Ahmed b Amir                  9   c Khan b Shah                   43
K Powell         lbw b Amir                     38   c Ahmed b Abbas                  6
S Hetmyer        c Azhar b Abbas                 1   (4) b Amir                      22
S Hope           c Ahmed b Shah                  5   (3) c Azhar b Shah              90
J Holder         not out                        13   did not bat
R Chase          not out                         3   not out                          2
Extras           (b 4, lb 10, w 2)              16   (b 16, lb 2)                    18
                 Total (20 overs)               85   Total (42.5 overs)             181
Pakistan bowling                      O  M   R  W                  O  M   R  W
Amir                                  8  1  35  2                 11  1  64  1
Abbas                                 6  0  26  1                 15  0  67  1
Shah                                  6  2  10  1               16.5  2  32  2
                       PAKISTAN
                 1st innings                         2nd innings
Azhar Ali        c Powell b Holder              10   c Powell b Holder                4
Babar Azam       lbw b Chase                    20   b Holder                         5
Younis Khan      not out                        30   not out                          6
Misbah           not out                        40   not out                          7
Extras           (b 1)                           1   (b 2)                            2
                 Total (25 overs)              101   Total (3 overs)                 24
                       FALL OF WICKETS
                 West Indies   Pakistan   West Indies   Pakistan
Wkt                  1st          1st         2nd          2nd
1                     12           21           8           10
2                     13           33          41           11
3                     37                       97
4                     60                      150
"""


def scores(innings: Innings) -> list[tuple[str, int | None]]:
    return [(b.name.value, b.runs.value if b.runs else None) for b in innings.batting or ()]


def falls(innings: Innings) -> list[int | None]:
    return [fall.runs.value if fall.runs else None for fall in innings.fall_of_wickets or ()]


def test_two_innings_beside_one_another_become_two(typed: Typed) -> None:
    first, second, third, fourth = parse_pages([typed(ALMANACK)]).innings
    assert scores(first)[:2] == [("K Brathwaite", 9), ("K Powell", 38)]
    assert scores(second) == [
        ("K Brathwaite", 43),
        ("K Powell", 6),
        ("S Hetmyer", 22),
        ("S Hope", 90),
        ("R Chase", 2),
    ]
    assert [name.value for name in second.did_not_bat or ()] == ["J Holder"]
    assert first.extras is not None
    assert second.extras is not None
    assert first.extras.total is not None
    assert second.extras.total is not None
    assert (first.extras.total.value, second.extras.total.value) == (16, 18)
    assert [b.runs.value for b in second.bowling or () if b.runs] == [64, 67, 32]
    assert first.verified
    assert second.verified
    assert scores(third)[0] == ("Azhar Ali", 10)
    assert scores(fourth)[0] == ("Azhar Ali", 4)


def test_each_innings_has_its_column_of_the_falls(typed: Typed) -> None:
    first, second, third, fourth = parse_pages([typed(ALMANACK)]).innings
    assert falls(first) == [12, 13, 37, 60]
    assert falls(second) == [8, 41, 97, 150]
    assert falls(third) == [21, 33]
    assert falls(fourth) == [10, 11]


def test_tables_of_one_innings_stay_as_they_are(typed: Typed) -> None:
    page = typed(
        """
        Batting                            R    B
        Khawaja     c Bavuma b Rabada     21   40
        Warner      lbw b Nortje          10   11
        Smith       not out                7   12
        Wade        not out                9   12
        """
    )
    rows = find_rows(page)
    assert untwined(rows) == rows
