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


def settled_of(first: tuple[str, float], second: tuple[str, float], opinion: Opinion) -> Word:
    (word,) = settle(run(), read(*first), read(*second), opinion)
    return word


def test_two_sure_readings_outweigh_a_weak_opinion() -> None:
    word = settled_of(("38", 0.96), ("38", 0.97), Opinion("33", 0.85, 0.88))
    assert (word.text, word.alternatives) == ("38", ())
    assert word.confidence >= SURE


def test_a_nought_that_is_read_as_a_round_digit_twice_is_not_believed() -> None:
    word = settled_of(("9", 0.96), ("9", 0.97), Opinion("0", 0.82, 0.91))
    assert word.alternatives == ("0",)
    assert word.confidence < SURE


def test_as_many_digits_as_there_are_marks_of_ink_win() -> None:
    word = settled("21", "21", sure("2"))
    assert (word.text, word.alternatives) == ("2", ("21",))
    assert word.confidence < 0.8


def test_a_slash_among_digits_is_none_of_them() -> None:
    word = settled_of(("40/4", 0.9), ("40/4", 0.9), sure("4014"))
    assert (word.text, word.alternatives) == ("40/4", ())


def test_a_comma_behind_a_number_is_no_other_reading() -> None:
    word = settled_of(("5-38,", 0.96), ("5-38,", 0.96), Opinion("5-38", 0.9, 0.95))
    assert (word.text, word.alternatives) == ("5-38", ())
    assert word.confidence >= SURE


def test_two_readings_make_each_other_surer_unless_a_nought_may_be_meant() -> None:
    (agreed,) = settle(run(), read("41", 0.91), read("41", 0.85), None)
    (round_,) = settle(run(), read("9", 0.91), read("9", 0.85), None)
    assert agreed.confidence > SURE
    assert round_.confidence < SURE


def test_a_nought_by_its_outline_is_one_whatever_was_read() -> None:
    opinion = Opinion("60", SURE, SURE, noughts=(1,))
    word = settled_of(("69", 0.97), ("69", 0.97), opinion)
    assert (word.text, word.alternatives) == ("60", ("69",))


def test_a_dash_that_was_read_twice_is_one() -> None:
    word = settled_of(("71-1", 0.95), ("71-1", 0.94), sure("711"))
    assert (word.text, word.alternatives) == ("71-1", ())
    assert word.confidence >= SURE


def test_a_point_behind_a_number_that_was_read_surely_stays() -> None:
    assert settled("7.", "", sure("7")).text == "7."
    assert settled("7.", "7", sure("7")).text == "7"
