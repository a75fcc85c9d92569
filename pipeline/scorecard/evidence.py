"""What the numbers of a table's rows say for a meaning of its columns.

Meanings are tried by the thousand, and most of them differ in columns that have nothing to do with
one another: every relation between columns is therefore weighed once for each of their places.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.scorecard.header import TableKind
from pipeline.scorecard.numbers import decimal_of, overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.rates import economy_fits, strike_rate_fits
from pipeline.scorecard.vocabulary import Column

_MOST_WICKETS: Final = 10
_POINTED: Final = {
    TableKind.BATTING: frozenset({Column.STRIKE_RATE, Column.OTHER}),
    TableKind.BOWLING: frozenset({Column.ECONOMY, Column.OVERS}),
}
"""Columns in which a point says nothing against the meaning."""

COLUMNS: Final = tuple(Column)
"""Columns by their numbers in `Meanings`."""

Meanings = NDArray[np.int64]
"""(meanings, bands) numbers of columns in `COLUMNS`."""

Places = tuple[int, ...]
"""Numbers of the bands that hold a column; two where its figures stand beside it as well."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One number of a row, in each way that a column may mean it."""

    has_point: bool
    whole: int | None
    rate: Decimal | None
    overs: Overs | None

    @classmethod
    def of(cls, digits: str) -> "_Cell":
        return cls(
            "." in digits,
            int(digits) if digits.isdigit() else None,
            decimal_of(digits),
            overs_of(digits),
        )


_Cells = Sequence[_Cell | None]
"""The cells that a relation is between, in one row; None where there is no number."""
_Relation = tuple[tuple[Column, ...], Callable[[_Cells], float]]


class Evidence:
    """The rows of one table."""

    def __init__(self, kind: TableKind, rows: Sequence[Sequence[str | None]]) -> None:
        self._kind = kind
        self._rows = [[_Cell.of(text) if text is not None else None for text in r] for r in rows]

    def weight(self, columns: Sequence[Column]) -> float:
        """How well the rows fit a meaning of each band; more is better, 0 says nothing."""
        return sum(
            self._summed(relation, columns) for relation in self._relations(frozenset(columns))
        )

    def weights(self, meanings: Meanings, open_bands: Sequence[int]) -> NDArray[np.float64]:
        """How well the rows fit each of many meanings.

        Args:
            meanings: those to be weighed.
            open_bands: the few bands in which they differ.

        Returns:
            (meanings,) weights, as `weight` gives them.
        """
        shown = frozenset(COLUMNS[number] for number in np.unique(meanings))
        weights = np.zeros(len(meanings))
        for relation in self._relations(shown):
            alike = _alike(meanings[:, open_bands], relation[0])
            _, firsts, which = np.unique(alike, return_index=True, return_inverse=True)
            columns = ([COLUMNS[number] for number in meanings[first]] for first in firsts)
            weights += np.array([self._summed(relation, each) for each in columns])[which]
        return weights

    def _relations(self, columns: Collection[Column]) -> Iterator[_Relation]:
        """What columns tell of one another, and what a point tells in each."""
        for relation in _RELATIONS[self._kind]:
            if relation[0][0] in columns:
                yield relation
        for column in columns:
            if column not in _POINTED[self._kind]:
                yield (column,), _point_weight

    def _summed(self, relation: _Relation, columns: Sequence[Column]) -> float:
        """What all rows say together; nothing without the relation's first column."""
        related, weigh = relation
        places = [_places(columns, column) for column in related]
        if not places[0]:
            return 0.0
        return sum(weigh([_last(row, at) for at in places]) for row in self._rows)


def _alike(meanings: Meanings, columns: Sequence[Column]) -> NDArray[np.int64]:
    """For each meaning a number that it shares with those that have these columns where it has."""
    bits = 1 << np.arange(meanings.shape[1])
    alike = np.zeros(len(meanings), np.int64)
    for column in columns:
        alike = (alike << len(bits)) + (meanings == COLUMNS.index(column)) @ bits
    return alike


def _places(columns: Sequence[Column], column: Column) -> Places:
    return tuple(band for band, other in enumerate(columns) if other is column)


def _last(row: _Cells, places: Places) -> _Cell | None:
    return next((cell for place in reversed(places) if (cell := row[place]) is not None), None)


def _point_weight(cells: _Cells) -> float:
    """A point stands in a rate and in overs, nowhere else."""
    (cell,) = cells
    return -1.0 if cell is not None and cell.has_point else 0.0


def _strike_rate_weight(cells: _Cells) -> float:
    rate, runs, balls = cells
    if rate is None or rate.rate is None or runs is None or balls is None:
        return 0.0
    if runs.whole is None or balls.whole is None:
        return 0.0
    fits = strike_rate_fits(rate.rate, runs.whole, balls.whole)
    return _rate_weight(rate, fits=fits)


def _boundary_weight(cells: _Cells) -> float:
    runs, fours, sixes = (cell.whole if cell is not None else None for cell in cells)
    too_many = runs is not None and 4 * (fours or 0) + 6 * (sixes or 0) > runs
    return -1.0 if too_many else 0.0


def _minutes_weight(cells: _Cells) -> float:
    """Hardly anyone faces a ball in no time."""
    minutes, balls = (cell.whole if cell is not None else None for cell in cells)
    return -1.0 if minutes == 0 and balls else 0.0


def _overs_weight(cells: _Cells) -> float:
    (cell,) = cells
    return -1.0 if cell is not None and cell.overs is None else 0.0


def _economy_weight(cells: _Cells) -> float:
    rate, runs, overs = cells
    if rate is None or rate.rate is None or runs is None or overs is None:
        return 0.0
    if runs.whole is None or overs.overs is None:
        return 0.0
    return _rate_weight(rate, fits=economy_fits(rate.rate, runs.whole, overs.overs))


def _maidens_weight(cells: _Cells) -> float:
    maidens, overs = cells
    if maidens is None or maidens.whole is None or overs is None or overs.overs is None:
        return 0.0
    return -1.0 if maidens.whole > overs.overs.completed else 0.0


def _wickets_weight(cells: _Cells) -> float:
    (cell,) = cells
    too_many = cell is not None and cell.whole is not None and cell.whole > _MOST_WICKETS
    return -1.0 if too_many else 0.0


def _rate_weight(rate: _Cell, *, fits: bool) -> float:
    """A rate without a point fits too easily to say anything."""
    if not rate.has_point:
        return -1.0
    return 2.0 if fits else -1.0


_RELATIONS: Final[Mapping[TableKind, tuple[_Relation, ...]]] = {
    TableKind.BATTING: (
        ((Column.STRIKE_RATE, Column.RUNS, Column.BALLS), _strike_rate_weight),
        ((Column.RUNS, Column.FOURS, Column.SIXES), _boundary_weight),
        ((Column.MINUTES, Column.BALLS), _minutes_weight),
    ),
    TableKind.BOWLING: (
        ((Column.OVERS,), _overs_weight),
        ((Column.ECONOMY, Column.RUNS, Column.OVERS), _economy_weight),
        ((Column.MAIDENS, Column.OVERS), _maidens_weight),
        ((Column.WICKETS,), _wickets_weight),
    ),
}
"""Columns that tell of one another, each relation under a first column of its own."""
