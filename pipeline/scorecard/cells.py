"""The numbers of a table row, each with its meaning and type."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.ocr.words import Word
from pipeline.scorecard.columns import TableRow
from pipeline.scorecard.numbers import cell_value, decimal_of, digits_of, integer_of, overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.value import Value, value_of
from pipeline.scorecard.vocabulary import Column

_RATES = frozenset({Column.STRIKE_RATE, Column.ECONOMY})


@dataclass(frozen=True, slots=True)
class NumberCells:
    """Numbers of one row by column; ink that is no number beside them."""

    integers: dict[Column, Value[int]] = field(default_factory=dict)
    rates: dict[Column, Value[Decimal]] = field(default_factory=dict)
    overs: Value[Overs] | None = None
    unread: tuple[tuple[Column, Value[None]], ...] = ()


def number_cells(
    row: TableRow | None, columns: Sequence[Column], wanted: frozenset[Column]
) -> NumberCells:
    """The row's numbers.

    Args:
        row: None where the row holds no number.
        columns: what each band of the table holds.
        wanted: the columns that the model has a place for.
    """
    if row is None:
        return NumberCells()
    integers: dict[Column, Value[int]] = {}
    rates: dict[Column, Value[Decimal]] = {}
    overs: Value[Overs] | None = None
    unread: list[tuple[Column, Value[None]]] = []
    page = row.row.page
    for column, words in zip(columns, row.numbers, strict=True):
        if column not in wanted or not words:
            continue
        read: Value[int] | Value[Decimal] | Value[Overs] | None
        if column in _RATES:
            read = rate = cell_value(words, page, decimal_of)
            if rate is not None:
                rates[column] = rate
        elif column in (Column.OVERS, Column.OVER):
            read = overs = _overs(words, page)
        else:
            read = integer = cell_value(words, page, integer_of)
            if integer is not None:
                integers[column] = integer
        if read is None:
            unread.append((column, value_of(None, page, words)))
    figures = row.figures
    return NumberCells(
        {**integers, **figures.integers},
        {**rates, **figures.rates},
        figures.overs or overs,
        tuple((column, ink) for column, ink in unread if column not in figures.columns),
    )


def marked_columns(
    rows: Sequence[TableRow], columns: Sequence[Column], optional: frozenset[Column]
) -> frozenset[Column]:
    """Those optional columns that stand behind words of their own (`4x4`, `2w`) and in no column.

    None at all where digits are left among a row's words: one of them may have been such a number.
    """
    words = (word for row in rows if row.figures for cell in row.texts for word in cell)
    if any(character.isdigit() for word in words for character in word.text):
        return frozenset()
    found = {column for row in rows for column in row.figures.columns}
    return (optional & found) - set(columns)


def _overs(words: tuple[Word, ...], page: int) -> Value[Overs] | None:
    """Overs of a cell; a wide pitch parts `2.2` at its point, and the point is lost."""
    parted = [digits_of(word.text) for word in words]
    if len(parted) == 2 and all(part is not None and part.isdigit() for part in parted):
        overs = overs_of(f"{parted[0]}.{parted[1]}")
        if overs is not None:
            return value_of(overs, page, words)
    return cell_value(words, page, overs_of)
