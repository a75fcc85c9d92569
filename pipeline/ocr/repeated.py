"""Numbers that need not be read, because the page prints the same digits over and over.

Where letters look all but the same, reading some of them tells the others. First runs are chosen
so that every letter of the others has enough letters like it among them; what those were read as
then tells the others. Whatever stays unclear is read after all.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Ints
from pipeline.imaging.runs import Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.likeness import ShortRuns
from pipeline.ocr.word_boxes import box_of
from pipeline.ocr.words import Word

_THE_SAME = 0.955
"""Likeness of letters that show the same. Different digits of a clean page come to 0.91."""
_ENOUGH = 5
"""Letters of other runs, read, that a letter must look the same as."""
_UNANIMOUS = 0.99
"""Share of the votes that a digit must have."""
_LESS_ALIKE = 0.04
"""How much less a letter must be like anything that was read and is no digit: an S is like a 5."""
_REACH = 4.5
"""Digit heights under a number within which the next one of its column stands."""
_NOBODY = -1


def above_each(short: ShortRuns, runs: Sequence[Run]) -> Ints:
    """The number of the run right above each short run, -1 where there is none that is near.

    Args:
        short: the page's short runs.
        runs: all of its runs, from top to bottom.
    """
    left, right = (np.array([getattr(run, side) for run in runs]) for side in ("left", "right"))
    bottom = np.array([run.bottom for run in runs])
    found = np.full(len(short.runs), _NOBODY)
    for place, run in enumerate(short.runs):
        gap = run.top - bottom
        over = (left < run.right) & (right > run.left) & (gap > -run.digit_height / 2)
        over[short.at[place]] = False
        nearest = int(np.argmin(np.where(over, gap, np.inf)))
        if over[nearest] and gap[nearest] <= _REACH * run.digit_height:
            found[place] = nearest
    return found


def worth_reading(short: ShortRuns, above: Ints) -> set[int]:
    """The short runs that are read first, by their number among the page's runs.

    Args:
        short: the page's short runs.
        above: the run above each, as `above_each` gives it.
    """
    alone = [above[place] == _NOBODY or len(run.marks) > 0 for place, run in enumerate(short.runs)]
    same = (short.likeness >= _THE_SAME) & (short.owners[:, None] != short.owners[None, :])
    start = np.searchsorted(short.owners, np.arange(len(short.runs) + 1))
    like = np.zeros(len(short.owners), np.int64)
    chosen: set[int] = set()
    # Those that others cannot tell come first: they tell the others.
    for place in sorted(range(len(short.runs)), key=lambda place: not alone[place]):
        own = slice(int(start[place]), int(start[place + 1]))
        if alone[place] or (like[own] < _ENOUGH).any():
            chosen.add(short.at[place])
            like += same[:, own].sum(axis=1)
    return chosen


def told_by_others(
    short: ShortRuns,
    above: Ints,
    readings: Sequence[Sequence[str]],
    opinions: Sequence[Opinion | None],
) -> dict[int, Word]:
    """The numbers of runs that were not read and need not be, by their place among all runs.

    Args:
        short: the page's short runs.
        above: the run above each, as `above_each` gives it.
        readings: of each of the page's runs, empty where it was not read.
        opinions: what those tell about each.
    """
    letters = np.concatenate(
        [_are_letters(run, readings[at]) for run, at in zip(short.runs, short.at, strict=True)]
    )
    like_a_letter = short.likeness[:, letters].max(axis=1, initial=-1)
    found: dict[int, Word] = {}
    for place, (run, number) in enumerate(zip(short.runs, short.at, strict=True)):
        opinion = opinions[number]
        if readings[number] or opinion is None:
            continue
        over = int(above[place])
        if not (any(map(_is_like_a_number, readings[over])) or opinions[over]):
            continue
        closest = float(like_a_letter[short.owners == place].max())
        if (
            opinion.share >= _UNANIMOUS
            and opinion.likeness >= _THE_SAME
            and closest < opinion.likeness - _LESS_ALIKE
        ):
            found[number] = Word(opinion.text, box_of(run), opinion.share * opinion.likeness)
    return found


def _is_like_a_number(text: str) -> bool:
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _are_letters(run: Run, readings: Sequence[str]) -> NDArray[np.bool_]:
    """Which pieces of a run were read as something else than a digit."""
    for text in readings:
        if len(text) == len(run.letters):
            return np.array([not character.isdigit() for character in text])
    return np.zeros(len(run.letters), np.bool_)
