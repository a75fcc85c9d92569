"""Loose rows that are a table whose head is missing, or was not read."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.scorecard.bands import numeric_words
from pipeline.scorecard.deliveries import shows_ball
from pipeline.scorecard.dismissal import find_opening, opening_at
from pipeline.scorecard.figures import (
    batters_told,
    pointed_bowler_in,
    shows_batter,
    shows_bowler,
)
from pipeline.scorecard.header import Header, TableKind
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.section import TITLE_ROWS, Balls, Section, Table
from pipeline.scorecard.titles import is_innings_title, is_score_title

_BOWLING_NUMBERS = 3
"""Numbers in a row that make it a bowler's where no head says so."""
_FEWEST_BALLS = 3
"""Rows that tell of a ball which make them a list."""
_NAME = re.compile(r"[^\W\d_]{2,}")
_FEWEST_FIGURED = 2
"""Rows with figures behind a name that make them a table."""
_LONGEST_NAME = 5
"""Words of the longest name."""


def headless(run: Sequence[Row]) -> list[Section]:
    """The run's rows, with the tables that they look like."""
    if sum(map(shows_ball, run)) >= _FEWEST_BALLS:
        return list(_balls(run))
    if sum(shows_batter(row) or shows_bowler(row) for row in run) >= _FEWEST_FIGURED:
        return [section for part in _parts_by_figures(run) for section in _table_of_figures(part)]
    starts = [0, *(index for index, row in enumerate(run) if index and is_score_title(row))]
    return [
        section
        for start, end in pairwise([*starts, len(run)])
        for section in _headless_table(run[start:end])
    ]


def _balls(run: Sequence[Row]) -> Iterator[Section]:
    """The lists of balls in a run, a new one below each title of an innings."""
    starts = [index for index, row in enumerate(run) if index and is_innings_title(row)]
    for start, end in pairwise([0, *starts, len(run)]):
        part = run[start:end]
        first = next((index for index, row in enumerate(part) if shows_ball(row)), None)
        if first is None:
            yield from part
            continue
        titles = max(0, first - TITLE_ROWS)
        yield from part[:titles]
        yield Balls(list(part[first:]), tuple(part[titles:first]))


def _parts_by_figures(run: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Stretches of a run with figures of batters alone, or of bowlers alone."""
    start, kind = 0, None
    for index, row in enumerate(run):
        if is_score_title(row) or is_innings_title(row):
            yield run[start:index]
            start, kind = index, None
            continue
        shown = kind_by_figures(row)
        if shown is not None and kind is not None and shown is not kind:
            yield run[start:index]
            start = index
        kind = shown or kind
    yield run[start:]


def kind_by_figures(row: Row) -> TableKind | None:
    """The table that figures behind a name belong to; None for a row without."""
    if shows_batter(row):
        return TableKind.BATTING
    return TableKind.BOWLING if shows_bowler(row) else None


def _table_of_figures(part: Sequence[Row]) -> list[Section]:
    """A table of the rows with figures and what stands between them; the rest stays loose."""
    kinds = [kind_by_figures(row) for row in part]
    kind = next((kind for kind in kinds if kind is not None), None)
    if kind is None:
        return _headless_table(part)
    first = kinds.index(kind)
    last = len(kinds) - 1 - kinds[::-1].index(kind)
    if kind is TableKind.BATTING:
        while last + 1 < len(part) and _begins_with_score(part[last + 1]):
            last += 1
        # A dismissal below a name, and those who did not bat.
        last = next(
            (n - 1 for n in range(last + 1, len(part)) if _is_prose(part[n])), len(part) - 1
        )
        while first and looks_like_batting(part[first - 1]):
            first -= 1
    else:
        while last + 1 < len(part) and pointed_bowler_in(part[last + 1]):
            last += 1
        while first and pointed_bowler_in(part[first - 1]):
            first -= 1
    titles = part[max(0, first - TITLE_ROWS) : first]
    table = Table(Header(kind, None, ()), list(part[first : last + 1]), tuple(titles))
    return [*part[: first - len(titles)], table, *part[last + 1 :]]


def _begins_with_score(row: Row) -> bool:
    """Whether the score of a batter, whose name ended the row above, begins a row."""
    told, _ = batters_told(row)
    return bool(told) and not told[0].row.words


def _is_prose(row: Row) -> bool:
    """Whether a row is no name and no dismissal: a sentence, or numbers."""
    return find_opening(row.words) is None and (
        len(row.words) > _LONGEST_NAME or any(map(str.isdigit, row.text))
    )


def _headless_table(run: Sequence[Row]) -> list[Section]:
    """The run's rows, with the table that at least two of them look like."""
    if run and is_score_title(run[0]) and sum(map(_looks_like_score, run[1:])) >= _FEWEST_FIGURED:
        return [Table(Header(TableKind.BATTING, None, ()), list(run[1:]), (run[0],))]
    analyses = [n for n, row in enumerate(run) if pointed_bowler_in(row) or shows_bowler(row)]
    if len(analyses) >= _FEWEST_FIGURED and len(analyses) == analyses[-1] + 1 - analyses[0]:
        start, end = analyses[0], analyses[-1] + 1
        found = Table(Header(TableKind.BOWLING, None, ()), list(run[start:end]), tuple(run[:start]))
        return [found, *run[end:]]
    for kind, looks_like in (
        (TableKind.BATTING, looks_like_batting),
        (TableKind.BOWLING, _looks_like_bowling),
    ):
        hits = [index for index, row in enumerate(run) if looks_like(row)]
        if len(hits) >= 2:
            if _dismissals_below(run) >= 2:
                kind = TableKind.BATTING  # noqa: PLW2901 - names with numbers look like bowlers
            first = _first_alike(run, hits)
            titles = run[max(0, first - TITLE_ROWS) : first]
            table = Table(Header(kind, None, ()), list(run[first:]), tuple(titles))
            return [*_headless_table(run[: first - len(titles)]), table]
    return list(run)


def _first_alike(run: Sequence[Row], hits: Sequence[int]) -> int:
    """The first row of a table: rows right above may hold as many numbers behind a name."""
    first = hits[0]
    fewest = min(len(numeric_words(run[hit])) for hit in hits)
    while (
        first
        and fewest >= _BOWLING_NUMBERS
        and len(numeric_words(run[first - 1])) >= fewest
        and sum(_NAME.search(word.text) is not None for word in run[first - 1].words)
    ):
        first -= 1
    return first


def _dismissals_below(run: Sequence[Row]) -> int:
    """Rows that are a dismissal and nothing else: those of a batting table, below the names."""
    return sum(find_opening(row.words) == 0 and not numeric_words(row) for row in run)


@once_a_row
def looks_like_batting(row: Row) -> bool:
    """Whether a row tells of a dismissal, with a number behind it."""
    if not numeric_words(row):
        return False
    # With the bowler in a column of his own, `c Sehwag` stands without its `b`.
    cells = row.cells()[1:]
    return find_opening(row.words, 1) is not None or any(opening_at(cell) for cell in cells)


def _looks_like_score(row: Row) -> bool:
    """`POLLOCK 62 34`: below a side and its score, these are its batters."""
    first, *rest = row.words
    return _NAME.search(first.text) is not None and 1 <= len(numeric_words(row)) <= len(rest)


def _looks_like_bowling(row: Row) -> bool:
    return len(numeric_words(row)) >= _BOWLING_NUMBERS and find_opening(row.words, 1) is None
