"""Which pieces of ink stand side by side: the runs of a page's text lines."""

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components, Ints, neighbours

# In digit heights.
_WIDEST_GAP = 1.1
"""A wider gap ends a run: between words it is 0.3 to 0.6, of typewriters about 1."""
_WIDEST_GAP_TO_MARK = 0.9
_WIDEST_GAP_IN_NUMBER = 0.75
_LEAST_OVERLAP = 0.35
"""Share of the lower piece's height that two pieces of one line have in common."""
_MOST_UNLIKE = 2.8
"""How many times as high as the other one of two neighbours can be."""
_LEAST_MARK, _WIDEST_MARK = 0.1, 0.9
_OFF_BASELINE = 0.22
_LEAST_DASH = 0.25
_MOST_LETTERS_OF_NUMBERS = 12


def group_lines(
    letters: Components, digit_height: float, marks: Components | None = None
) -> list[Ints]:
    """Indexes of the letters of each run: what stands side by side without a wide gap.

    The lines may be some degrees off level: only neighbours are compared.

    Args:
        letters: pieces of about a letter's height.
        digit_height: of ordinary text, in pixels.
        marks: lower pieces; a dot or dash holds together what stands on both sides of it, as a
            typewriter's "2 . 4" is one number.
    """
    if len(letters) == 0:
        return []
    pieces = letters if marks is None else letters + _holding(marks, digit_height)
    is_mark = np.arange(len(pieces)) >= len(letters)
    reach = np.where(is_mark, _WIDEST_GAP_TO_MARK, _WIDEST_GAP) * digit_height
    i, j = neighbours(pieces, reach)
    linked = _on_one_line(pieces, i, j) & ~is_mark[i] & ~is_mark[j]
    linked |= _holds(pieces, i, j, is_mark, digit_height)
    group = _joined(len(pieces), i[linked], j[linked])[: len(letters)]
    order = np.argsort(group, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group[order])) + 1)


def split_numbers(letters: Components, marks: Components, digit_height: float) -> list[Ints]:
    """Indexes of the letters of each number of a run, where it holds nothing but tall letters.

    Two columns of numbers may stand closer than the words of a name; numbers have no such gaps.

    Args:
        letters: of one run, from left to right.
        marks: those of the run.
        digit_height: of ordinary text, in pixels.
    """
    whole = np.arange(len(letters))
    if len(letters) > _MOST_LETTERS_OF_NUMBERS or len(letters) < 2:
        return [whole]
    if letters.height.min() < 0.75 * letters.height.max():
        return [whole]
    ends, starts = np.maximum.accumulate(letters.right)[:-1], letters.left[1:]
    middles = (marks.left + marks.right) / 2
    held = ((middles >= ends[:, None]) & (middles <= starts[:, None])).any(axis=1)
    wide = (starts - ends > _WIDEST_GAP_IN_NUMBER * digit_height) & ~held
    return np.split(whole, np.flatnonzero(wide) + 1)


def _on_one_line(pieces: Components, i: Ints, j: Ints) -> NDArray[np.bool_]:
    height = pieces.height
    lower = np.minimum(height[i], height[j])
    alike = np.maximum(height[i], height[j]) <= _MOST_UNLIKE * lower
    overlap = np.minimum(pieces.bottom[i], pieces.bottom[j]) - np.maximum(
        pieces.top[i], pieces.top[j]
    )
    return np.asarray((overlap >= _LEAST_OVERLAP * lower) & alike, np.bool_)


def _holding(marks: Components, digit_height: float) -> Components:
    """The marks that are large enough to be a dot, and no wider than a dash."""
    return marks.where(
        (marks.height >= _LEAST_MARK * digit_height)
        & (marks.width >= _LEAST_MARK * digit_height)
        & (marks.width <= _WIDEST_MARK * digit_height)
    )


def _holds(
    pieces: Components, i: Ints, j: Ints, is_mark: NDArray[np.bool_], digit_height: float
) -> NDArray[np.bool_]:
    """Pairs of a letter and a mark: a dot on the letter's baseline, or a dash at its middle."""
    mark = np.where(is_mark[i], i, j)
    letter = np.where(is_mark[i], j, i)
    near = pieces.left[j] - pieces.right[i] <= _WIDEST_GAP_TO_MARK * digit_height
    off = np.abs(pieces.bottom[mark] - pieces.bottom[letter])
    dot = off <= _OFF_BASELINE * digit_height
    middle = (pieces.top[mark] + pieces.bottom[mark]) / 2
    within = (middle > pieces.top[letter] + 0.2 * digit_height) & (middle < pieces.bottom[letter])
    dash = within & (pieces.width[mark] >= _LEAST_DASH * digit_height)
    return np.asarray((is_mark[i] ^ is_mark[j]) & near & (dot | dash), np.bool_)


def _joined(count: int, i: Ints, j: Ints) -> Ints:
    """The lowest member of each one's group, where each pair is in one group."""
    group = np.arange(count, dtype=np.int64)
    while True:
        lowest = group.copy()
        np.minimum.at(lowest, i, group[j])
        np.minimum.at(lowest, j, group[i])
        lowest = lowest[lowest]
        if np.array_equal(lowest, group):
            return group
        group = lowest
