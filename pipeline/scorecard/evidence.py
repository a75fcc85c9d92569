"""What the numbers of a table's rows say for a meaning of its columns.

Meanings are tried by the thousand, and most of them differ in columns that have nothing to do with
one another: every relation between columns is therefore weighed over all rows once, and remembered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

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
        self._known: dict[tuple[Column | None, tuple[Places, ...]], float] = {}

    def weight(self, columns: Sequence[Column]) -> float:
        """How well the rows fit a meaning of each band; more is better, 0 says nothing."""
        places: dict[Column, Places] = {}
        for band, column in enumerate(columns):
            places[column] = (*places.get(column, ()), band)
        related = sum(self._related(relation, places) for relation in _RELATIONS[self._kind])
        pointed = sum(
            self._summed(None, (at,), _point_weight)
            for column, at in places.items()
            if column not in _POINTED[self._kind]
        )
        return related + pointed

    def _related(self, relation: _Relation, places: Mapping[Column, Places]) -> float:
        columns, weigh = relation
        if columns[0] not in places:
            return 0.0
        return self._summed(columns[0], tuple(places.get(c, ()) for c in columns), weigh)

    def _summed(
        self, name: Column | None, places: tuple[Places, ...], weigh: Callable[[_Cells], float]
    ) -> float:
        known = self._known.get((name, places))
        if known is None:
            known = sum(weigh([_last(row, at) for at in places]) for row in self._rows)
            self._known[name, places] = known
        return known


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
