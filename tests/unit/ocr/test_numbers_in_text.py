import pytest

from pipeline.imaging.binarise import binarise
from pipeline.imaging.level import level_print
from pipeline.imaging.runs import lay_out
from pipeline.ocr.numbers_in_text import confirmed, doubtful_numbers
from pipeline.ocr.words import Box, Word
from tests.unit.imaging.printing import printed

BOX = Box(0, 0, 10, 10)


def word(text: str, confidence: float = 0.92) -> Word:
    return Word(text, BOX, confidence)


def test_a_number_that_is_read_twice_is_surer_than_either_reading() -> None:
    assert confirmed(word("1-23"), [word("1-23", 0.95)]).confidence == pytest.approx(0.996)


def test_a_second_reading_that_is_unsure_adds_nothing() -> None:
    assert confirmed(word("64/3"), [word("64/3", 0.5)]) == word("64/3")


def test_another_number_is_kept_for_the_arithmetic() -> None:
    found = confirmed(word("5-85"), [word("5-95")])
    assert (found.text, found.confidence, found.alternatives) == ("5-85", 0.92, ("5-95",))


def test_what_separates_the_digits_is_no_difference() -> None:
    found = confirmed(word("24.1", 0.78), [word("24,1", 0.95)])
    assert (found.text, found.alternatives) == ("24.1", ())
    assert found.confidence > 0.95


def test_a_closer_look_that_is_sure_replaces_a_reading_that_was_not() -> None:
    found = confirmed(word("45:1", 0.6), [word("4s:1", 0.93)])
    assert (found.text, found.alternatives) == ("4s:1", ("45:1",))
    assert found.confidence <= 0.75


def test_a_point_that_a_second_reading_lost_is_no_other_number() -> None:
    assert confirmed(word("12.1"), [word("121")]) == word("12.1")


def test_only_numbers_that_are_not_sure_are_looked_at_again() -> None:
    print_ = level_print(printed([(100, 300, "1-23 (Smith, 3.4 ov)")], size=30))
    (run,) = lay_out(print_, binarise(print_.grey)).runs
    step = (run.right - run.left) // 4
    texts = (("1-23", 0.9), ("(Smith,", 0.9), ("3.4", 0.99), ("ov)", 0.9))
    words = [
        Word(text, Box(run.left + at * step, run.top, run.left + (at + 1) * step, run.bottom), sure)
        for at, (text, sure) in enumerate(texts)
    ]

    ((place, part),) = doubtful_numbers(run, words)

    assert place == 0
    assert run.left <= part.left < part.right <= run.left + step + run.digit_height


def test_two_readings_that_agree_without_being_sure_are_a_majority() -> None:
    assert confirmed(word("4-0-23-1", 0.4), [word("4-0-23-1", 0.5)]).confidence == 0.75
