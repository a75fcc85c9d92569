"""How alike the letters of a page's short runs look: a page prints a digit over and over."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components, Ints, joined
from pipeline.imaging.picture import Grey
from pipeline.imaging.runs import Run

MOST_LETTERS = 6
"""A longer run is no number."""
_SIDE = 20
"""Pixels of the square that a digit is brought to."""
_HEIGHT_WEIGHT = 1.0
_THINNEST = 8
"""So many times higher than wide is no digit."""


@dataclass(frozen=True, slots=True)
class ShortRuns:
    """The runs of a page that may be numbers, and how alike their letters look."""

    at: tuple[int, ...]
    """Their numbers among the page's runs."""
    runs: tuple[Run, ...]
    owners: Ints
    """(N,) for each of their letters the place in `runs` of the run that it is of."""
    likeness: NDArray[np.float32]
    """(N, N) correlation of two letters' pictures, less where one is higher: up to 1."""
    letters: Components
    """(N,) of all runs."""
    are_strokes: NDArray[np.bool_]
    """(N,) whether a letter is thinner than any digit."""


def is_short(run: Run) -> bool:
    """Whether a run may be a number."""
    return 0 < len(run.letters) <= MOST_LETTERS


def short_runs(grey: Grey, runs: Sequence[Run]) -> ShortRuns | None:
    """Compares all letters of a page's short runs; None where it has none.

    Args:
        grey: (H, W) the level page's print.
        runs: the page's runs.
    """
    at = tuple(number for number, run in enumerate(runs) if is_short(run))
    if not at:
        return None
    short = tuple(runs[number] for number in at)
    letters = joined([run.letters for run in short])
    pictures = _pictures(grey, letters)
    heights = np.log(letters.height)
    likeness = pictures @ pictures.T
    likeness -= _HEIGHT_WEIGHT * np.abs(heights[:, None] - heights[None, :])
    return ShortRuns(
        at=at,
        runs=short,
        owners=np.repeat(np.arange(len(short)), [len(run.letters) for run in short]),
        likeness=likeness,
        letters=letters,
        are_strokes=np.asarray(_THINNEST * letters.width < letters.height, np.bool_),
    )


def _pictures(grey: Grey, letters: Components) -> NDArray[np.float32]:
    """(letters, side * side): each letter's picture, of mean 0 and length 1."""
    found = np.stack(
        [
            _picture(grey[top:bottom, left:right])
            for left, top, right, bottom in zip(
                letters.left, letters.top, letters.right, letters.bottom, strict=True
            )
        ]
    )
    found -= found.mean(axis=1, keepdims=True)
    return np.asarray(found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-6), np.float32)


def _picture(letter: Grey) -> NDArray[np.float32]:
    """The ink of a letter on a square as high as it, smoothed: blur and noise differ, shape not."""
    height, breadth = letter.shape
    width = min(_SIDE, max(1, round(_SIDE * breadth / height)))
    start = (_SIDE - width) // 2
    square = np.zeros((_SIDE, _SIDE), np.uint8)
    square[:, start : start + width] = cv2.resize(
        cv2.bitwise_not(letter), (width, _SIDE), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.GaussianBlur(square, (3, 3), 0), np.float32).ravel()
