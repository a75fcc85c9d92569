from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.ocr.words import Box, Page, Word
from pipeline.scorecard.document import document_of
from pipeline.scorecard.gutters import find_gutters
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import find_rows

Typed = Callable[..., Page]

BATTING_BESIDE_BOWLING = """
          India v Australia, T20
India Innings
Batting             R     B                      Bowling        O    M     R    W
V Kohli            45    33                      Starc          4    0    23    1
c Smith b Starc                                  Cummins        4    0    31    1
R Sharma           12    10                      Zampa          2    0    20    0
lbw b Cummins
S Gill not out     15    17
Extras  (w 2)       2
Total (2 wkts, 10 overs) 74
Australia Innings
Batting             R     B                      Bowling        O    M     R    W
D Warner           25    33                      Bumrah         4    0    13    1
c Kohli b Bumrah                                 Arshdeep       4    0    21    1
S Smith            12    10                      Axar           2    0    30    0
lbw b Arshdeep
T Head not out     25    17
Extras  (w 2)       2
Total (2 wkts, 10 overs) 64
"""

INNINGS_BESIDE_INNINGS = """
          India v Australia, T20
INDIA                                             AUSTRALIA
V Kohli c Smith b Starc       45                  D Warner c Kohli b Bumrah      25
R Sharma lbw b Cummins        12                  S Smith lbw b Arshdeep         12
S Gill not out                15                  T Head not out                 25
Extras (w 2)                   2                  Extras (w 2)                    2
Total (2 wkts, 10 overs)      74                  Total (2 wkts, 10 overs)       64
Fall of wickets: 1-20, 2-50                       Fall of wickets: 1-30, 2-55
Bowling       O   M   R  W                        Bowling      O  M  R  W
Starc         4   0  23  1                        Bumrah       4  0 13  1
Cummins       4   0  31  1                        Arshdeep     4  0 21  1
Zampa         2   0  20  0                        Axar         2  0 30  0
"""

ONE_TABLE = """
India Innings
    Batting       How out      Bowler         R     B
 1. V Kohli       c Smith      Starc         45    33
 2. R Sharma      lbw          Cummins       12    10
 3. S Gill        not out                    15    17
"""


def innings_of(page: Page) -> list[dict[str, Any]]:
    return document_of(parse_pages([page]))["innings"]  # type: ignore[return-value]


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def moved(word: Word, right: int, down: int) -> Word:
    box = word.box
    return replace(
        word, box=Box(box.left + right, box.top + down, box.right + right, box.bottom + down)
    )


def test_bowling_beside_batting_belongs_to_the_same_innings(typed: Typed) -> None:
    first, second = innings_of(typed(BATTING_BESIDE_BOWLING))
    assert names(first["batting"]) == ["V Kohli", "R Sharma", "S Gill"]
    assert names(first["bowling"]) == ["Starc", "Cummins", "Zampa"]
    assert (second["team"], second["total"]["runs"]) == ("Australia", 64)
    assert names(second["bowling"]) == ["Bumrah", "Arshdeep", "Axar"]
    assert first["verified"]
    assert second["verified"]


def test_two_innings_beside_each_other_are_read_one_after_the_other(typed: Typed) -> None:
    first, second = innings_of(typed(INNINGS_BESIDE_INNINGS))
    assert (first["team"], first["total"]["runs"]) == ("INDIA", 74)
    assert (second["team"], second["total"]["runs"]) == ("AUSTRALIA", 64)
    assert names(first["batting"]) == ["V Kohli", "R Sharma", "S Gill"]
    assert names(second["bowling"]) == ["Bumrah", "Arshdeep", "Axar"]
    assert [fall["runs"] for fall in second["fall_of_wickets"]] == [30, 55]


def test_columns_of_print_need_not_stand_on_the_same_lines(typed: Typed) -> None:
    left, right = (
        typed("\n".join(line[part] for line in INNINGS_BESIDE_INNINGS.split("\n")[2:]))
        for part in (slice(0, 50), slice(50, None))
    )
    assert [word.box.left for word in left.words] != [word.box.left for word in right.words]
    words = (*left.words, *(moved(word, 500, 17) for word in right.words))
    first, second = innings_of(Page(1, 1200, left.height + 100, words))
    assert names(first["batting"]) == ["V Kohli", "R Sharma", "S Gill"]
    assert names(second["batting"]) == ["D Warner", "S Smith", "T Head"]


def test_the_columns_of_one_table_are_no_gutters(typed: Typed) -> None:
    assert find_gutters(find_rows(typed(ONE_TABLE))) == ()


def test_a_page_without_words_has_no_gutter() -> None:
    assert find_gutters(()) == ()


def test_kinds_of_extras_without_their_numbers_beside_a_gutter_tell_nothing(typed: Typed) -> None:
    below = """
Byes   Wides   Noballs   Foo                     Marsh          2    0    9    0
                           7                     Head           1    0    7    0
"""
    found = innings_of(typed(BATTING_BESIDE_BOWLING.partition("Australia Innings")[0] + below))
    assert found[0]["total"]["runs"] == 74
