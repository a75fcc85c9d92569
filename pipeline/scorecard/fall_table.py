"""The fall of wickets as a table with a column for each part: `Wkt  Score  Player  Over`."""

from collections.abc import Sequence
from typing import Final

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.header import Header, Heading
from pipeline.scorecard.model import FallOfWicket
from pipeline.scorecard.names import name_of
from pipeline.scorecard.numbers import integer_of, is_plainly_numeric, overs_of
from pipeline.scorecard.rows import Row
from pipeline.scorecard.value import Value, value_of
from pipeline.scorecard.vocabulary import Column

_SCORES: Final = frozenset({Column.SCORE, Column.RUNS})
_OVERS: Final = frozenset({Column.OVER, Column.OVERS})
_TEXTS: Final = frozenset({Column.NAME, Column.HOW_OUT, Column.BOWLER})
_MOST_WICKETS: Final = 10
_NUMBERS: Final = 2


def has_columns(header: Header) -> bool:
    """Whether the head gives the wicket and its score a column each."""
    return header.named(Column.WICKETS) is not None and any(
        header.named(column) is not None for column in _SCORES
    )


def tells_a_wicket(row: Row) -> bool:
    """Whether a row can be one of such a table: the wicket's number and the score are there."""
    return sum(is_plainly_numeric(word.text.rstrip(".")) for word in row.words) >= _NUMBERS


def read_fall_table(header: Header, rows: Sequence[Row]) -> tuple[FallOfWicket, ...]:
    """The wickets of a table's rows; rows without wicket and score are left out.

    Args:
        header: one that `has_columns`.
        rows: those below it.
    """
    numeric = [heading for heading in header.headings if heading.column not in _TEXTS]
    found = []
    for row in rows:
        fall = _fall(row, numeric)
        if fall is not None:
            found.append(fall)
    return tuple(found)


def _fall(row: Row, headings: Sequence[Heading]) -> FallOfWicket | None:
    cells = _in_order(row, headings) or _below(row, headings)
    wicket = _integer(row.page, cells.get(Column.WICKETS))
    runs = _integer(row.page, next((cells[c] for c in _SCORES if c in cells), None))
    if wicket is None or runs is None or not 1 <= wicket.value <= _MOST_WICKETS:
        return None
    over = next((cells[column] for column in _OVERS if column in cells), None)
    overs = overs_of(over.text) if over is not None else None
    return FallOfWicket(
        wicket,
        runs,
        name_of([word for word in row.words if any(map(str.isalpha, word.text))], row.page),
        value_of(overs, row.page, [over]) if over is not None and overs is not None else None,
    )


def _in_order(row: Row, headings: Sequence[Heading]) -> dict[Column, Word]:
    """The numbers of a row that has as many as there are heads for numbers; else none."""
    numbers = [word for word in row.words if integer_of(word.text) is not None or _is_over(word)]
    if len(numbers) != len(headings):
        return {}
    heads = sorted(headings, key=lambda heading: heading.box.left)
    return {heading.column: word for heading, word in zip(heads, numbers, strict=True)}


def _is_over(word: Word) -> bool:
    return is_plainly_numeric(word.text) and overs_of(word.text) is not None


def _below(row: Row, headings: Sequence[Heading]) -> dict[Column, Word]:
    """The number nearest below each head."""
    cells: dict[Column, Word] = {}
    for heading in headings:
        near = [word for word in row.words if _is_under(word, heading, headings)]
        if near:
            cells[heading.column] = min(near, key=lambda word: _apart(word.box, heading.box))
    return cells


def _is_under(word: Word, heading: Heading, headings: Sequence[Heading]) -> bool:
    """Whether a number stands nearest to this head of all, and not far beside it."""
    if not any(map(str.isdigit, word.text)):
        return False
    nearest = min(headings, key=lambda other: _apart(word.box, other.box))
    reach = 2 * word.box.height + max(word.box.width, heading.box.width)
    return nearest is heading and _apart(word.box, heading.box) <= reach


def _apart(one: Box, other: Box) -> float:
    """Pixels between the middles of two boxes, or between their right edges if that is less."""
    middles = abs(one.left + one.right - other.left - other.right) / 2
    return min(middles, abs(one.right - other.right))


def _integer(page: int, word: Word | None) -> Value[int] | None:
    number = integer_of(word.text) if word is not None else None
    return value_of(number, page, [word]) if word is not None and number is not None else None
