"""Running numbers in the margin of a page: the rows of a spreadsheet, the lines of a listing."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipeline.ocr.words import Word

_FEWEST_STEPS: Final = 12
"""Rows whose number is one more than that of the row above: more than a side has batters."""
_BEYOND_A_SIDE: Final = 15
"""A number that they reach: neither a side's batters nor its wickets are so many."""


def without_margin(chains: Sequence[list[Word]]) -> list[list[Word]]:
    """The rows without their running numbers; as they are on a page without a margin.

    Args:
        chains: the words of each row, left to right; the rows top to bottom.
    """
    first = [_number(chain[0]) for chain in chains]
    counting = [
        number
        for number, (one, other) in enumerate(pairwise(first), start=1)
        if one is not None and other == one + 1
    ]
    reached = max((first[number] or 0 for number in counting), default=0)
    if len(counting) < _FEWEST_STEPS or reached < _BEYOND_A_SIDE:
        return list(chains)
    left = min(chains[number][0].box.left for number in counting)
    right = max(chains[number][0].box.right for number in counting)
    inside = [[w for w in chain if not _is_in(w, left, right)] for chain in chains]
    return [chain for chain in inside if chain]


def _number(word: Word) -> int | None:
    return int(word.text) if word.text.isdecimal() else None


def _is_in(word: Word, left: int, right: int) -> bool:
    """Whether a word stands wholly within the margin."""
    return word.box.right <= right and word.box.left >= left - word.box.height
