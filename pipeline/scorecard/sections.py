"""The rows of a card in sections: tables, labelled lines, and what stands loose between them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.scorecard.bands import numeric_words
from pipeline.scorecard.dismissal import find_opening
from pipeline.scorecard.extras import tells_kinds
from pipeline.scorecard.extras_table import extras_below
from pipeline.scorecard.fall import has_pair
from pipeline.scorecard.fall_table import has_columns, tells_a_wicket
from pipeline.scorecard.figures import (
    bowlers_in_text,
)
from pipeline.scorecard.header import Header, TableKind, header_of, is_name_alone
from pipeline.scorecard.headless import headless, kind_by_figures, looks_like_batting
from pipeline.scorecard.implied import implied
from pipeline.scorecard.labels import Labelled, split_at_labels
from pipeline.scorecard.misread_head import ROWS_BELOW, misread_head
from pipeline.scorecard.numbers import overs_of
from pipeline.scorecard.rows import Row
from pipeline.scorecard.section import TITLE_ROWS, Line, Section, Table
from pipeline.scorecard.titles import is_innings_title, is_score_title, wickets_of_score
from pipeline.scorecard.vocabulary import LABEL_PHRASES, Label, plain

_LONGEST_DIRT = 2
_NUMBERS_OF_A_ROW = 3
"""Numbers behind a name that make a row one of a table."""
_ENDS_OF_FALL = frozenset(
    phrase.split()[-1] for phrase, label in LABEL_PHRASES.items() if label is Label.FALL_OF_WICKETS
)
_FAR = 2.6
"""Row pitches of white space behind which a table has ended."""
_TELL_A_PITCH = 3
_FAR_FROM_FEW = 8.0
"""The same in heights of its words, below a table of fewer rows: a page's number at its foot."""


def find_sections(rows: Sequence[Row]) -> tuple[Section, ...]:
    """The sections in reading order; a Row that stands alone belongs to none."""
    headers = [
        header_of(row) or misread_head(row, rows[number + 1 : number + 1 + ROWS_BELOW])
        for number, row in enumerate(rows)
    ]
    scanner = _Scanner(rows, headers)
    return _with_headless_tables(scanner.scan())


class _Scanner:
    """Goes through the rows once; `open` is the section that the next row may continue."""

    def __init__(self, rows: Sequence[Row], headers: Sequence[Header | None]) -> None:
        self._rows = rows
        self._headers = headers
        self._sections: list[Section] = []
        self._open: Table | Line | None = None

    def scan(self) -> list[Section]:
        told = -1
        for index, row in enumerate(self._rows):
            header = self._headers[index]
            if index == told:
                continue
            if lines := extras_below(row, self._row(index + 1)):
                self._sections.extend(map(Line, lines))
                self._open, told = None, index + 1
            elif header is not None:
                self._open_table(header)
            elif not self._take_labelled(row):
                self._take(row, above_header=self._is_title(index))
        return self._sections

    def _row(self, index: int) -> Row | None:
        return self._rows[index] if index < len(self._rows) else None

    def _open_table(self, header: Header) -> None:
        titles: list[Row] = []
        is_fall = header.kind is TableKind.FALL
        self._drop_title_read_as_head()
        while (
            not is_fall
            and len(titles) < TITLE_ROWS
            and self._sections
            and isinstance(last := self._sections[-1], Row)
            and not _names_a_player(last)
        ):
            titles.insert(0, last)
            self._sections.pop()
        self._open = Table(header, titles=tuple(titles))
        self._sections.append(self._open)

    def _drop_title_read_as_head(self) -> None:
        """`Bowling` alone above the head of its table looks like a head of one column."""
        last = self._sections[-1] if self._sections else None
        if isinstance(last, Table) and not last.rows and is_name_alone(last.header):
            self._sections[-1:] = last.titles

    def _take_labelled(self, row: Row) -> bool:
        """Whether the row begins with a label; then it is taken."""
        stretches = split_at_labels(row)
        bare = implied(row) if len(stretches) == 1 and stretches[0].label is None else None
        if bare is not None and not (bare.label is Label.EXTRAS and self._wants_kinds()):
            stretches = (bare,)
        if stretches[0].label is None or (
            isinstance(self._open, Table)
            and stretches[0].label is Label.OVERS
            and not _tells_overs(stretches[0])
        ):
            return False
        if stretches[0].label is Label.WICKETS and has_pair(row):
            # `Wkts: 1/104, 2/153`
            stretches = (replace(stretches[0], label=Label.FALL_OF_WICKETS), *stretches[1:])
        if stretches[0].label is Label.WICKETS and not _tells_overs(stretches[0]):
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
            wicket = has_columns(section.header) and tells_a_wicket(row)
            return (wicket or has_pair(row)) and not _far_below(section, row)
        if section.header.kind is TableKind.BOWLING and _tells_a_dismissal(row):
            return False
        shown = kind_by_figures(row)
        if is_score_title(row) or (shown is not None and shown is not section.header.kind):
            return False
        return not _far_below(section, row)

    def _is_title(self, index: int) -> bool:
        """Whether a row stands right above the head of a table and is none of the table before."""
        following = self._headers[index + 1] if index + 1 < len(self._headers) else None
        if following is None or following.kind is TableKind.FALL:
            return False
        row = self._rows[index]
        if find_opening(row.words) is not None or self._is_last_wicket(row):
            return False
        return (len(numeric_words(row)) < 2 or is_score_title(row)) and not (
            following.kind is TableKind.BOWLING and self._in_running_text()
        )

    def _wants_kinds(self) -> bool:
        """Whether the kinds of extras that follow belong to the line above them."""
        return isinstance(self._open, Line) and _wants_kinds(self._open)

    def _is_last_wicket(self, row: Row) -> bool:
        table = self._open
        if not isinstance(table, Table) or table.header.kind is not TableKind.FALL:
            return False
        wickets = wickets_of_score(row)
        if wickets is not None and wickets <= len(table.rows):
            return False
        return has_columns(table.header) and self._continues(table, row)

    def _in_running_text(self) -> bool:
        return isinstance(self._open, Line)


_CONTINUED = frozenset({Label.DID_NOT_BAT, Label.EXTRAS, Label.FALL_OF_WICKETS, Label.BOWLING})
"""Labels whose text may go on over rows."""


def _tells_a_dismissal(row: Row) -> bool:
    """Whether a row below a bowler's is a batter's; a lone letter behind the numbers is dirt."""
    if not looks_like_batting(row):
        return False
    last = numeric_words(row)[-1]
    return looks_like_batting(
        Row(row.page, tuple(w for w in row.words if w.box.left <= last.box.left))
    )


def _tells_overs(stretch: Labelled) -> bool:
    """Whether `Overs 20` is all that a row says: it is no head of columns then."""
    return len(stretch.words) == 1 and overs_of(stretch.words[0].text) is not None


def _is_no_text(stretch: Labelled) -> bool:
    """Whether `Bowling` has no analyses behind it, and is the head or the title of a table."""
    own = Row(stretch.page, stretch.words)
    return stretch.label is Label.BOWLING and not any(
        one.figures and one.row.words for one in bowlers_in_text(own)
    )


def _names_a_player(row: Row) -> bool:
    """Whether a row is no title, but the last one of a table whose head was not read."""
    named = any(sum(map(str.isalpha, word.text)) > 1 for word in row.words)
    return named and len(numeric_words(row)) >= _NUMBERS_OF_A_ROW


def _is_dirt(row: Row, section: Table | Line) -> bool:
    """A row of one or two characters, which no card has; digits may belong to the row above."""
    is_line = isinstance(section, Line) and section.label is Label.FALL_OF_WICKETS
    if is_line and plain(row.text) in _ENDS_OF_FALL:
        # `Fall of` and `wickets` one below the other, the counting beside them.
        return True
    if len(row.text) > _LONGEST_DIRT:
        return False
    is_fall = isinstance(section, Table) and section.header.kind is TableKind.FALL
    return is_fall or not any(map(str.isdigit, row.text))


def _wants_kinds(line: Line) -> bool:
    """Whether a line gives the sum of the extras alone."""
    if line.label is not Label.EXTRAS or line.rest:
        return False
    return not any(map(str.isalpha, "".join(word.text for word in line.stretch.words)))


def _continues_line(line: Line, row: Row) -> bool:
    if line.label is Label.BOWLING:
        return any(one.figures for one in bowlers_in_text(row))
    text = " ".join(part.text for part in line.rows)
    if line.label is Label.EXTRAS:
        is_open = not line.rest and text.count("(") > text.count(")") and ")" in row.text
        return is_open or (_wants_kinds(line) and tells_kinds(row.text))
    if line.label is Label.DID_NOT_BAT and "," in row.text and not any(map(str.isdigit, row.text)):
        return True
    unfinished = text.rstrip().endswith((",", "-", ";")) or text.count("(") > text.count(")")
    if not text or unfinished:
        return True
    if line.label is Label.FALL_OF_WICKETS:
        if row.text.startswith("("):
            return True
        is_counting = not any(map(str.isalpha, text)) and len(line.rows) == 1
        numbers = not any(map(str.isalpha, row.text))
        return has_pair(row) or numbers or (is_counting and bool(numeric_words(row)))
    return False


def _far_below(table: Table, row: Row) -> bool:
    above = [above for above in (table.header.row, *table.rows) if above is not None]
    if not above or above[-1].page != row.page:
        return False
    if len(above) < _TELL_A_PITCH:
        return row.box.top - above[-1].box.bottom > _FAR_FROM_FEW * above[-1].height
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
        result.extend(headless(run))
        run = []
        if section is not None:
            result.append(section)
    return tuple(result)
