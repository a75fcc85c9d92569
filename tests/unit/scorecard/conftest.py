"""Pages typed as text: one character is ten pixels wide, one line forty pixels high."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from pipeline.ocr.words import Box, Page, Word
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row, find_rows

_WIDTH, _HEIGHT, _PITCH = 10, 14, 40

Typed = Callable[..., Page]


def type_page(text: str, *, slope: float = 0.0, confidence: float = 0.97, number: int = 1) -> Page:
    """A page with each word where it stands in the text; `slope` in pixels a pixel."""
    words = []
    lines = dedent(text).strip("\n").split("\n")
    for line_number, line in enumerate(lines):
        column = 0
        for part in line.split(" "):
            if part:
                left = column * _WIDTH
                top = round(100 + line_number * _PITCH + slope * left)
                box = Box(left, top, left + len(part) * _WIDTH, top + _HEIGHT)
                words.append(Word(part, box, confidence))
            column += len(part) + 1
    width = max((word.box.right for word in words), default=0) + 100
    return Page(number, width, 200 + len(lines) * _PITCH, tuple(words))


@pytest.fixture
def typed() -> Typed:
    """Makes a page from text."""
    return type_page


@pytest.fixture
def row_of() -> Callable[[str], Row]:
    """Makes a row from a line of text."""

    def make(line: str) -> Row:
        (row,) = find_rows(type_page(line))
        return row

    return make


@pytest.fixture
def passage_of() -> Callable[[str], Passage]:
    """Makes a passage from lines of text."""
    return lambda text: Passage.of(find_rows(type_page(text)))


@pytest.fixture
def words_of() -> Callable[[str], tuple[Word, ...]]:
    """Makes the words of a line of text."""
    return lambda line: type_page(line).words
