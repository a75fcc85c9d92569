from collections.abc import Sequence

import pytest

from pipeline.imaging.binarise import binarise
from pipeline.imaging.level import level_print
from pipeline.imaging.picture import Grey
from pipeline.imaging.runs import Layout, lay_out
from pipeline.ocr.engines import open_engine
from pipeline.ocr.looks import LookCost, Looks
from pipeline.ocr.reading import read_layout
from pipeline.ocr.tesseract import PSM_LINE, PSM_RAW_LINE, Engine
from pipeline.ocr.words import Word
from pipeline.options import Look
from tests.unit.imaging.printing import printed, table


class Counting:
    """The real engine, and how many pictures it was shown in each mode."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.shown = {PSM_LINE: 0, PSM_RAW_LINE: 0}

    def words(self, image: Grey, *, psm: int) -> list[Word]:
        return self._engine.words(image, psm=psm)

    def lines(self, images: Sequence[Grey], *, psm: int = PSM_LINE) -> list[list[Word]]:
        self.shown[psm] += len(images)
        return self._engine.lines(images, psm=psm)


def layout_of(line: str) -> Layout:
    print_ = level_print(printed([*table(), (80, 640, line)]))
    return lay_out(print_, binarise(print_.grey))


def words_on_line(line: str) -> tuple[list[Word], Counting, Layout]:
    engine = Counting(open_engine("auto", "eng"))
    layout = layout_of(line)
    below = max(run.top for run in layout.runs) - layout.digit_height
    words = read_layout(engine, layout)
    return [word for word in words if word.box.top > below], engine, layout


def test_lines_of_text_are_read_as_they_are_and_cells_at_ease() -> None:
    words, engine, layout = words_on_line("Extras (b 4, lb 2, w 8)")
    long = sum(len(run.letters) > 6 for run in layout.runs)
    assert "".join(word.text for word in words) == "Extras(b4,lb2,w8)"
    assert engine.shown[PSM_RAW_LINE] == long
    assert engine.shown[PSM_LINE] >= len(layout.runs) - long


def test_a_line_of_digits_is_read_as_carefully_as_a_lone_number() -> None:
    words, engine, layout = words_on_line("1-23 2-41 3-118")
    long = sum(len(run.letters) > 6 for run in layout.runs)
    assert [word.text for word in words] == ["1-23", "2-41", "3-118"]
    assert engine.shown[PSM_LINE] > len(layout.runs) - long


def test_words_of_a_line_stand_on_their_ink() -> None:
    words, _, layout = words_on_line("c Smith b Starc 45 (33)")
    run = max(layout.runs, key=lambda run: run.top)
    lefts = set(map(int, run.letters.left))
    assert all(word.box.left in lefts for word in words)


@pytest.mark.parametrize(("text", "beside"), [("6s", ""), ("V.N.", ""), ("12.", "12")])
def test_a_heading_of_boundaries_initials_and_a_number_that_ends_are_not_looked_at_again(
    text: str, beside: str
) -> None:
    looked_at = []
    for placed in (beside, text):
        print_ = level_print(printed([*table(), *([(500, 640, placed)] if placed else [])]))
        layout, looks = lay_out(print_, binarise(print_.grey)), Looks()
        words = read_layout(open_engine("auto", "eng"), layout, looks)
        assert any(word.text == text for word in words) == (placed == text)
        looked_at.append(looks.costs.get(Look.CLOSER, LookCost()).pictures)
    assert looked_at[0] == looked_at[1]
