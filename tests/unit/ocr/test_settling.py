import numpy as np

from pipeline.imaging.components import Components
from pipeline.imaging.runs import Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.settling import settle
from pipeline.ocr.words import Box, Word

BOX = Box(100, 50, 130, 70)
SURE = 0.95


def run() -> Run:
    none = np.array([], np.int64)
    nothing = Components(none, none, none, none, none, none)
    return Run(BOX.left, BOX.top, BOX.right, BOX.bottom, 20.0, nothing, nothing)


def read(text: str, confidence: float = 0.8) -> list[Word]:
    return [Word(text, BOX, confidence)] if text else []


def sure(text: str) -> Opinion:
    return Opinion(text, SURE, SURE)


def settled(first: str, second: str, opinion: Opinion | None) -> Word:
    (word,) = settle(run(), read(first), read(second), opinion)
    return word


def test_readings_that_agree_are_one_number_without_alternatives() -> None:
    word = settled("45", "", sure("45"))
    assert (word.text, word.alternatives) == ("45", ())
    assert word.confidence >= SURE


def test_what_is_no_number_gives_way_and_stays_as_alternative() -> None:
    word = settled("°", "o", sure("0"))
    assert (word.text, word.alternatives) == ("0", ("°", "o"))


def test_two_readings_of_three_win() -> None:
    word = settled("8", "0", sure("0"))
    assert (word.text, word.alternatives) == ("0", ("8",))
    assert word.confidence < 0.8


def test_readings_that_all_differ_are_doubtful_and_all_kept() -> None:
    word = settled("18", "13", Opinion("16", 0.5, 0.9))
    assert {word.text, *word.alternatives} == {"18", "13", "16"}
    assert word.confidence <= 0.5


def test_a_dash_read_as_a_point_leaves_the_digits_sure_where_the_ink_shows_it() -> None:
    word = settled("195.9", "195-9", sure("195-9"))
    assert word.text == "195-9"
    assert word.confidence >= SURE


def test_a_point_that_only_the_engine_has_seen_is_doubtful() -> None:
    assert settled("19.5", "19.5", sure("195")).confidence < 0.8


def test_number_that_was_dropped_is_put_in() -> None:
    word = settled("", "", sure("4"))
    assert (word.text, word.box) == ("4", BOX)


def test_heading_of_one_letter_stays_a_letter() -> None:
    word = settled("B", "B", sure("8"))
    assert (word.text, word.alternatives) == ("B", ("8",))


def test_word_without_an_opinion_is_left_alone() -> None:
    assert settle(run(), read("lbw"), [], None) == read("lbw")
