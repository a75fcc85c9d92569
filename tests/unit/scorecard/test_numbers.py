from decimal import Decimal

import pytest

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.numbers import (
    cell_value,
    decimal_of,
    digits_of,
    integer_of,
    is_plainly_numeric,
    overs_of,
)


@pytest.mark.parametrize("text", ["0", "O", "o", "°", "()", "(e)", "@", "Oo", "(0)", "©"])
def test_a_nought_is_read_through_its_disguises(text: str) -> None:
    assert integer_of(text) == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("l2", 12),
        ("1O", 10),
        ("5S", 55),
        ("2B", 28),
        ("'47'", 47),
        ("‘4!", 4),  # noqa: RUF001 - a quotation mark as it is read
        ("45*", 45),
        ("3v", 3),
        ("9|", 9),
        ("7)", 7),
        ("104", 104),
    ],
)
def test_letters_in_numeric_cells_are_digits(text: str, number: int) -> None:
    assert integer_of(text) == number


@pytest.mark.parametrize("text", ["Smith", "", " ", "lbw", "not", "Boult", "12345678", "—", "'"])
def test_words_are_no_numbers(text: str) -> None:
    assert digits_of(text) is None


@pytest.mark.parametrize(("text", "rate"), [("118.64", "118.64"), ("3,75", "3.75"), ("6", "6")])
def test_a_rate_is_read(text: str, rate: str) -> None:
    assert decimal_of(text) == Decimal(rate)


def test_overs_of_eight_balls_are_read() -> None:
    overs = overs_of("3.7")
    assert overs is not None
    assert (overs.total_balls, overs.balls_per_over) == (31, 8)


def test_overs_with_a_ninth_ball_are_none() -> None:
    assert overs_of("3.9") is None


def test_only_digits_are_plainly_numeric() -> None:
    assert [is_plainly_numeric(text) for text in ("12", "4.25", "'3'", "O", "1-2")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_cell_takes_the_first_reading_that_is_a_number() -> None:
    word = Word("ae", Box(0, 0, 10, 10), 0.4, alternatives=("x", "31", "37"))
    value = cell_value((word,), 1, integer_of)
    assert value is not None
    assert (value.value, value.text, value.alternatives) == (31, "ae", ("x", "31", "37"))


def test_a_mark_beside_a_number_does_not_hide_it() -> None:
    words = (Word("1", Box(0, 0, 10, 10), 0.9), Word("vv", Box(20, 0, 30, 10), 0.3))
    value = cell_value(words, 1, integer_of)
    assert value is not None
    assert value.value == 1
