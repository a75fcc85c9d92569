"""A table's rows with the meaning of its columns settled."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.ocr.words import Word
from pipeline.scorecard.bands import Band, find_bands, numeric_words
from pipeline.scorecard.batting import BattingTable, read_batting
from pipeline.scorecard.bowling import BowlingTable, read_bowling
from pipeline.scorecard.columns import TableRow, divide
from pipeline.scorecard.figures import (
    Figured,
    batters_in,
    bowlers_in,
    bowlers_in_text,
    marked_extras,
    pointed_bowler_in,
    trailing_runs,
)
from pipeline.scorecard.header import Header
from pipeline.scorecard.numbers import digits_of
from pipeline.scorecard.roles import name_bands
from pipeline.scorecard.rows import Row
from pipeline.scorecard.running import batters_in_text, is_running_text
from pipeline.scorecard.section import Table
from pipeline.scorecard.vocabulary import Column


@dataclass(frozen=True, slots=True)
class _Columned:
    """A table's rows, and what each band of them holds."""

    rows: tuple[TableRow, ...]
    columns: tuple[Column, ...]


class TableReader:
    """Reads the tables of a card, each once: while gutters are tried, most come time and again."""

    def __init__(self) -> None:
        self._batting = cache(_batting_of)
        self._bowling = cache(_bowling_of)

    def batting_of(self, table: Table) -> BattingTable:
        """The batters of a batting table."""
        return self._batting(table.header, tuple(table.rows))

    def bowling_of(self, table: Table) -> BowlingTable:
        """The bowlers of a bowling table."""
        return self._bowling(table.header, tuple(table.rows))


def _batting_of(header: Header, rows: tuple[Row, ...]) -> BattingTable:
    is_text = header.row is None and is_running_text(rows)
    if is_text:
        lines = list(batters_in_text(rows))
    else:
        lines = [line for row in rows for line in batters_in(row)]
    if header.row is None and not is_text:
        is_marked = any(line.figures for line in lines)
        if is_marked or not _bands(header, lines):
            lines = [_with_runs(line, alone=is_marked) for line in lines]
    columned = _columned(header, lines)
    return read_batting(columned.rows, columned.columns)


def _bowling_of(header: Header, rows: tuple[Row, ...]) -> BowlingTable:
    lines = [line for row in rows for line in bowlers_in(row)]
    if header.row is None:
        lines = [line if line.figures else pointed_bowler_in(line.row) or line for line in lines]
    else:
        lines = [line if line.figures else marked_extras(line.row) for line in lines]
    columned = _columned(header, lines)
    return read_bowling(columned.rows, columned.columns)


def bowling_of_text(rows: Sequence[Row]) -> BowlingTable:
    """The bowlers of a running text: `Starc 4-0-23-1; Cummins 4-0-30-2 (2w, 1nb)`."""
    # Text goes on over rows, in the midst of a name too.
    page = rows[0].page
    text = Row(page, tuple(word for row in rows if row.page == page for word in row.words))
    lines = [line for line in bowlers_in_text(text) if line.figures]
    return read_bowling([_without_columns(line) for line in lines], ())


def _with_runs(line: Figured, *, alone: bool) -> Figured:
    """A batter with the number at the end of his row as his runs; `alone`: if it is the only one.

    Beside batters whose boundaries are marked, `15  2x4`, one without has his runs and no more.
    """
    if line.figures or (alone and len(numeric_words(line.row)) != 1):
        return line
    return trailing_runs(line.row)


def _without_columns(line: Figured) -> TableRow:
    return TableRow(line.row, (line.row.words,), (), line.figures)


def _columned(header: Header, lines: Sequence[Figured]) -> _Columned:
    bands = _with_figures(_bands(header, lines), lines)
    rows = tuple(replace(divide(line.row, bands, header), figures=line.figures) for line in lines)
    # Figures take part as columns of their own: they tell what the other columns hold.
    placed = {band.column for band in bands}
    known = sorted({c for line in lines for c in line.figures.columns if c not in placed})
    digits = [
        [
            *(row.figures.text_of(column) for column in known),
            *(_digits(words) for words in row.numbers),
        ]
        for row in rows
    ]
    named = [*(Band(0, 0, column) for column in known), *bands]
    return _Columned(rows, name_bands(header.kind, named, digits)[len(known) :])


def _with_figures(bands: Sequence[Band], lines: Sequence[Figured]) -> tuple[Band, ...]:
    """The bands, with the meaning of the figures that stand in one on other rows.

    `15  2x4` and `1` below it: where there was no boundary, the runs stand in the column alone.
    """
    placed: defaultdict[int, set[Column]] = defaultdict(set)
    for line in lines:
        for column, value in line.figures.integers.items():
            for number, band in enumerate(bands):
                if band.column is None and band.holds(value.box):
                    placed[number].add(column)
    return tuple(
        replace(band, column=next(iter(placed[number]))) if len(placed[number]) == 1 else band
        for number, band in enumerate(bands)
    )


def _bands(header: Header, lines: Sequence[Figured]) -> tuple[Band, ...]:
    rows = [line.row for line in lines if line.row.words]
    bands = find_bands(header, rows)
    if not any(line.figures for line in lines):
        return bands
    # A head over figures, `R (B)`, has no column below it.
    numbers = [word.box for row in rows for word in numeric_words(row)]
    return tuple(band for band in bands if any(map(band.holds, numbers)))


def _digits(words: Sequence[Word]) -> str | None:
    texts = "".join(word.text for word in words)
    return digits_of(texts) if texts else None
