from collections.abc import Callable

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.header import TableKind
from pipeline.scorecard.misread_head import misread_head
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import find_rows

Typed = Callable[..., Page]

ROWS = """
Rony Talukdar   c Shanaka b Shah     0    3    6   0   0     0.00
SP Narine       c Deport b Jayed    18    9   13   3   0   200.00
HG Kuhn         b Abu Jayed         18   21   35   3   0    85.71
"""


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Batnng                               R    8    4   é         SR", TableKind.BATTING),
        ("Botter          How out            Rns Mns  Bls  4s  6s    S/R", TableKind.BATTING),
        ("rove tier                            0    R    w  Gs  As   Econ", TableKind.BOWLING),
        ("Abul Hasan      c Smith b Jones     26    3   13   3   1   200.00", None),
        ("Carter M                            26    3   13   3   1   200.00", None),
        ("Dhaka Dynamites 139/9 (20 ov)", None),
        ("Extras (b 0, lb 1, w 4, nb 0)        5", None),
    ],
)
def test_a_head_that_was_hardly_read_is_known_by_its_place(
    typed: Typed, head: str, kind: TableKind | None
) -> None:
    first, *below = find_rows(typed(f"{head}{ROWS}"))
    found = misread_head(first, below)
    assert (found and found.kind) is kind


def test_words_that_stand_above_no_columns_are_no_head(typed: Typed) -> None:
    first, *below = find_rows(typed(f"R  B  xx  SR  yy  zz{ROWS}"))
    assert misread_head(first, below) is None


def test_batters_below_a_head_that_was_not_read_are_no_bowlers(typed: Typed) -> None:
    first, second = parse_pages(
        [
            typed(
                """
                Dhaka Dynamites
                Batting                            R    B
                Narine      c Deport b Jayed      18    9
                Kuhn        b Jayed               18   21
                Bowling                       O   M   R   W
                Jayed                         4   0  19   2
                Delport                       4   0  25   0
                &                             €   *  |
                Shahzad     c Hom b Russell        0    2
                Delport     b Shakib              30   12
                Ali         c Hasan b Shakib      15   17
                """
            )
        ]
    ).innings
    assert [b.name.value for b in first.bowling or ()] == ["Jayed", "Delport"]
    assert [b.runs and b.runs.value for b in second.batting or ()] == [0, 30, 15]
