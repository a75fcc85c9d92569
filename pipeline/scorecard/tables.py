"""A table's rows with the meaning of its columns settled."""

from collections.abc import Sequence

from pipeline.ocr.words import Word
from pipeline.scorecard.batting import BattingTable, read_batting
from pipeline.scorecard.bowling import BowlingTable, read_bowling
from pipeline.scorecard.columns import Band, divide, find_bands
from pipeline.scorecard.header import TableKind
from pipeline.scorecard.numbers import digits_of
from pipeline.scorecard.roles import name_bands
from pipeline.scorecard.sections import Table
from pipeline.scorecard.vocabulary import Column


def batting_of(table: Table) -> BattingTable:
    """The batters of a batting table."""
    bands, columns = _columns(table)
    return read_batting(table.header, table.rows, bands, columns)


def bowling_of(table: Table) -> BowlingTable:
    """The bowlers of a bowling table."""
    bands, columns = _columns(table)
    return read_bowling(table.header, table.rows, bands, columns)


def _columns(table: Table) -> tuple[tuple[Band, ...], tuple[Column, ...]]:
    bands = find_bands(table.header, table.rows)
    digits: list[list[str | None]] = []
    for row in table.rows:
        divided = divide(row, bands, table.header)
        digits.append([_digits(words) for words in divided.numbers])
    kind: TableKind = table.header.kind
    return bands, name_bands(kind, bands, digits)


def _digits(words: Sequence[Word]) -> str | None:
    texts = "".join(word.text for word in words)
    return digits_of(texts) if texts else None
