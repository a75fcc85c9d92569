"""A page's own digits as a second opinion on its numbers.

Tesseract knows all fonts and no page: it reads one and the same lone 0 of a column as 0, 8, ° and
"o". But a page prints a digit over and over, and most of them are read rightly. So every digit
of a short run is compared with all others of the page, and those most like it vote on what it is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.picture import Grey
from pipeline.imaging.runs import Run
from pipeline.ocr.noughts import ROUND_DIGITS, are_noughts

_SIDE = 20
"""Pixels of the square that a digit is brought to."""
MOST_LETTERS = 6
"""A longer run is no number."""
_VOTERS = 9
_FALL_OFF = 0.02
"""Likeness by which a vote counts e times less: a digit that is rare on the page is not outvoted
by the many that look a little like it."""
_LIKE_NOUGHT = frozenset("OoQ@°©®ea")
"""What Tesseract reads for a lone nought with something inside."""
_THINNEST = 8
"""So many times higher than wide is no digit."""
_OUTLINE = ("0", 1.0, 1.0)
"""The vote on a nought that its outline tells."""
_LEAST_VOTERS = 3
_LEAST_LIKENESS = 0.8
"""Correlation at which two pictures may show the same digit."""
_HEIGHT_WEIGHT = 1.0
_DOT_UNDER = 0.55
"""Share of the run's height under which a decimal point lies."""
_DASH_SHAPE = 1.5
"""So much wider than high a dash is at least."""
_DASH = (0.25, 0.75)
"""Share of a digit's height above the line at which a dash stands."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the page's own digits say about a run."""

    text: str
    share: float
    """Of the votes, for its least certain digit: 0 to 1."""
    likeness: float
    """Correlation with the voters, for its least alike digit: up to 1."""
    noughts: tuple[int, ...] = ()
    """Which of its digits are noughts by their outline, whatever was read."""


def second_opinions(
    grey: Grey, runs: Sequence[Run], readings: Sequence[Sequence[str]]
) -> list[Opinion | None]:
    """What the page's digits say about each run; None where they cannot tell.

    Args:
        grey: (H, W) the level page's print.
        runs: the page's runs.
        readings: what Tesseract read of each, once or more, without spaces; where it differs
            with itself it has no vote.
    """
    at = [number for number, run in enumerate(runs) if 0 < len(run.letters) <= MOST_LETTERS]
    owners = np.array([number for number in at for _ in range(len(runs[number].letters))])
    if len(owners) == 0:
        return [None] * len(runs)
    patches = np.concatenate([_patches(grey, runs[number]) for number in at])
    heights = np.log(np.concatenate([runs[number].letters.height for number in at]))
    labels = np.concatenate([_labels(runs[number], readings[number]) for number in at])
    noughts = _noughts(grey, [(runs[number], readings[number]) for number in at], labels)
    labels[noughts] = "0"
    strokes = np.concatenate([_are_strokes(runs[number]) for number in at])
    labels[strokes] = ""
    likeness = patches @ patches.T
    likeness -= _HEIGHT_WEIGHT * np.abs(heights[:, None] - heights[None, :])
    # Nobody votes on its own run, and who has no label has no vote.
    likeness[owners[:, None] == owners[None, :]] = -1
    likeness[:, labels == ""] = -1
    # An upright stroke between columns is like nothing, but like other strokes read as digits.
    likeness[strokes] = -1
    opinions: list[Opinion | None] = [None] * len(runs)
    for number in at:
        own = np.flatnonzero(owners == number)
        votes = [_OUTLINE if noughts[n] else _vote(likeness[n], labels) for n in own]
        opinion = _opinion(runs[number], votes)
        if opinion is not None:
            places = tuple(int(place) for place in np.flatnonzero(noughts[own]))
            opinions[number] = replace(opinion, noughts=places)
    return opinions


def _noughts(
    grey: Grey, runs: Sequence[tuple[Run, Sequence[str]]], labels: NDArray[np.str_]
) -> NDArray[np.bool_]:
    """Which letters of runs are noughts, among those that were read as round digits or not at all.

    Args:
        grey: (H, W) the level page's print.
        runs: each with what was read of it.
        labels: a digit, or nothing, for each letter of all runs.
    """
    read = np.isin(labels, list(ROUND_DIGITS))
    may_be = np.concatenate([_may_be_noughts(run, texts) for run, texts in runs])
    asked = np.flatnonzero(read | ((labels == "") & may_be))
    letters = reduce(add, (run.letters for run, _ in runs))
    found = np.zeros(len(labels), np.bool_)
    found[asked] = are_noughts(grey, letters.where(asked), read[asked])
    return found


def _may_be_noughts(run: Run, readings: Sequence[str]) -> NDArray[np.bool_]:
    """Which letters of a run some reading takes for a round digit, or a lone one for a ring."""
    found = np.zeros(len(run.letters), np.bool_)
    for text in readings:
        digits = "0" if text in _LIKE_NOUGHT else "".join(filter(str.isdigit, text))
        if len(digits) == len(found):
            found |= np.isin(list(digits), list(ROUND_DIGITS))
    return found


def _patches(grey: Grey, run: Run) -> NDArray[np.float32]:
    """(letters, side * side): each letter's picture, of mean 0 and length 1."""
    pieces = run.letters
    found = np.stack(
        [
            _patch(grey[top:bottom, left:right])
            for left, top, right, bottom in zip(
                pieces.left, pieces.top, pieces.right, pieces.bottom, strict=True
            )
        ]
    )
    found -= found.mean(axis=1, keepdims=True)
    return np.asarray(found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-6), np.float32)


def _patch(letter: Grey) -> NDArray[np.float32]:
    """The ink of a letter on a square as high as it, smoothed: blur and noise differ, shape not."""
    height, breadth = letter.shape
    width = min(_SIDE, max(1, round(_SIDE * breadth / height)))
    start = (_SIDE - width) // 2
    square = np.zeros((_SIDE, _SIDE), np.uint8)
    square[:, start : start + width] = cv2.resize(
        cv2.bitwise_not(letter), (width, _SIDE), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.GaussianBlur(square, (3, 3), 0), np.float32).ravel()


def _labels(run: Run, readings: Sequence[str]) -> NDArray[np.str_]:
    """Tesseract's digit for each letter, or nothing where text and ink do not match up."""
    read = {digits for text in readings if (digits := text.replace(".", "")).isdecimal()}
    if len(read) == 1 and len(digits := read.pop()) == len(run.letters) and digits.isascii():
        return np.array(list(digits))
    return np.array([""] * len(run.letters))


def _are_strokes(run: Run) -> NDArray[np.bool_]:
    """Which letters of a run are thinner than any digit."""
    return np.asarray(_THINNEST * run.letters.width < run.letters.height, np.bool_)


def _vote(likeness: NDArray[np.float32], labels: NDArray[np.str_]) -> tuple[str, float, float]:
    """The digit, its share of the votes, and how like its voters are."""
    nearest = np.argsort(likeness)[::-1][:_VOTERS]
    nearest = nearest[likeness[nearest] >= _LEAST_LIKENESS]
    if len(nearest) < _LEAST_VOTERS:
        return "", 0.0, 0.0
    weights = np.exp((likeness[nearest] - likeness[nearest[0]]) / _FALL_OFF)
    votes: dict[str, float] = defaultdict(float)
    for voter, weight in zip(nearest, weights, strict=True):
        votes[str(labels[voter])] += float(weight)
    digit = max(votes, key=votes.__getitem__)
    own = likeness[nearest][labels[nearest] == digit]
    return digit, votes[digit] / sum(votes.values()), float(own.mean())


def _opinion(run: Run, votes: list[tuple[str, float, float]]) -> Opinion | None:
    if not all(digit for digit, _, _ in votes):
        return None
    separators = _separators(run)
    if separators is None:
        return None
    text = "".join(digit + separators.get(place, "") for place, (digit, _, _) in enumerate(votes))
    return Opinion(text, min(share for _, share, _ in votes), min(like for _, _, like in votes))


def _separators(run: Run) -> dict[int, str] | None:
    """After which letter a point or a dash stands; None where a mark is something else."""
    found: dict[int, str] = {}
    for left, right, top, bottom in zip(
        run.marks.left, run.marks.right, run.marks.top, run.marks.bottom, strict=True
    ):
        middle = (left + right) / 2
        height = (run.letters.bottom.max() - (top + bottom) / 2) / run.digit_height
        is_dash = right - left >= _DASH_SHAPE * (bottom - top) and _DASH[0] <= height <= _DASH[1]
        if not is_dash and (right - left > 0.45 * run.digit_height or bottom - top <= 1):
            return None
        within = (run.letters.left < middle) & (middle < run.letters.right)
        if within.any():
            continue
        before = int((run.letters.right <= middle).sum())
        if not (is_dash or height < 1 - _DOT_UNDER):
            continue
        if 0 < before < len(run.letters):
            found[before - 1] = "-" if is_dash else "."
    return found if len(found) <= 1 else None
