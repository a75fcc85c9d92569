"""One player's name, numbers and dismissal, where they stand on lines of their own.

Cells of two lines beside cells of one, `c SR Taylor` above the row of its batter and `b Watts`
below it, a long name in two lines, a dismissal below a name with the numbers half-way: all of it
stands nearer to the row of its numbers than half the way to the next.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.columns import TableRow

_NEAR: Final = 0.42
"""Distance between the rows of two players within which a text belongs to one of them."""
_FEWEST: Final = 3
"""Rows with numbers that tell how far apart players stand."""
_MARK: Final = 2
"""Letters of a mark beside a name: its first letter in a circle, a sign that unfolds the row."""
_INDENT: Final = 2.5
"""Word heights by which a name may begin further right than the others."""

_Cell = tuple[Word, ...]


def gathered(rows: Sequence[TableRow]) -> tuple[TableRow, ...]:
    """The rows of a table, each with numbers joined by the texts that stand close to it.

    Args:
        rows: top to bottom; those that belong to none stay as they are.
    """
    anchors = [number for number, row in enumerate(rows) if any(row.numbers)]
    if len(anchors) < _FEWEST or any(row.figures for row in rows):
        return tuple(rows)
    pitch = median(
        abs(_middle(rows[after]) - _middle(rows[before])) for before, after in pairwise(anchors)
    )
    near: dict[int, list[int]] = {anchor: [] for anchor in anchors}
    for number, row in enumerate(rows):
        if not any(row.numbers) and row.texts:
            anchor = min(anchors, key=lambda a: abs(_middle(rows[a]) - _middle(row)))
            apart = abs(_middle(rows[anchor]) - _middle(row))
            if apart < _NEAR * pitch and rows[anchor].row.page == row.row.page:
                near[anchor].append(number)
    start = _names_begin([[rows[n] for n in (anchor, *near[anchor])] for anchor in anchors])
    groups = {anchor: _his(rows, anchor, near[anchor], start) for anchor in anchors}
    taken = {number for group in groups.values() for number in group}
    return tuple(
        _joined([rows[n] for n in sorted((number, *groups[number]))], row, start)
        if groups.get(number)
        else row
        for number, row in enumerate(rows)
        if number not in taken
    )


def _his(rows: Sequence[TableRow], anchor: int, near: Sequence[int], start: float) -> list[int]:
    """Which texts near a row of numbers are the player's.

    Below a row with its own name, texts are left alone: `batting` knows what follows a name.
    """
    edge = _edge(rows[anchor], start)
    if not _has_name(rows[anchor], edge):
        return list(near)
    beside = [number for number in near if not _has_name(rows[number], edge)]
    return beside if any(number < anchor for number in beside) else []


def _has_name(row: TableRow, edge: float) -> bool:
    return any(cell[0].box.left <= edge and _letters(cell) > _MARK for cell in row.texts)


def _edge(row: TableRow, start: float) -> float:
    """Up to where a text begins in the column of names."""
    return start + _INDENT * row.row.height


def _middle(row: TableRow) -> float:
    return row.row.box.middle


def _names_begin(groups: Sequence[Sequence[TableRow]]) -> float:
    """Where the column of names begins, in pixels."""
    lefts = [
        min(cell[0].box.left for cell in cells)
        for group in groups
        if (cells := [cell for row in group for cell in row.texts if _letters(cell) > _MARK])
    ]
    return median(lefts) if lefts else 0.0


def _joined(group: Sequence[TableRow], anchor: TableRow, start: float) -> TableRow:
    """The row of the numbers with all texts of its group: names first, then the dismissal."""
    cells = [cell for row in group for cell in row.texts]
    edge = _edge(anchor, start)
    names = [cell for cell in cells if cell[0].box.left <= edge]
    if any(_letters(cell) > _MARK for cell in names):
        names = [cell for cell in names if _letters(cell) > _MARK or not _is_mark(cell, start)]
    rest = tuple(word for cell in cells if cell[0].box.left > edge for word in cell)
    return replace(anchor, texts=(*names, rest) if rest else tuple(names))


def _is_mark(cell: _Cell, start: float) -> bool:
    """Whether a cell of hardly any letters stands before the names."""
    return len(cell) == 1 and cell[0].box.right < start


def _letters(cell: _Cell) -> int:
    return sum(character.isalpha() for word in cell for character in word.text)
