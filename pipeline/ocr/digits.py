"""A page's own digits as a second opinion on its numbers.

Tesseract knows all fonts and no page: it reads one and the same lone 0 of a column as 0, 8, ° and
"o". But a page prints a digit over and over, and most of them are read rightly. So every digit
of a short run is compared with all others of the page, and those most like it vote on what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.runs import Run
from pipeline.ocr.likeness import ShortRuns
from pipeline.ocr.noughts import ROUND_DIGITS, Outlines, are_noughts

_VOTERS = 9
_FALL_OFF = 0.02
"""Likeness by which a vote counts e times less: a digit that is rare on the page is not outvoted
by the many that look a little like it."""
_LIKE_NOUGHT = frozenset("OoQ@°©®ea")
"""What Tesseract reads for a lone nought with something inside."""
_LEAST_VOTERS = 3
_LEAST_LIKENESS = 0.8
"""Correlation at which two pictures may show the same digit."""
_DOT_UNDER = 0.55
"""Share of the run's height under which a decimal point lies."""
_DASH_SHAPE = 1.5
"""So much wider than high a dash is at least."""
_DASH = (0.25, 0.75)
"""Share of a digit's height above the line at which a dash stands."""
_NO_DIGIT = -1

Labels = NDArray[np.int64]
"""(N,) a digit, or `_NO_DIGIT`, for each letter of the short runs."""


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


@dataclass(frozen=True, slots=True)
class _Votes:
    """What each letter of the short runs is, by those most like it; arrays of one length."""

    digit: Labels
    share: NDArray[np.float32]
    likeness: NDArray[np.float32]


def second_opinions(
    short: ShortRuns, outlines: Outlines | None, readings: Sequence[Sequence[str]]
) -> list[Opinion | None]:
    """What the page's digits say about each run; None where they cannot tell.

    Args:
        short: the page's runs that may be numbers.
        outlines: of their letters; None: noughts are not looked for.
        readings: what Tesseract read of each of all its runs, once or more, without spaces; where
            it differs with itself it has no vote.
    """
    opinions: list[Opinion | None] = [None] * len(readings)
    read = [(run, readings[number]) for run, number in zip(short.runs, short.at, strict=True)]
    labels = np.concatenate([_labels(run, texts) for run, texts in read])
    noughts = np.zeros(len(labels), np.bool_)
    if outlines is not None:
        noughts = _noughts(outlines, read, labels)
    labels[noughts] = 0
    # An upright stroke between columns is like nothing, but like other strokes read as digits.
    labels[short.are_strokes] = _NO_DIGIT
    votes = _votes(short, labels, noughts)
    start = 0
    for run, number in zip(short.runs, short.at, strict=True):
        own = slice(start, start := start + len(run.letters))
        opinion = _opinion(run, votes.digit[own], votes.share[own], votes.likeness[own])
        if opinion is not None:
            places = tuple(np.flatnonzero(noughts[own]).tolist())
            opinions[number] = replace(opinion, noughts=places)
    return opinions


def _noughts(
    outlines: Outlines, read: Sequence[tuple[Run, Sequence[str]]], labels: Labels
) -> NDArray[np.bool_]:
    """Which letters are noughts, among those that were read as round digits or not at all.

    Args:
        outlines: of the letters of all short runs.
        read: each of these runs with what was read of it.
        labels: a digit, or nothing, for each letter.
    """
    are_round = np.isin(labels, [int(digit) for digit in ROUND_DIGITS])
    may_be = np.concatenate([_may_be_noughts(run, texts) for run, texts in read])
    asked = are_round | ((labels == _NO_DIGIT) & may_be)
    return np.asarray(are_noughts(outlines, are_round) & asked, np.bool_)


def _may_be_noughts(run: Run, readings: Sequence[str]) -> NDArray[np.bool_]:
    """Which letters of a run some reading takes for a round digit, or a lone one for a ring."""
    found = np.zeros(len(run.letters), np.bool_)
    for text in readings:
        digits = "0" if text in _LIKE_NOUGHT else "".join(filter(str.isdigit, text))
        if len(digits) == len(found):
            found |= np.array([digit in ROUND_DIGITS for digit in digits])
    return found


def _labels(run: Run, readings: Sequence[str]) -> Labels:
    """Tesseract's digit for each letter, or nothing where text and ink do not match up."""
    read = {digits for text in readings if (digits := text.replace(".", "")).isdecimal()}
    if len(read) == 1 and len(digits := read.pop()) == len(run.letters) and digits.isascii():
        return np.array([int(digit) for digit in digits])
    return np.full(len(run.letters), _NO_DIGIT)


def _votes(short: ShortRuns, labels: Labels, noughts: NDArray[np.bool_]) -> _Votes:
    """Each letter's digit, its share of the votes, and how like its voters are.

    Where too few are alike there is no digit. An outline that tells a nought outweighs all votes.
    """
    # Who has no label has no vote, and nobody votes on its own run.
    voters = np.flatnonzero(labels != _NO_DIGIT)
    own = short.owners[:, None] == short.owners[voters]
    likeness = np.where(own, np.float32(-1), short.likeness[:, voters])
    # Nor has a stroke an opinion.
    likeness[short.are_strokes] = -1
    count = min(_VOTERS, len(voters))
    nearest = np.argpartition(likeness, -count, axis=1)[:, len(voters) - count :]
    alike = np.take_along_axis(likeness, nearest, axis=1)
    voting = alike >= _LEAST_LIKENESS
    weights = np.exp((alike - alike.max(axis=1, keepdims=True, initial=-1)) / _FALL_OFF) * voting
    named = labels[voters[nearest]]
    tallies = np.stack(
        [np.where(named == digit, weights, 0).sum(axis=1) for digit in range(10)], axis=1
    )
    digit = tallies.argmax(axis=1)
    agreeing = voting & (named == digit[:, None])
    share = tallies.max(axis=1) / np.maximum(tallies.sum(axis=1), 1e-9)
    mean = np.where(agreeing, alike, 0).sum(axis=1) / np.maximum(agreeing.sum(axis=1), 1)
    digit[voting.sum(axis=1) < _LEAST_VOTERS] = _NO_DIGIT
    return _Votes(
        digit=np.where(noughts, 0, digit),
        share=np.where(noughts, np.float32(1), share),
        likeness=np.where(noughts, np.float32(1), mean),
    )


def _opinion(
    run: Run, digits: Labels, shares: NDArray[np.float32], likeness: NDArray[np.float32]
) -> Opinion | None:
    if (digits == _NO_DIGIT).any():
        return None
    separators = _separators(run)
    if separators is None:
        return None
    text = "".join(
        f"{digit}{separators.get(place, '')}" for place, digit in enumerate(digits.tolist())
    )
    return Opinion(text, float(shares.min()), float(likeness.min()))


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
