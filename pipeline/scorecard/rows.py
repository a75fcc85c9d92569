"""Words into visual rows, by their baseline, on a page that may still lean a little."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from statistics import median
from typing import Any, TypeVar

import numpy as np

from pipeline.ocr.words import Box, Page, Word
from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.margin import without_margin

T = TypeVar("T")

_SAME_ROW = 0.5
"""Share of the lower word's height by which two words of one row overlap."""
_NEAR = 3.0
"""Gap, in word heights, within which two words are taken as neighbours to measure the slope."""
_STROKES = frozenset("|Il1!_" + DASHES)
"""What a rule is read as."""
_LINES = frozenset("|_" + DASHES)
_TALL = 1.6
"""Height of a rule against that of words, and against its own width."""
_LEADERS = re.compile(r"[.…·•]+(?P<rest>\d{0,4}|\D.*)")
_QUOTED = " >»\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""What mail programs put before each line of a mail that is passed on."""
_LARGE, _SHORT, _EDGE = 1.25, 2, 0.03
"""Height against that of words, letters, and distance from the page's edge as a share of its width,
of what frames and corners are read as."""
_SURELY_TALL, _SURE = 2.0, 0.9
"""Height, and confidence, past which also a `1` is taken for a rule."""
_SAMPLE = 2000
"""Words from which the lean of a page is measured at most."""
_AT_ONCE = 256
_STEEPEST = 0.06
"""Slope of a row beyond which words are not neighbours but lie in different rows."""
_LEAST_ALIKE = 0.8
"""Height of the lower of two words as a share of the higher one's, where they tell a slope."""
_FEWEST_SLOPES = 10
"""Pairs of neighbours that a slope is measured on at least."""


@dataclass(frozen=True)
class Row:
    """Words that stand beside one another, left to right."""

    page: int
    words: tuple[Word, ...]
    known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What functions have found in the row, each at most once: see `once_a_row`."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.page, self.words))

    # Without slots, so that what every reader of a row asks for is found once.
    @cached_property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        """The smallest box around the words."""
        return Box(
            min(word.box.left for word in self.words),
            min(word.box.top for word in self.words),
            max(word.box.right for word in self.words),
            max(word.box.bottom for word in self.words),
        )

    @cached_property
    def height(self) -> float:
        """Median height of the words, in pixels."""
        return median(word.box.height for word in self.words)

    def cells(self, gap: float = 1.1) -> tuple[tuple[Word, ...], ...]:
        """The words in groups that stand apart by more than `gap` word heights."""
        return split_at_gaps(self.words, gap * self.height)


def once_a_row(find: Callable[[Row], T]) -> Callable[[Row], T]:
    """A function of a row whose answer is kept with the row: its readers ask for it many times."""

    @wraps(find)
    def known(row: Row) -> T:
        if find not in row.known:
            row.known[find] = find(row)
        answer: T = row.known[find]
        return answer

    return known


def split_at_gaps(words: Sequence[Word], gap: float) -> tuple[tuple[Word, ...], ...]:
    """Groups of words between which lie at least so many pixels."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and word.box.left - groups[-1][-1].box.right < gap:
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(tuple(group) for group in groups)


def find_rows(page: Page) -> tuple[Row, ...]:
    """The page's rows, top to bottom; words without ink or text are left out."""
    words = _without_dirt(
        page,
        [
            word
            for found in page.words
            if found.text.strip(_QUOTED) and _has_area(found.box)
            for word in _without_leaders(found)
        ],
    )
    if not words:
        return ()
    slope = _slope(words)
    chains = _chains(words, slope)
    chains.sort(key=lambda chain: median(_level(word, slope) for word in chain))
    return tuple(Row(page.number, tuple(chain)) for chain in without_margin(chains))


def _chains(words: Sequence[Word], slope: float) -> list[list[Word]]:
    """Words strung together from left to right, each behind the one that it stands level with."""
    chains: list[list[Word]] = []
    # Chains by the level of their last word, so that few are asked on a page of many words.
    reach = max(word.box.height for word in words) / 2
    shelves: defaultdict[int, list[list[Word]]] = defaultdict(list)
    for word in sorted(words, key=lambda w: (w.box.left, w.box.top)):
        shelf = int(_level(word, slope) // reach)
        near = [chain for n in (shelf - 1, shelf, shelf + 1) for chain in shelves[n]]
        fitting = [
            (distance, index)
            for index, chain in enumerate(near)
            if (distance := _distance(chain[-1], word, slope)) is not None
        ]
        if fitting:
            chain = near[min(fitting)[1]]
            old = shelves[int(_level(chain[-1], slope) // reach)]
            old[:] = [other for other in old if other is not chain]
            chain.append(word)
        else:
            chain = [word]
            chains.append(chain)
        shelves[shelf].append(chain)
    return chains


def _without_dirt(page: Page, words: Sequence[Word]) -> list[Word]:
    """The words without remains of ruled lines and frames, which would pull rows together."""
    if not words:
        return []
    usual = median(word.box.height for word in words)
    return [w for w in words if not _is_rule(w, usual) and not _is_corner(w, usual, page.width)]


def _without_leaders(word: Word) -> Iterator[Word]:
    """A word without the dots that lead the eye from a name to its number: `.....45`."""
    match = _LEADERS.fullmatch(word.text)
    if match is None:
        yield word
    elif match["rest"]:
        each = word.box.width / len(word.text)
        box = replace(word.box, left=round(word.box.left + match.start("rest") * each))
        yield replace(word, text=match["rest"], box=box)


def _has_area(box: Box) -> bool:
    return box.width > 0 and box.height > 0


def _is_rule(word: Word, usual: float) -> bool:
    if not set(word.text) <= _STROKES:
        return False
    if set(word.text) <= _LINES:
        return True
    # A one that was surely read is one, if its ink is no taller than a rule between rows must be.
    tallest = _SURELY_TALL if word.text == "1" and word.confidence >= _SURE else _TALL
    return word.box.height > tallest * usual and word.box.height > _TALL * word.box.width


def _is_corner(word: Word, usual: float, width: int) -> bool:
    """Whether a word is what the corner of a frame at the page's edge was read as: a large `4`."""
    beyond = min(word.box.left, width - word.box.right)
    is_large = word.box.height > _LARGE * usual
    is_short = len(word.text) <= _SHORT and not any(map(str.isalpha, word.text))
    return is_large and is_short and beyond < _EDGE * width


def _level(word: Word, slope: float) -> float:
    """Height of the word's middle on the page once the page's lean is taken out."""
    return word.box.middle - slope * word.box.left


def _distance(last: Word, word: Word, slope: float) -> float | None:
    """How far a word's middle lies from the row that ends in `last`; None: not of that row."""
    lower, higher = sorted((last.box.height, word.box.height))
    apart = abs(_level(word, slope) - _level(last, slope))
    overlap = (lower + higher) / 2 - apart
    if overlap < _SAME_ROW * lower or apart > higher / 2:
        return None
    # Words of one row do not lie upon each other: a second word at the same place is another row's.
    if last.box.right - word.box.left > lower and apart > 0.25 * lower:
        return None
    return apart


def _slope(words: Sequence[Word]) -> float:
    """How far rows fall from left to right, in pixels a pixel: the median over near neighbours.

    Neighbours far apart tell more of it than close ones, whose boxes are a pixel off.
    """
    boxes = np.array([_edges(word.box) for word in words[:_SAMPLE]], np.float64)
    left, top, right, bottom = boxes.T
    middle, centre, height = (top + bottom) / 2, (left + right) / 2, bottom - top
    by_left = np.argsort(left)
    first = np.searchsorted(left[by_left], right)
    behind = np.searchsorted(left[by_left], right + _NEAR * height, "right")
    slopes, runs = [], []
    # The neighbours of a few words at a time: those of all could be as many as all against all.
    for start in range(0, len(boxes), _AT_ONCE):
        these = np.arange(start, min(start + _AT_ONCE, len(boxes)))
        counts = behind[these] - first[these]
        one = np.repeat(these, counts)
        # The numbers from each word's first neighbour on, in the order of their left edges.
        shift = np.repeat(first[these] - np.cumsum(counts) + counts, counts)
        other = by_left[np.arange(len(one)) + shift]
        run = centre[other] - centre[one]
        rise = middle[other] - middle[one]
        ratio = height[one] / height[other]
        alike = (ratio > _LEAST_ALIKE) & (ratio < 1 / _LEAST_ALIKE)
        near = alike & (np.abs(rise) <= _STEEPEST * run + 2)
        slopes.append(rise[near] / run[near])
        runs.append(run[near])
    found, weights = np.concatenate(slopes), np.concatenate(runs)
    if len(found) < _FEWEST_SLOPES:
        return 0.0
    order = np.argsort(found)
    reached = np.cumsum(weights[order])
    return float(found[order][np.searchsorted(reached, reached[-1] / 2)])


def _edges(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom


def within_brackets(words: Sequence[Word]) -> frozenset[int]:
    """Numbers of the words that begin inside brackets which are closed again."""
    inside: set[int] = set()
    opened: list[int] = []
    for number, word in enumerate(words):
        if not ("(" in word.text or (opened and ")" in word.text)):
            continue
        for character in word.text:
            if character == "(":
                opened.append(number)
            elif character == ")" and opened:
                inside.update(range(opened.pop() + 1, number + 1))
        if word.text.startswith("(") and word.text.endswith(")"):
            inside.add(number)
    return frozenset(inside)
