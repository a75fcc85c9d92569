from collections.abc import Callable

import pytest

from pipeline.ocr.words import Box, Page, Word
from pipeline.scorecard.rows import Row, find_rows, within_brackets

CARD = """
Batting                R    B   4s   6s
UT Khawaja           195  368   19    1
not out
DA Warner             10   11    2    0
c M Jansen b A Nortje
Extras (lb 5, w 1)     6
"""


def texts(page: Page) -> list[str]:
    return [row.text for row in find_rows(page)]


def test_words_on_one_baseline_are_a_row(typed: Callable[..., Page]) -> None:
    assert texts(typed(CARD))[1:3] == ["UT Khawaja 195 368 19 1", "not out"]


@pytest.mark.parametrize("slope", [-0.03, -0.01, 0.01, 0.03])
def test_rows_of_a_leaning_page_stay_apart(typed: Callable[..., Page], slope: float) -> None:
    assert texts(typed(CARD, slope=slope)) == texts(typed(CARD))


def test_words_come_in_any_order(typed: Callable[..., Page]) -> None:
    page = typed(CARD)
    turned = Page(1, page.width, page.height, page.words[::-1])
    assert texts(turned) == texts(page)


def test_remains_of_ruled_lines_are_left_out(typed: Callable[..., Page]) -> None:
    page = typed(CARD)
    rules = (
        Word("|", Box(150, 90, 153, 300), 0.4),
        Word("I", Box(250, 90, 254, 140), 0.4),
        Word("—", Box(0, 125, 300, 128), 0.4),
    )
    ruled = Page(1, page.width, page.height, (*page.words, *rules))
    assert texts(ruled) == texts(page)


def test_a_page_without_words_has_no_rows() -> None:
    assert find_rows(Page(1, 100, 100, ())) == ()


def test_cells_stand_apart(row_of: Callable[[str], Row]) -> None:
    cells = row_of("UT Khawaja    not out   195").cells()
    assert [" ".join(word.text for word in cell) for cell in cells] == [
        "UT Khawaja",
        "not out",
        "195",
    ]


def test_words_in_closed_brackets_are_known(row_of: Callable[[str], Row]) -> None:
    row = row_of("Extras (b 4, lb 2) 6 (x")
    assert sorted(within_brackets(row.words)) == [2, 3, 4]


def test_a_large_digit_at_the_pages_edge_is_the_corner_of_a_frame() -> None:
    words = (
        Word("Extras", Box(60, 100, 130, 120), 0.97),
        Word("5", Box(600, 100, 612, 120), 0.97),
        Word("4", Box(960, 95, 990, 125), 0.75),
        Word("MI", Box(5, 40, 60, 70), 0.97),
        Word("Total", Box(60, 150, 130, 170), 0.97),
        Word("45", Box(600, 150, 624, 170), 0.97),
    )
    rows = find_rows(Page(1, 1000, 400, words))
    assert [row.text for row in rows] == ["MI", "Extras 5", "Total 45"]
