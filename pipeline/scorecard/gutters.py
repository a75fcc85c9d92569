"""White space that runs down a page between two tables, or between two columns of print.

Tables have white columns too. What tells them apart is what stands on either side: behind a gutter
names begin anew, each with its own numbers. Whether a gutter is one is settled in `blocks` by
reading the page with and without it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.rows import Row

_NARROWEST: Final = 0.9
"""Width of a gutter in word heights, where it is narrowest."""
_FEWEST_ROWS: Final = 2
"""Rows with a name and a number behind it that each side shows at least."""
_SHARE: Final = 0.4
"""Share of each side's rows that are of such a form at least."""
_ENDS_IN_NUMBER: Final = re.compile(r"[^\W\d_]{2,}.*\s\S*\d[^\s\w]*(?:\s\W+)*$")
_BEGINS_WITH_NAME: Final = re.compile(r"^\W*[^\W\d_][^\d()]*[^\W\d_].*\d")


@dataclass(frozen=True, slots=True)
class Gutter:
    """A white strip between rows `first` and `last` of a page, both included."""

    left: float
    right: float
    first: int
    last: int

    @property
    def centre(self) -> float:
        """Its middle, in pixels."""
        return (self.left + self.right) / 2

    @property
    def rows(self) -> int:
        """How many rows it runs along."""
        return self.last - self.first + 1

    def meets(self, other: "Gutter") -> bool:
        """Whether some row runs along both."""
        return self.first <= other.last and other.first <= self.last


def find_gutters(rows: Sequence[Row]) -> tuple[Gutter, ...]:
    """Strips that may be gutters, the likeliest first; none on most pages.

    Args:
        rows: the rows of one page, top to bottom.
    """
    if len(rows) < _FEWEST_ROWS:
        return ()
    narrowest = _NARROWEST * median(row.height for row in rows)
    found: dict[tuple[int, int, int], Gutter] = {}
    for index, row in enumerate(rows):
        # Where two sides stand on lines of their own, only the next row ends the white space.
        beside = rows[index + 1].words if index + 1 < len(rows) else ()
        for gap in {*_gaps(row.words, narrowest), *_gaps((*row.words, *beside), narrowest)}:
            strip = _grown(rows, index, gap, narrowest)
            found.setdefault((strip.first, strip.last, round(strip.centre / narrowest)), strip)
    parting = [strip for strip in found.values() if _parts_tables(rows, strip)]
    return tuple(sorted(parting, key=lambda s: (-s.rows, s.left - s.right)))


def _gaps(words: Sequence[Word], narrowest: float) -> Iterator[tuple[int, int]]:
    """White space between words that is wide enough, as left and right."""
    boxes = sorted((word.box for word in words), key=lambda box: box.left)
    right = boxes[0].right
    for box in boxes[1:]:
        if box.left - right >= narrowest:
            yield right, box.left
        right = max(right, box.right)


def _grown(rows: Sequence[Row], index: int, gap: tuple[float, float], narrowest: float) -> Gutter:
    """The strip that a gap begins, as far up and down as it stays white."""
    strip, ends = gap, []
    for step in (-1, 1):
        at = index
        while 0 <= at + step < len(rows):
            left = _left_white(strip, rows[at + step].words)
            if left[1] - left[0] < narrowest:
                break
            strip, at = left, at + step
        ends.append(at)
    return Gutter(*strip, first=ends[0], last=ends[1])


def _left_white(strip: tuple[float, float], words: Sequence[Word]) -> tuple[float, float]:
    """The widest part of a strip on which no word stands."""
    widest, start = (strip[0], strip[0]), strip[0]
    boxes: list[Box] = sorted((w.box for w in words), key=lambda box: box.left)
    for box in boxes:
        if box.right <= start or box.left >= strip[1]:
            continue
        if box.left - start > widest[1] - widest[0]:
            widest = (start, box.left)
        start = max(start, box.right)
    if strip[1] - start > widest[1] - widest[0]:
        widest = (start, strip[1])
    return widest


def _parts_tables(rows: Sequence[Row], strip: Gutter) -> bool:
    """Whether names with numbers behind them end at it on the left, and begin on the right."""
    along = rows[strip.first : strip.last + 1]
    left = [[w for w in row.words if w.box.right <= strip.centre] for row in along]
    right = [[w for w in row.words if w.box.right > strip.centre] for row in along]
    return _mostly(left, _ENDS_IN_NUMBER) and _mostly(right, _BEGINS_WITH_NAME)


def _mostly(side: Sequence[Sequence[Word]], form: re.Pattern[str]) -> bool:
    """Whether enough of a side's lines are of a form."""
    lines = [" ".join(word.text for word in words) for words in side if words]
    hits = sum(form.search(line) is not None for line in lines)
    return hits >= max(_FEWEST_ROWS, _SHARE * len(lines))
