from dataclasses import replace

import pytest

from pipeline.ocr.words import Box
from pipeline.scorecard.doubt import is_doubtful
from pipeline.scorecard.value import Value


def value(text: str, confidence: float = 0.97, *alternatives: str) -> Value[object]:
    return Value(0, text, 1, Box(0, 0, 9, 9), confidence, alternatives)


@pytest.mark.parametrize(
    ("text", "confidence", "doubtful"),
    [
        ("0", 0.75, False),
        ("0", 0.6, True),
        ("12", 0.95, False),
        ("12", 0.8, True),
        ("9", 0.94, True),
        ("9", 0.97, False),
        ("l2", 0.97, True),
        ("2-147", 0.95, False),
    ],
)
def test_doubt_depends_on_what_was_read(text: str, confidence: float, *, doubtful: bool) -> None:
    assert is_doubtful(value(text, confidence)) is doubtful


def test_another_reading_of_the_ink_is_a_doubt() -> None:
    assert is_doubtful(value("3", 0.97, "8"))
    assert not is_doubtful(value("3", 0.97, "3", "x"))


def test_letters_read_beside_a_number_are_a_doubt_only_where_it_was_not_sure() -> None:
    assert not is_doubtful(value("11", 0.97, "1A"))
    assert is_doubtful(value("11", 0.92, "1A"))


def test_a_nought_in_any_shape_is_another_number() -> None:
    assert is_doubtful(value("5", 0.98, "°"))


def test_a_nought_read_as_a_letter_is_none_where_another_reading_has_the_digit() -> None:
    assert not is_doubtful(value("O", 0.75, "0"))
    assert is_doubtful(value("O", 0.75))


def test_a_mark_that_one_reading_lost_is_no_doubt() -> None:
    assert not is_doubtful(value("71-1", 0.96, "711"))
    assert is_doubtful(value("71-1", 0.96, "77-1"))


def test_of_a_score_the_part_that_was_read_otherwise_is_in_doubt() -> None:
    runs = replace(value("5-96", 0.97, "9-96"), value=96)
    wicket = replace(runs, value=5)
    assert not is_doubtful(runs)
    assert is_doubtful(wicket)
