from dataclasses import replace

from pipeline.imaging.runs import Run
from pipeline.ocr.word_boxes import on_their_ink
from pipeline.ocr.words import Box, Word
from tests.unit.imaging.test_runs import runs_of


def line() -> Run:
    (run,) = runs_of([(100, 300, "425/7 Smith 451/8")])
    return run


def word(text: str, left: float, right: float) -> Word:
    return Word(text, Box(round(left), 290, round(right), 330), 0.9)


def test_words_of_a_line_end_where_their_ink_ends() -> None:
    run = line()
    ends = [int(run.letters.right[at]) for at in (4, 9, 14)]
    starts = [int(run.letters.left[at]) for at in (0, 5, 10)]
    # The network saw the first space too early, within the 7.
    seen = [
        word("425/7", starts[0], ends[0] - 9),
        word("Smith", starts[1] - 12, ends[1] + 3),
        word("451/8", starts[2] - 2, ends[2]),
    ]
    boxes = [found.box for found in on_their_ink(run, seen)]
    assert [(box.left, box.right) for box in boxes] == list(zip(starts, ends, strict=True))


def test_a_lone_word_has_the_box_of_its_line() -> None:
    run = line()
    (found,) = on_their_ink(run, [word("425/7Smith451/8", run.left + 20, run.right - 20)])
    assert found.box == Box(run.left, run.top, run.right, run.bottom)


def test_what_was_read_stays_as_it_is() -> None:
    run = line()
    seen = replace(word("425/7", run.left, run.left + 60), alternatives=("425/1",))
    first, _ = on_their_ink(run, [seen, word("Smith", run.left + 80, run.right)])
    assert (first.text, first.confidence, first.alternatives) == ("425/7", 0.9, ("425/1",))


def test_a_line_without_words_has_no_boxes() -> None:
    assert on_their_ink(line(), []) == []
