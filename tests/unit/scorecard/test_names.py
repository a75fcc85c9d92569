from collections.abc import Callable

import pytest

from pipeline.ocr.words import Word
from pipeline.scorecard.names import clean_name, name_of


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("UT Khawaja", "UT Khawaja"),
        ("'Rohit (c)'", "Rohit"),
        ("Lokesh Rahul (c) (wk)", "Lokesh Rahul"),
        ("Mohammad Haris †", "Mohammad Haris"),
        ("† MS Dhoni*", "MS Dhoni"),
        ("tN Koncharoenkai", "N Koncharoenkai"),
        ("Imran Khan (1)", "Imran Khan (1)"),
        ("s R Taylor", "S R Taylor"),
        ("Cc Noel", "C Noel"),
        ("V.V.S. Laxman", "V.V.S. Laxman"),
        ("K O'Brien", "K O'Brien"),
        ("St George", "St George"),
        ("Smith ........ 12", "Smith"),
        ("sub (HE van der Dussen)", "sub (HE van der Dussen)"),
        ("José Müller", "José Müller"),
    ],
)
def test_marks_around_a_name_are_left_out(printed: str, name: str) -> None:
    assert clean_name(printed) == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("1. M. Edward", "M. Edward"),
        ("10 SR Harmer", "SR Harmer"),
        ("| Salman Agha", "Salman Agha"),
    ],
)
def test_the_running_number_is_no_part_of_a_name(
    words_of: Callable[[str], tuple[Word, ...]], line: str, name: str
) -> None:
    value = name_of(words_of(line), 1)
    assert value is not None
    assert value.value == name


@pytest.mark.parametrize("line", ["12", "* †", "3.75"])
def test_what_has_no_letters_is_no_name(
    words_of: Callable[[str], tuple[Word, ...]], line: str
) -> None:
    assert name_of(words_of(line), 1) is None
