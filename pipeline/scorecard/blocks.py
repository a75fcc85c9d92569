"""Pages with tables side by side: each side is read by itself, where that explains more.

A page is first read as one column. Then every strip that may be a gutter is tried, with the tables
on its sides one column after the other, or level ones together. What is kept is the reading with
the most numbers and the most equations that hold.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from pipeline.ocr.words import Page, Word
from pipeline.scorecard.beside import with_falls_below
from pipeline.scorecard.gutters import Gutter, find_gutters
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.rows import Row, find_rows
from pipeline.scorecard.running import with_sentences_apart
from pipeline.scorecard.section import Line, Section, Table
from pipeline.scorecard.sections import find_sections
from pipeline.scorecard.twins import untwined
from pipeline.scorecard.vocabulary import Label

Weigh = Callable[[Sequence[Section]], float]
"""How much of a card some sections explain."""

_MOST_TRIED: Final = 10
"""Strips of a page that are tried as gutters."""
_CLEARLY: Final = 1.05
"""By how much a reading with a gutter has to explain more, as a factor."""
_LEVEL: Final = 1.5
"""Row heights within which two tables begin level."""
_CONTINUED_BELOW: Final = frozenset({Label.FALL_OF_WICKETS, Label.DID_NOT_BAT, Label.BOWLING})


def sections_of(pages: Sequence[Page], weigh: Weigh) -> tuple[Section, ...]:
    """The sections of a file's pages, in the order in which its innings are to be read.

    Args:
        pages: the pages in order.
        weigh: tells which of two readings of a page explains more.
    """
    sections: list[Section] = []
    waiting: list[Row] = []
    for page in pages:
        rows = with_sentences_apart(with_falls_below(untwined(find_rows(page))))
        parted = _parted(page, rows, weigh)
        if parted is None:
            # A table may go on over pages.
            waiting.extend(rows)
            continue
        sections.extend((*find_sections(waiting), *parted))
        waiting = []
    return (*sections, *_in_one_column(tuple(waiting)))


def _parted(page: Page, rows: Sequence[Row], weigh: Weigh) -> tuple[Section, ...] | None:
    """The sections of a page with its gutters; None where it is better read as one column."""
    candidates = find_gutters(rows)
    sides = _Sides(page, rows)
    best: tuple[Section, ...] | None = None
    chosen: tuple[Gutter, ...] = ()
    most = weigh(_in_one_column(tuple(rows))) if candidates else 0.0
    for gutter in candidates[:_MOST_TRIED]:
        # Of strips that run along the same rows, the one that explains most is the gutter.
        apart = tuple(other for other in chosen if not gutter.meets(other))
        trial = tuple(sorted((*apart, gutter), key=lambda g: g.first))
        sections, weight = _heavier(sides, trial, weigh)
        if weight > (_CLEARLY * most if len(trial) > len(chosen) else most):
            best, chosen, most = sections, trial, weight
    return best


@lru_cache(maxsize=1)
def _in_one_column(rows: tuple[Row, ...]) -> tuple[Section, ...]:
    """The sections of rows that nothing parts: weighed, and mostly kept."""
    return find_sections(rows)


def _heavier(
    sides: "_Sides", gutters: Sequence[Gutter], weigh: Weigh
) -> tuple[tuple[Section, ...], float]:
    """The order of the sides that explains more, and how much."""
    blocks = tuple(sides.blocks(gutters))
    in_turn = tuple(section for left, right in blocks for section in (*left, *right))
    together = tuple(section for left, right in blocks for section in _merged(left, right))
    weight = weigh(in_turn)
    if together != in_turn and (other := weigh(together)) > weight:
        return together, other
    return in_turn, weight


class _Sides:
    """The sides of a page's gutters; rows that several gutters part alike are the same ones."""

    def __init__(self, page: Page, rows: Sequence[Row]) -> None:
        self._page = page
        self._rows = rows
        self._known: dict[Row, Row] = {}

    def blocks(
        self, gutters: Sequence[Gutter]
    ) -> Iterator[tuple[Sequence[Section], Sequence[Section]]]:
        """Sections on the left and on the right of each gutter, and those below the last one."""
        start = 0
        for gutter in gutters:
            end = _end(self._rows, gutter)
            parted = gutter.sides(self._rows)
            left, right = (self._found(side[: end - gutter.first]) for side in parted)
            # The rows above are the titles of the left side, and of the card.
            above = self._rows[start : gutter.first]
            yield find_sections([*above, *left]), find_sections(right)
            start = end
        yield find_sections(self._rows[start:]), ()

    def _found(self, side: Sequence[Sequence[Word]]) -> list[Row]:
        """The rows of one side, found anew: two sides need not stand on the same lines."""
        words = tuple(word for row in side for word in row)
        page = self._page
        found = find_rows(Page(page.number, page.width, page.height, words))
        return [self._known.setdefault(row, row) for row in found]


def _end(rows: Sequence[Row], gutter: Gutter) -> int:
    """The row behind a gutter; a label at its foot begins what runs below it over the page."""
    last = rows[gutter.last]
    return gutter.last if leading_label(last) in _CONTINUED_BELOW else gutter.last + 1


def _merged(left: Sequence[Section], right: Sequence[Section]) -> Iterator[Section]:
    """Both sides from top to bottom, the left one first where they begin level."""
    waiting = deque(right)
    for section in left:
        reach = _top(section) - _LEVEL * _height(section)
        while waiting and _top(waiting[0]) < reach:
            yield waiting.popleft()
        yield section
    yield from waiting


def _first_row(section: Section) -> Row | None:
    if isinstance(section, Row):
        return section
    if isinstance(section, Line):
        words = (*section.stretch.heading, *section.stretch.words)
        return Row(section.stretch.page, words) if words else None
    head = section.header.row if isinstance(section, Table) else None
    return head or next(iter((*section.rows, *section.titles)), None)


def _top(section: Section) -> float:
    row = _first_row(section)
    return row.box.top if row is not None else 0.0


def _height(section: Section) -> float:
    row = _first_row(section)
    return row.height if row is not None else 0.0
