from collections.abc import Sequence

import pytest

from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.likeness import short_runs
from pipeline.ocr.same_ink import SameInk
from pipeline.ocr.word_boxes import box_of
from pipeline.ocr.words import Box, Word
from tests.unit.ocr.test_repeated import layout_of, texts_of

SURE = 0.9


class Reader:
    """Reads what stands in a run, and remembers how often it was asked."""

    def __init__(self, layout: Layout, texts: Sequence[str], confidence: float = 0.95) -> None:
        self._texts = {id(run): text for run, text in zip(layout.runs, texts, strict=True)}
        self._confidence = confidence
        self.read: list[str] = []

    def __call__(self, runs: Sequence[Run]) -> list[list[Word]]:
        texts = [self._texts[id(run)] for run in runs]
        self.read += texts
        return [[Word(text, Box(0, 0, 1, 1), self._confidence)] for text in texts]


def same_ink(columns: Sequence[Sequence[str]]) -> tuple[SameInk, Layout, list[str]]:
    layout = layout_of(columns)
    short = short_runs(layout.grey, layout.runs)
    return SameInk(layout.runs, short), layout, texts_of(layout, columns)


def test_the_same_ink_is_read_once_and_tells_all_places() -> None:
    same, layout, texts = same_ink([("not", "out", "not", "not", "b", "not")])
    reader = Reader(layout, texts)
    found = same.read_once(range(len(texts)), reader, SURE)
    assert sorted(reader.read) == ["b", "not", "out"]
    assert [found[number][0].text for number in range(len(texts))] == texts
    assert [found[n][0].box for n in (2, 3, 5)] == [box_of(layout.runs[n]) for n in (2, 3, 5)]


def test_what_was_not_read_surely_is_read_everywhere() -> None:
    same, layout, texts = same_ink([("not", "not", "not")])
    reader = Reader(layout, texts, confidence=SURE - 0.01)
    assert len(same.read_once(range(3), reader, SURE)) == 3
    assert reader.read == ["not"] * 3


def test_what_is_known_of_other_runs_tells_as_well() -> None:
    same, layout, texts = same_ink([("lbw", "lbw", "17")])
    reader = Reader(layout, texts)
    first = same.read_once([0], reader, SURE)
    later = same.read_once([1, 2], reader, SURE, known=first)
    assert reader.read == ["lbw", "17"]
    assert later[1][0].text == "lbw"


@pytest.mark.parametrize(
    "pair",
    [("17", "71"), ("3", "8"), ("6", "8"), ("1", "7"), ("c", "e"), ("5", "S"), ("9.5", "95")],
)
def test_different_ink_is_read_on_its_own(pair: tuple[str, str]) -> None:
    same, layout, texts = same_ink([pair])
    reader = Reader(layout, texts)
    same.read_once([0, 1], reader, SURE)
    assert sorted(reader.read) == sorted(pair)


def test_without_a_comparison_all_are_read() -> None:
    layout = layout_of([("not", "not")])
    reader = Reader(layout, texts_of(layout, [("not", "not")]))
    SameInk(layout.runs, None).read_once([0, 1], reader, SURE)
    assert reader.read == ["not", "not"]
