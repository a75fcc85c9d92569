"""White space that runs down a page between two tables, or between two columns of print.

Tables have white columns too. What tells them apart is what stands on either side: behind a gutter
names begin anew, each with its own numbers. Whether a gutter is one is settled in `blocks` by
reading the page with and without it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.header import header_of
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.rows import Row
from pipeline.scorecard.titles import is_score_title
from pipeline.scorecard.vocabulary import Label

_NARROWEST: Final = 0.9
"""Width of a gutter in word heights, where it is narrowest."""
_LATELY: Final = 6
"""Rows that a strip is white along at once; over more it may lean."""
_LEAN: Final = 0.04
"""Pixels to the side a pixel down that a strip leans at most: photos are never quite flat."""
_MOST_STRIPS: Final = 60
"""Strips that are followed on one page; a page of dirt has thousands."""
_FEWEST_ROWS: Final = 2
"""Rows with a name and a number behind it that each side shows at least."""
_FEWEST_COUNTED: Final = 3
"""Wickets that are counted one below the other, where nothing else tells of a table."""
_SHARE: Final = 0.4
"""Share of each side's rows that are of such a form at least."""
_NAME: Final = re.compile(r"[^\W\d_]{2,}")
_DIGIT: Final = re.compile(r"\d")
_SPECKS: Final = " .,:;|_~*'\"†" + DASHES


@dataclass(frozen=True, slots=True)
class Gutter:
    """A white strip that runs along rows of a page; it may lean a little."""

    first: int
    """Number of the first row that it runs along."""
    centres: tuple[float, ...]
    """Its middle at each row, in pixels."""
    width: float
    """Where it begins, in pixels."""

    @property
    def last(self) -> int:
        """Number of the last row that it runs along."""
        return self.first + len(self.centres) - 1

    def meets(self, other: "Gutter") -> bool:
        """Whether some row runs along both."""
        return self.first <= other.last and other.first <= self.last

    def sides(self, rows: Sequence[Row]) -> tuple[list[list[Word]], list[list[Word]]]:
        """The words of its rows on its left and on its right, row by row."""
        along = list(zip(rows[self.first : self.last + 1], self.centres, strict=True))
        left = [[w for w in row.words if w.box.right <= centre] for row, centre in along]
        right = [[w for w in row.words if w.box.right > centre] for row, centre in along]
        return left, right


def find_gutters(rows: Sequence[Row]) -> tuple[Gutter, ...]:
    """Strips that may be gutters, the likeliest first; none on most pages.

    Args:
        rows: the rows of one page, top to bottom.
    """
    if len(rows) < _FEWEST_ROWS:
        return ()
    heads = [n for n, row in enumerate(rows) if _begins_a_section(row)]
    strips = [part for strip in _Tracer(rows).strips() for part in _parts(strip, heads)]
    parting = [strip for strip in strips if _parts_tables(rows, strip)]
    return tuple(sorted(parting, key=lambda s: (-len(s.centres), -s.width)))


def _begins_a_section(row: Row) -> bool:
    """Whether a row is the head of a table, or of what is printed over the whole page."""
    return header_of(row) is not None or leading_label(row) is Label.FALL_OF_WICKETS


def _parts(strip: Gutter, heads: Sequence[int]) -> Iterator[Gutter]:
    """A strip, and its stretches from one head of a table to the next.

    White space between two columns of one table may go on between two tables below it.
    """
    yield strip
    inside = [head for head in heads if strip.first < head < strip.last]
    bounds = [strip.first, *inside, strip.last + 1]
    for first, end in pairwise(bounds) if inside else ():
        if end - first > _FEWEST_ROWS:
            centres = strip.centres[first - strip.first : end - strip.first]
            yield replace(strip, first=first, centres=centres)


class _Tracer:
    """Follows white space up and down a page."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._tops = [row.box.top for row in rows]
        # A title across the page may have white space at the same place.
        self._titles = {number for number, row in enumerate(rows) if is_score_title(row)}
        self._narrowest = _NARROWEST * median(row.height for row in rows)

    def strips(self) -> list[Gutter]:
        """Every strip of white space, each once."""
        found: list[Gutter] = []
        for index, row in enumerate(self._rows):
            # Where two sides stand on lines of their own, only the next row ends the white space.
            beside = self._rows[index + 1].words if index + 1 < len(self._rows) else ()
            alone, together = row.words, (*row.words, *beside)
            for gap in sorted({*_gaps(alone, self._narrowest), *_gaps(together, self._narrowest)}):
                if len(found) == _MOST_STRIPS or index in self._titles:
                    break
                if not any(_holds(strip, index, gap) for strip in found):
                    found.append(self._grown(index, gap))
        return found

    def _grown(self, index: int, gap: tuple[float, float]) -> Gutter:
        """The strip that a gap begins, as far up and down as it stays white."""
        centres = {index: _centre(gap)}
        for step in (-1, 1):
            lately, at = [gap], index + step
            while 0 <= at < len(self._rows) and at not in self._titles:
                lean = _LEAN * abs(self._tops[at] - self._tops[index])
                strip = (
                    max(gap[0] - lean, *(g[0] for g in lately)),
                    min(gap[1] + lean, *(g[1] for g in lately)),
                )
                words = self._rows[at].words
                white = _left_white(strip, words)
                if white[1] - white[0] < self._narrowest:
                    break
                centres[at] = _centre(white)
                lately = [*lately, _around(white, words, gap)][-_LATELY:]
                at += step
        first = min(centres)
        every = tuple(centres[first + number] for number in range(len(centres)))
        return Gutter(first, every, gap[1] - gap[0])


def _holds(strip: Gutter, index: int, gap: tuple[float, float]) -> bool:
    """Whether a strip runs through a gap of a row."""
    along = index - strip.first
    return 0 <= along < len(strip.centres) and gap[0] < strip.centres[along] < gap[1]


def _gaps(words: Sequence[Word], narrowest: float) -> Iterator[tuple[int, int]]:
    """White space between words that is wide enough, as left and right."""
    boxes = sorted((word.box for word in words), key=lambda box: box.left)
    right = boxes[0].right
    for box in boxes[1:]:
        if box.left - right >= narrowest:
            yield right, box.left
        right = max(right, box.right)


def _centre(strip: tuple[float, float]) -> float:
    return (strip[0] + strip[1]) / 2


def _around(
    white: tuple[float, float], words: Sequence[Word], gap: tuple[float, float]
) -> tuple[float, float]:
    """All the white space of a row around a part of it, so that a strip can follow the lean.

    It reaches no further than the first gap is wide: a row may end before it, or begin behind it.
    """
    reach = gap[1] - gap[0]
    left = max((w.box.right for w in words if w.box.right <= white[0]), default=0)
    right = min((w.box.left for w in words if w.box.left >= white[1]), default=white[1] + reach)
    return max(left, white[0] - reach), min(right, white[1] + reach)


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
    left, right = strip.sides(rows)
    # A name in two lines has its numbers on a line of their own.
    whole = [words for words in right if _holds_both(words)]
    begins_anew = _mostly(whole, _begins_with_name) or _counts_wickets(right)
    return begins_anew and _mostly(left, _ends_in_number)


def _counts_wickets(side: Sequence[Sequence[Word]]) -> bool:
    """Whether a side's lines begin with 1, 2, 3 …: a fall of wickets beside the bowling."""
    first = [words[0].text.rstrip(".") for words in side if words]
    counted = [int(text) for text in first if text.isdecimal()]
    right = sum(number == place for place, number in enumerate(counted, start=1))
    return right >= _FEWEST_COUNTED and right == len(counted)


def _holds_both(words: Sequence[Word]) -> bool:
    """Whether a line has letters and digits."""
    characters = "".join(word.text for word in words)
    return any(map(str.isalpha, characters)) and any(map(str.isdigit, characters))


def _mostly(side: Sequence[Sequence[Word]], form: Callable[[Sequence[str]], bool]) -> bool:
    """Whether enough of a side's lines are of a form."""
    lines = [[word.text for word in words] for words in side if words]
    hits = sum(map(form, lines))
    return hits >= max(_FEWEST_ROWS, _SHARE * len(lines))


def _ends_in_number(texts: Sequence[str]) -> bool:
    """`Kohli c Smith b Starc 45`: the last word that is no speck is a number, behind a name."""
    telling = [text for text in texts if any(map(str.isalnum, text))]
    if not telling or not any(map(str.isdigit, telling[-1])):
        return False
    return any(_NAME.search(text) for text in telling[:-1])


def _begins_with_name(texts: Sequence[str]) -> bool:
    """`Starc 4 0 23 1`: letters, and a digit only behind them."""
    text = " ".join(texts)
    digit = _DIGIT.search(text)
    if digit is None:
        return False
    before = text[: digit.start()].lstrip(_SPECKS)
    return "(" not in before and before[:1].isalpha() and sum(map(str.isalpha, before)) > 1
