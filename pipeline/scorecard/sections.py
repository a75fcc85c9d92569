"""The rows of a card in sections: tables, labelled lines, and what stands loose between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.scorecard.columns import numeric_words
from pipeline.scorecard.deliveries import shows_ball
from pipeline.scorecard.dismissal import find_opening, opening_at
from pipeline.scorecard.fall import has_pair
from pipeline.scorecard.figures import (
    bowlers_in_text,
    pointed_bowler_in,
    shows_batter,
    shows_bowler,
)
from pipeline.scorecard.header import Header, TableKind, header_of
from pipeline.scorecard.labels import Labelled, split_at_labels
from pipeline.scorecard.rows import Row
from pipeline.scorecard.titles import is_innings_title, is_score_title
from pipeline.scorecard.vocabulary import Label

_LONGEST_DIRT = 2
_FAR = 2.6
"""Row pitches of white space behind which a table has ended."""
_TITLE_ROWS = 3
"""Rows above a table that may name its side."""
_BOWLING_NUMBERS = 3
"""Numbers in a row that make it a bowler's where no head says so."""
_FEWEST_BALLS = 3
"""Rows that tell of a ball which make them a list."""
_NAME = re.compile(r"[^\W\d_]{2,}")
_FEWEST_FIGURED = 2
"""Rows with figures behind a name that make them a table."""
_LONGEST_NAME = 5
"""Words of the longest name."""


@dataclass(slots=True)
class Table:
    """A table: its head, its rows, and the loose rows right above it."""

    header: Header
    rows: list[Row] = field(default_factory=list)
    titles: tuple[Row, ...] = ()


@dataclass(slots=True)
class Line:
    """A labelled line, with the rows that continue it."""

    stretch: Labelled
    rest: list[Row] = field(default_factory=list)

    @property
    def label(self) -> Label | None:
        """What the line holds."""
        return self.stretch.label

    @property
    def rows(self) -> tuple[Row, ...]:
        """The words behind the label, and the rows that follow."""
        own = Row(self.stretch.page, self.stretch.words)
        return (own, *self.rest) if own.words else tuple(self.rest)


@dataclass(slots=True)
class Balls:
    """A list of balls, with the loose rows right above it."""

    rows: list[Row]
    titles: tuple[Row, ...] = ()


Section = Table | Line | Balls | Row


def find_sections(rows: Sequence[Row]) -> tuple[Section, ...]:
    """The sections in reading order; a Row that stands alone belongs to none."""
    scanner = _Scanner(rows, [header_of(row) for row in rows])
    return _with_headless_tables(scanner.scan())


class _Scanner:
    """Goes through the rows once; `open` is the section that the next row may continue."""

    def __init__(self, rows: Sequence[Row], headers: Sequence[Header | None]) -> None:
        self._rows = rows
        self._headers = headers
        self._sections: list[Section] = []
        self._open: Table | Line | None = None

    def scan(self) -> list[Section]:
        for index, row in enumerate(self._rows):
            header = self._headers[index]
            if header is not None:
                self._open_table(header)
            elif not self._take_labelled(row):
                self._take(row, above_header=self._is_title(index))
        return self._sections

    def _open_table(self, header: Header) -> None:
        titles: list[Row] = []
        is_fall = header.kind is TableKind.FALL
        while (
            not is_fall
            and len(titles) < _TITLE_ROWS
            and self._sections
            and isinstance(self._sections[-1], Row)
        ):
            titles.insert(0, self._sections.pop())  # type: ignore[arg-type]  # a Row, as just asked
        self._open = Table(header, titles=tuple(titles))
        self._sections.append(self._open)

    def _take_labelled(self, row: Row) -> bool:
        """Whether the row begins with a label; then it is taken."""
        stretches = split_at_labels(row)
        if stretches[0].label is None or (
            isinstance(self._open, Table) and stretches[0].label is Label.OVERS
        ):
            return False
        if any(map(_is_no_text, stretches)):
            return False
        for stretch in stretches:
            line = Line(stretch)
            self._sections.append(line)
            self._open = line if line.label in _CONTINUED else None
        return True

    def _take(self, row: Row, *, above_header: bool) -> None:
        if self._open is not None and _is_dirt(row, self._open):
            return
        if self._open is not None and not above_header and self._continues(self._open, row):
            (self._open.rows if isinstance(self._open, Table) else self._open.rest).append(row)
        else:
            self._open = None
            self._sections.append(row)

    def _continues(self, section: Table | Line, row: Row) -> bool:
        if is_innings_title(row):
            return False
        if isinstance(section, Line):
            return _continues_line(section, row)
        if section.header.kind is TableKind.FALL:
            return has_pair(row) and not _far_below(section, row)
        shown = _kind_by_figures(row)
        if is_score_title(row) or (shown is not None and shown is not section.header.kind):
            return False
        return not _far_below(section, row)

    def _is_title(self, index: int) -> bool:
        """Whether a row stands right above the head of a table and is none of the table before."""
        following = self._headers[index + 1] if index + 1 < len(self._headers) else None
        if following is None or following.kind is TableKind.FALL:
            return False
        row = self._rows[index]
        if find_opening(row.words) is not None:
            return False
        return len(numeric_words(row)) < 2 and not (
            following.kind is TableKind.BOWLING and self._in_running_text()
        )

    def _in_running_text(self) -> bool:
        return isinstance(self._open, Line)


_CONTINUED = frozenset({Label.DID_NOT_BAT, Label.FALL_OF_WICKETS, Label.BOWLING})
"""Labels whose text may go on over rows."""


def _is_no_text(stretch: Labelled) -> bool:
    """Whether `Bowling` has no analyses behind it, and is the head or the title of a table."""
    own = Row(stretch.page, stretch.words)
    return stretch.label is Label.BOWLING and not any(
        one.figures and one.row.words for one in bowlers_in_text(own)
    )


def _is_dirt(row: Row, section: Table | Line) -> bool:
    """A row of one or two characters, which no card has; digits may belong to the row above."""
    if len(row.text) > _LONGEST_DIRT:
        return False
    is_fall = isinstance(section, Table) and section.header.kind is TableKind.FALL
    return is_fall or not any(map(str.isdigit, row.text))


def _continues_line(line: Line, row: Row) -> bool:
    text = " ".join(part.text for part in line.rows)
    if line.label is Label.DID_NOT_BAT and "," in row.text and not any(map(str.isdigit, row.text)):
        return True
    unfinished = text.rstrip().endswith((",", "-", ";")) or text.count("(") > text.count(")")
    if not text or unfinished:
        return True
    if line.label is Label.BOWLING:
        return text.rstrip(" .")[-1:].isalpha() or any(one.figures for one in bowlers_in_text(row))
    if line.label is Label.FALL_OF_WICKETS:
        if row.text.startswith("("):
            return True
        is_counting = not any(map(str.isalpha, text)) and len(line.rows) == 1
        numbers = not any(map(str.isalpha, row.text))
        return has_pair(row) or numbers or (is_counting and bool(numeric_words(row)))
    return False


def _far_below(table: Table, row: Row) -> bool:
    above = [above for above in (table.header.row, *table.rows) if above is not None]
    if len(above) < 3 or above[-1].page != row.page:
        return False
    tops = [r.box.top for r in above if r.page == row.page]
    widest = max((below - top for top, below in pairwise(tops)), default=None)
    return widest is not None and row.box.top - tops[-1] > _FAR * widest


def _with_headless_tables(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Loose rows that are rows of a table whose head is missing or was not read."""
    result: list[Section] = []
    run: list[Row] = []
    for section in (*sections, None):
        if isinstance(section, Row):
            run.append(section)
            continue
        result.extend(_headless(run))
        run = []
        if section is not None:
            result.append(section)
    return tuple(result)


def _headless(run: Sequence[Row]) -> list[Section]:
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
        titles = max(0, first - _TITLE_ROWS)
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
        shown = _kind_by_figures(row)
        if shown is not None and kind is not None and shown is not kind:
            yield run[start:index]
            start = index
        kind = shown or kind
    yield run[start:]


def _kind_by_figures(row: Row) -> TableKind | None:
    if shows_batter(row):
        return TableKind.BATTING
    return TableKind.BOWLING if shows_bowler(row) else None


def _table_of_figures(part: Sequence[Row]) -> list[Section]:
    """A table of the rows with figures and what stands between them; the rest stays loose."""
    kinds = [_kind_by_figures(row) for row in part]
    kind = next((kind for kind in kinds if kind is not None), None)
    if kind is None:
        return _headless_table(part)
    first = kinds.index(kind)
    last = len(kinds) - 1 - kinds[::-1].index(kind)
    if kind is TableKind.BATTING:
        # A dismissal below a name, and those who did not bat.
        last = next(
            (n - 1 for n in range(last + 1, len(part)) if _is_prose(part[n])), len(part) - 1
        )
    else:
        while last + 1 < len(part) and pointed_bowler_in(part[last + 1]):
            last += 1
        while first and pointed_bowler_in(part[first - 1]):
            first -= 1
    titles = part[max(0, first - _TITLE_ROWS) : first]
    table = Table(Header(kind, None, ()), list(part[first : last + 1]), tuple(titles))
    return [*part[: first - len(titles)], table, *part[last + 1 :]]


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
        (TableKind.BATTING, _looks_like_batting),
        (TableKind.BOWLING, _looks_like_bowling),
    ):
        hits = [index for index, row in enumerate(run) if looks_like(row)]
        if len(hits) >= 2:
            if _dismissals_below(run) >= 2:
                kind = TableKind.BATTING  # noqa: PLW2901 - names with numbers look like bowlers
            first = hits[0]
            titles = run[max(0, first - _TITLE_ROWS) : first]
            table = Table(Header(kind, None, ()), list(run[first:]), tuple(titles))
            return [*_headless_table(run[: first - len(titles)]), table]
    return list(run)


def _dismissals_below(run: Sequence[Row]) -> int:
    """Rows that are a dismissal and nothing else: those of a batting table, below the names."""
    return sum(find_opening(row.words) == 0 and not numeric_words(row) for row in run)


def _looks_like_batting(row: Row) -> bool:
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
