"""Where the numeric columns of a table stand, from the digits below one another and their heads.

Digits of many rows that stand below one another, with white space beside them, are a column,
whatever their alignment. Its meaning comes from the head above it and, where that fails, from
`roles`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.header import TEXT_COLUMNS, Header, Heading
from pipeline.scorecard.numbers import is_plainly_numeric
from pipeline.scorecard.rows import Row, once_a_row, within_brackets
from pipeline.scorecard.vocabulary import Column

REACH = 2.0
"""Word heights that a head may stand beside its column."""
_LOOSE = 0.3
"""White space in word heights between a column and its head, past which they may be no pair."""
_PAD = 0.45
"""Word heights by which a column is wider than the digits seen in it."""
_NOUGHTS = frozenset("OoQ")
"""What a lone nought behind all letters is read as."""
_KEPT = 4096
"""Texts of which it is remembered whether they are words."""
_SUPPORT = 0.5
"""Share of the rows in which a column without a head must show a number."""


@dataclass(frozen=True, slots=True)
class Band:
    """The stretch of the page's width that a numeric column takes; `column` None: no head."""

    left: float
    right: float
    column: Column | None = None

    @property
    def centre(self) -> float:
        """Its middle, in pixels."""
        return (self.left + self.right) / 2

    def gap(self, box: Box) -> float:
        """White space between the band and a box; 0 where they overlap."""
        return max(0.0, box.left - self.right, self.left - box.right)

    def holds(self, box: Box) -> bool:
        """Whether the greater part of a box lies in the band."""
        overlap = min(self.right, box.right) - max(self.left, box.left)
        return overlap > 0.5 * min(box.width, self.right - self.left)


def find_bands(header: Header, rows: Sequence[Row]) -> tuple[Band, ...]:
    """The numeric columns of a table, left to right."""
    height = median(row.height for row in rows) if rows else 1.0
    numbers = [numeric_words(row) for row in rows]
    seen = _stretches_of_ink([word.box for words in numbers for word in words], len(rows))
    heads = [h for h in header.headings if h.column not in TEXT_COLUMNS | {Column.OTHER}]
    firm = [number for number, band in enumerate(seen) if _supported(band, numbers)]
    pairs = _pair(heads, seen, firm, height)
    bands = [_named(band, pairs.get(index), heads) for index, band in enumerate(seen)]
    for number, head in enumerate(heads):
        if number not in pairs.values():
            bands.append(Band(head.box.left, head.box.right, head.column))
    kept = [b for b in bands if b.column is not None or _supported(b, numbers)]
    return _apart(sorted(kept, key=lambda band: band.centre), _PAD * height)


def _named(band: Band, head: int | None, heads: Sequence[Heading]) -> Band:
    return Band(band.left, band.right, heads[head].column if head is not None else None)


def _supported(band: Band, numbers: Sequence[Sequence[Word]]) -> bool:
    rows = [words for words in numbers if words]
    hits = sum(any(band.holds(word.box) for word in words) for words in rows)
    return hits >= max(2, _SUPPORT * len(rows)) or (len(rows) <= 2 and hits == len(rows))


def _apart(bands: Sequence[Band], pad: float) -> tuple[Band, ...]:
    """The bands, a little wider, but none into its neighbour."""
    grown = []
    for index, band in enumerate(bands):
        left, right = band.left - pad, band.right + pad
        if index > 0:
            left = max(left, (bands[index - 1].right + band.left) / 2)
        if index + 1 < len(bands):
            right = min(right, (band.right + bands[index + 1].left) / 2)
        grown.append(Band(min(left, band.left), max(right, band.right), band.column))
    return tuple(grown)


@once_a_row
def numeric_words(row: Row) -> tuple[Word, ...]:
    """Numbers of a row that can be cells: not the running number, nothing in brackets."""
    texts = [n for n, word in enumerate(row.words) if is_text(word)]
    first = texts[0] + 1 if texts else 0
    # Behind all letters a lone `O` is a nought.
    last = next((n for n in reversed(texts) if row.words[n].text not in _NOUGHTS), len(row.words))
    numbers = [
        number
        for number, word in enumerate(row.words[first:], start=first)
        if is_plainly_numeric(word.text) or (number > last and word.text in _NOUGHTS)
    ]
    inside = within_brackets(row.words) if numbers else ()
    return tuple(row.words[number] for number in numbers if number not in inside)


def is_text(word: Word) -> bool:
    """Whether a word is no number: two letters, or one that stands alone."""
    return _is_text(word.text)


@lru_cache(maxsize=_KEPT)
def _is_text(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= min(2, len(text))


def _stretches_of_ink(boxes: Sequence[Box], rows: int) -> list[Band]:
    """Stretches of the width in which digits stand; one odd wide word bridges no gap."""
    needed = 1 if rows < 5 else 2
    edges = sorted([(box.left, 1) for box in boxes] + [(box.right, -1) for box in boxes])
    bands, depth, start = [], 0, 0
    for position, change in edges:
        before, depth = depth, depth + change
        if before < needed <= depth:
            start = position
        elif depth < needed <= before and position > start:
            bands.append(Band(start, position))
    return bands


def _pair(
    heads: Sequence[Heading], bands: Sequence[Band], firm: Sequence[int], height: float
) -> dict[int, int]:
    """Number of the head above each band; `firm`: those bands that most rows fill.

    Where heads stand at the left of wide columns and numbers at their right, hardly a number stands
    below its head, and the nearest head is that of the next column.
    """
    nearest = _nearest(heads, bands, height)
    loose = sum(bands[b].gap(heads[h].box) > _LOOSE * height for b, h in nearest.items())
    between = _between(heads, bands)
    more = len(between.keys() & set(firm)) - len(nearest.keys() & set(firm))
    # As many either way: what stands below its head is sooner believed.
    is_loose = 2 * loose >= max(len(nearest), 1)
    return between if more > 0 or (more == 0 and is_loose) else nearest


def _between(heads: Sequence[Heading], bands: Sequence[Band]) -> dict[int, int]:
    """Bands by the head at the left of their column: none at its right begins before the band."""
    pairs: dict[int, int] = {}
    for number, band in enumerate(bands):
        before = [h for h, head in enumerate(heads) if head.box.left <= band.centre]
        head = max(before, key=lambda h: heads[h].box.left, default=None)
        if head is not None and head not in pairs.values():
            pairs[number] = head
    return pairs


def _nearest(heads: Sequence[Heading], bands: Sequence[Band], height: float) -> dict[int, int]:
    """Nearest pairs first, each head and each band once."""
    distances = sorted(
        (
            (band.gap(head.box), abs(band.centre - (head.box.left + head.box.right) / 2), b, h)
            for b, band in enumerate(bands)
            for h, head in enumerate(heads)
        ),
    )
    pairs: dict[int, int] = {}
    for gap, _, band_number, head_number in distances:
        near = gap <= REACH * height
        if near and band_number not in pairs and head_number not in pairs.values():
            pairs[band_number] = head_number
    return pairs
