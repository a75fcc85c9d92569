from typing import Any

import pytest

from benchmarks.accuracy.sameness import (
    Same,
    same_date,
    same_dismissal,
    same_name,
    same_name_exactly,
    same_number,
    same_overs,
    same_rate,
    same_text,
)


@pytest.mark.parametrize(
    ("same", "true", "read"),
    [
        (same_name, "S.P.D. Smith", "SPD SMITH"),
        (same_name, "RR Pant", "\N{DAGGER}RR Pant (wk)"),
        (same_name, "Gonzalez", "Gonz\u00e1lez"),
        (same_name, "Williamson", "Willlamson"),
        (same_dismissal, "c & b A Nortje", "caught and bowled A Nortje"),
        (same_dismissal, "c M Jansen b A Nortje", "ct M Jansen b A. Nortje"),
        (same_dismissal, "not out", "batting"),
        (same_number, 4, "4"),
        (same_rate, 82.35, 82.36),
        (same_overs, "20", "20.0"),
        (same_text, ["A Umpire", "B Umpire"], "A. Umpire, B. Umpire"),
        (same_date, "2022-06-20", "20 June 2022"),
    ],
)
def test_spelling_makes_no_difference(same: Same, true: Any, read: Any) -> None:
    assert same(true, read)


@pytest.mark.parametrize(
    ("same", "true", "read"),
    [
        (same_name, "Khan", "Khaw"),
        (same_name_exactly, "Williamson", "Willlamson"),
        (same_dismissal, "b Starc", "lbw b Cummins"),
        (same_number, 4, 40),
        (same_number, 4, "four"),
        (same_rate, 82.35, 82.45),
        (same_overs, "19.6", "20"),
        (same_date, "2022-06-20", "20 July 2022"),
    ],
)
def test_another_value_is_not_the_same(same: Same, true: Any, read: Any) -> None:
    assert not same(true, read)
