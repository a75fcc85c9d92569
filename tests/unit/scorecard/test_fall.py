from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.fall import read_fall
from pipeline.scorecard.rows import find_rows

Typed = Callable[..., Page]
Fall = tuple[int | None, int | None, str | None, str | None]


def falls(page: Page) -> list[Fall]:
    return [
        (
            fall.wicket.value if fall.wicket else None,
            fall.runs.value if fall.runs else None,
            fall.batter.value if fall.batter else None,
            str(fall.over.value) if fall.over else None,
        )
        for fall in read_fall(find_rows(page))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "1-12 (DA Warner, 3.4 ov), 2-147 (M Labuschagne, 46.6 ov)",
            [(1, 12, "DA Warner", "3.4"), (2, 147, "M Labuschagne", "46.6")],
        ),
        (
            "21/1 (Ahmed Shehzad) 25/2 (Imran Khan (1))",
            [(1, 21, "Ahmed Shehzad", None), (2, 25, "Imran Khan (1)", None)],
        ),
        (
            "0-1 (de Kock, 0.5), 21-2 (Suryakumar Yadav, 3.5)",
            [(1, 0, "de Kock", "0.5"), (2, 21, "Suryakumar Yadav", "3.5")],
        ),
        ("1-9, 2-14, 3-22", [(1, 9, None, None), (2, 14, None, None), (3, 22, None, None)]),
        ("1 59  2 67  3 89", [(1, 59, None, None), (2, 67, None, None), (3, 89, None, None)]),
        ("159  267  389", [(1, 59, None, None), (2, 67, None, None), (3, 89, None, None)]),
    ],
)
def test_wickets_in_a_line_of_text(typed: Typed, text: str, expected: list[Fall]) -> None:
    assert falls(typed(text)) == expected


def test_wickets_count_up_though_one_was_not_read(typed: Typed) -> None:
    found = falls(typed("Q/1 (Sehwag) 34/2 (Chand) 4913 (Botha) 56/4 (Jadhav) 63/5 (Rohrer)"))
    assert [(wicket, runs) for wicket, runs, *_ in found] == [(1, 0), (2, 34), (4, 56), (5, 63)]


def test_text_goes_on_over_rows(typed: Typed) -> None:
    page = typed(
        """
        4-85 (T Bavuma, 38.1 ov), 5-130 (K
        Zondo, 48.4 ov)
        """.replace("4-85", "1-85").replace("5-130", "2-130")
    )
    assert falls(page) == [(1, 85, "T Bavuma", "38.1"), (2, 130, "K Zondo", "48.4")]


def test_a_score_stands_below_its_wicket(typed: Typed) -> None:
    page = typed(
        """
          1    2    3    4
          9   14        37
        """
    )
    assert falls(page) == [
        (1, 9, None, None),
        (2, 14, None, None),
        (3, None, None, None),
        (4, 37, None, None),
    ]


def test_a_table_names_the_batter_first(typed: Typed) -> None:
    page = typed(
        """
        AJ Strauss        4-1     2.3
        MP Vaughan       24-2     8.6
        """
    )
    assert falls(page) == [(1, 4, "AJ Strauss", "2.3"), (2, 24, "MP Vaughan", "8.6")]


def test_another_reading_of_the_ink_may_hold_the_pair(typed: Typed) -> None:
    page = typed("AJ Strauss        4.1     23")
    others = {"4.1": ("4-1",), "23": ("2.3",)}
    words = tuple(replace(w, alternatives=others.get(w.text, ())) for w in page.words)
    assert falls(replace(page, words=words)) == [(1, 4, "AJ Strauss", "2.3")]


@pytest.mark.parametrize("text", ["1-79 (A Scantlebury, 16 5 ov)", "1-79 (A Scantlebury, 16,5 ov)"])
def test_an_over_that_lost_its_point_is_put_together(typed: Typed, text: str) -> None:
    assert falls(typed(text)) == [(1, 79, "A Scantlebury", "16.5")]


def test_no_numbers_are_no_wickets(typed: Typed) -> None:
    assert falls(typed("none fell")) == []
