"""Groups a level page's ink into runs: the text between two wide gaps of a line.

A run is a cell of a table, or a line of a paragraph. Read one by one, Tesseract has no page
layout to guess, which is where it loses the lone digits of a scorecard.
"""

from dataclasses import dataclass
from statistics import quantiles

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components, Ints, find_components
from pipeline.imaging.grid import ruled_lines
from pipeline.imaging.level import LevelPrint
from pipeline.imaging.lines import group_lines, split_numbers
from pipeline.imaging.picture import Grey, Mask

# In digit heights.
_LEAST_LETTER, _MOST_LETTER = 0.45, 2.6
_MARK_REACH = 0.5
_LEAST_MARK = 0.1

# Past these it is texture, which would take memory by the square.
_MOST_LETTERS_OF_A_LINE = 600
_MOST_LETTERS_OF_A_PAGE = 40_000


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text line; the box is in pixels of the level page."""

    left: int
    top: int
    right: int
    bottom: int
    digit_height: float
    letters: Components
    """Its pieces of ink that are as high as letters, from left to right."""
    marks: Components
    """Its dots, dashes and commas, from left to right."""

    @property
    def labels(self) -> Ints:
        """The numbers of its pieces in the page's labels."""
        return np.concatenate([self.letters.label, self.marks.label])

    def between(self, left: int, right: int) -> "Run | None":
        """The part whose pieces have their middle there, in pixels; None where there is none."""
        letters, marks = (
            pieces.where(
                (pieces.left + pieces.right >= 2 * left) & (pieces.left + pieces.right < 2 * right)
            )
            for pieces in (self.letters, self.marks)
        )
        return _around(letters, marks, self.digit_height) if len(letters) else None


@dataclass(frozen=True, slots=True)
class Layout:
    """A level page's text without its rules, and where it stands."""

    grey: Grey
    """(H, W): paper 255, ink towards 0."""
    labels: NDArray[np.int32]
    """(H, W): each pixel's piece of ink, 0 = paper."""
    runs: tuple[Run, ...]
    digit_height: float
    """Of ordinary text, in pixels."""


def lay_out(print_: LevelPrint, ink: Mask) -> Layout:
    """Takes the rules out of a level page and finds its runs."""
    rules = ruled_lines(print_.grey, print_.digit_height)
    pieces, labels = find_components(np.asarray(cv2.subtract(ink, rules), np.uint8))
    runs = tuple(find_runs(pieces, print_.digit_height))
    grey = np.asarray(cv2.max(print_.grey, rules), np.uint8)
    return Layout(grey, labels, runs, print_.digit_height)


def find_runs(pieces: Components, digit_height: float) -> list[Run]:
    """The runs of a page, from top to bottom.

    Args:
        pieces: of the level page's ink, rules taken out.
        digit_height: of ordinary text, in pixels.
    """
    high = (pieces.height >= _LEAST_LETTER * digit_height) & (
        pieces.height <= _MOST_LETTER * digit_height
    )
    solid = pieces.area >= 0.08 * pieces.height * pieces.width
    letters = pieces.where(np.asarray(high & solid, np.bool_))
    if len(letters) > _MOST_LETTERS_OF_A_PAGE:
        return []
    low = (pieces.height < _LEAST_LETTER * digit_height) & (
        np.maximum(pieces.height, pieces.width) >= _LEAST_MARK * digit_height
    )
    marks = pieces.where(low)
    marks = marks.where(np.argsort(marks.left, kind="stable"))
    runs: list[Run] = []
    for members in group_lines(letters, digit_height, marks):
        if len(members) > _MOST_LETTERS_OF_A_LINE:
            continue
        own = letters.where(members[np.argsort(letters.left[members], kind="stable")])
        beside = _beside(own, marks, digit_height)
        numbers = split_numbers(own, beside, digit_height)
        if len(numbers) == 1:
            runs.append(_run(own, beside, digit_height))
            continue
        for letters_of_number in map(own.where, numbers):
            marks_of_number = _beside(letters_of_number, beside, digit_height)
            runs.append(_run(letters_of_number, marks_of_number, digit_height))
    return sorted(runs, key=lambda run: run.top)


def _run(letters: Components, marks: Components, digit_height: float) -> Run:
    height = _upper_quartile(letters.height)
    height = min(max(height, 0.7 * digit_height), 3 * digit_height)
    return _around(letters, marks, height)


def _upper_quartile(heights: Ints) -> float:
    """Of some letters; NumPy's percentile takes longer than all the rest of a run."""
    if len(heights) == 1:
        return float(heights[0])
    return float(quantiles(heights.tolist(), n=4, method="inclusive")[2])


def _around(letters: Components, marks: Components, digit_height: float) -> Run:
    pieces = letters + marks
    return Run(
        left=int(pieces.left.min()),
        top=int(pieces.top.min()),
        right=int(pieces.right.max()),
        bottom=int(pieces.bottom.max()),
        digit_height=digit_height,
        letters=letters,
        marks=marks,
    )


def _beside(letters: Components, marks: Components, digit_height: float) -> Components:
    """The marks that stand in a run or right beside it; `marks` come from left to right."""
    reach = _MARK_REACH * digit_height
    slack = 0.2 * digit_height
    start = np.searchsorted(marks.left, letters.left.min() - reach)
    end = np.searchsorted(marks.left, letters.right.max() + reach)
    near = marks.where(slice(int(start), int(end)))
    down = (near.top + near.bottom) / 2
    level = (down > letters.top.min() - slack) & (down < letters.bottom.max() + slack)
    near = near.where(level)
    if len(near) == 0:
        return near
    # The dot in a typewriter's 0 makes an 8 of it for Tesseract.
    return near.where(~_in_a_letter(letters, near))


def _in_a_letter(letters: Components, marks: Components) -> NDArray[np.bool_]:
    """Which marks stand in the middle of a letter."""
    across = (marks.left + marks.right)[:, None] / 2 - (letters.left + letters.right) / 2
    down = (marks.top + marks.bottom)[:, None] / 2 - (letters.top + letters.bottom) / 2
    middle = (np.abs(across) <= 0.2 * letters.width) & (np.abs(down) <= 0.2 * letters.height)
    smaller = marks.width[:, None] < 0.7 * letters.width
    return np.asarray((middle & smaller).any(axis=1), np.bool_)
