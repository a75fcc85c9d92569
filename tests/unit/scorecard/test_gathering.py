"""Cells of two lines beside cells of one, as cards print them."""

from collections.abc import Sequence

from pipeline.ocr.words import Box, Page, Word
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages

_PITCH, _HEIGHT, _WIDTH = 60, 14, 10

Placed = tuple[float, int, str]
"""Row of the table, which may be half-way; left in characters; text."""


def page_of(cells: Sequence[Placed]) -> Page:
    words = []
    for row, column, text in cells:
        left = column * _WIDTH
        for part in text.split():
            top = round(100 + row * _PITCH)
            words.append(Word(part, Box(left, top, left + len(part) * _WIDTH, top + _HEIGHT), 0.97))
            left += (len(part) + 1) * _WIDTH
    return Page(1, 1200, 1400, tuple(words))


def innings_of(cells: Sequence[Placed]) -> Innings:
    (innings,) = parse_pages([page_of(cells)]).innings
    return innings


def numbers(row: float, *values: int) -> list[Placed]:
    return [(row, 60 + 8 * place, str(value)) for place, value in enumerate(values)]


HEAD: list[Placed] = [(0, 0, "Batting"), (0, 60, "R"), (0, 68, "B"), (0, 76, "4s"), (0, 84, "6s")]


def test_a_dismissal_in_two_lines_stands_above_and_below_the_row_of_its_batter() -> None:
    innings = innings_of(
        [
            *HEAD,
            *((0.75, 25, "c SR Taylor"), (1, 0, "SN Adams"), (1.25, 25, "b VN Watts")),
            *numbers(1, 1, 10, 0, 0),
            *((2, 0, "J Joseph"), (2, 25, "not out"), *numbers(2, 23, 57, 1, 0)),
            *((2.75, 25, "c &"), (3, 0, "A Edward"), (3.25, 25, "b SR Taylor")),
            *numbers(3, 4, 21, 0, 0),
        ]
    )
    assert [(b.name.value, b.how_out and b.how_out.value) for b in innings.batting or ()] == [
        ("SN Adams", "c SR Taylor b VN Watts"),
        ("J Joseph", "not out"),
        ("A Edward", "c & b SR Taylor"),
    ]


def test_a_mark_beside_the_numbers_is_no_name() -> None:
    innings = innings_of(
        [
            *HEAD,
            *((0.8, 5, "Charles"), (1, 0, "C"), (1.2, 5, "b Morkel"), *numbers(1, 36, 30, 5, 0)),
            *((1.8, 5, "Powell"), (2, 0, ">"), (2.2, 5, "c Smith b Morkel")),
            *numbers(2, 27, 16, 6, 0),
            *((2.8, 5, "Samuels"), (3.2, 5, "run out"), *numbers(3, 12, 13, 0, 0)),
        ]
    )
    assert [
        (b.name.value, b.how_out and b.how_out.value, b.runs and b.runs.value)
        for b in innings.batting or ()
    ] == [
        ("Charles", "b Morkel", 36),
        ("Powell", "c Smith b Morkel", 27),
        ("Samuels", "run out", 12),
    ]


def test_a_long_name_in_two_lines_is_one_bowler() -> None:
    innings = innings_of(
        [
            *((0, 0, "Bowling"), (0, 60, "O"), (0, 68, "M"), (0, 76, "R"), (0, 84, "W")),
            *((1, 0, "Jamtsho"), *numbers(1, 10, 0, 38, 6)),
            *((1.8, 0, "Tenzin Wangchuk"), (2.2, 0, "Jnr"), *numbers(2, 5, 0, 32, 0)),
            *((3, 0, "Gurung"), *numbers(3, 10, 0, 20, 0)),
        ]
    )
    assert [(b.name.value, b.runs and b.runs.value) for b in innings.bowling or ()] == [
        ("Jamtsho", 38),
        ("Tenzin Wangchuk Jnr", 32),
        ("Gurung", 20),
    ]


def test_a_row_half_way_between_two_players_is_left_to_what_stands_in_it() -> None:
    innings = innings_of(
        [
            *HEAD,
            *((1, 0, "Charles"), *numbers(1, 36, 30, 5, 0), (1.5, 0, "b Morkel")),
            *((2, 0, "Powell"), *numbers(2, 27, 16, 6, 0), (2.5, 0, "c Smith b Morkel")),
            *((3, 0, "Samuels"), *numbers(3, 12, 13, 0, 0), (3.5, 0, "run out")),
        ]
    )
    assert [(b.name.value, b.how_out and b.how_out.value) for b in innings.batting or ()] == [
        ("Charles", "b Morkel"),
        ("Powell", "c Smith b Morkel"),
        ("Samuels", "run out"),
    ]
