"""What numeric columns without a head hold: from order, form and arithmetic.

Every way to give the columns meanings is weighed: strike rates and economies that recompute weigh
most, then the form of the numbers (a decimal point is a rate), then the usual order.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations, permutations
from typing import Final

from pipeline.scorecard.columns import Band
from pipeline.scorecard.header import TableKind
from pipeline.scorecard.numbers import decimal_of, overs_of
from pipeline.scorecard.rates import economy_fits, strike_rate_fits
from pipeline.scorecard.vocabulary import Column

Numbers = Mapping[Column, str]
"""The digits of one row, by meaning."""

_USUAL: Final = {
    TableKind.BATTING: (
        Column.RUNS,
        Column.BALLS,
        Column.MINUTES,
        Column.FOURS,
        Column.SIXES,
        Column.STRIKE_RATE,
    ),
    TableKind.BOWLING: (
        Column.OVERS,
        Column.MAIDENS,
        Column.RUNS,
        Column.WICKETS,
        Column.WIDES,
        Column.NO_BALLS,
        Column.ECONOMY,
    ),
}
_SELDOM: Final = frozenset({Column.MINUTES, Column.WIDES, Column.NO_BALLS})
_MOST_UNNAMED: Final = 5
_ENOUGH: Final = 3
"""Rows with a rate that can tell a misread head."""


def name_bands(
    kind: TableKind, bands: Sequence[Band], rows: Sequence[Sequence[str | None]]
) -> tuple[Column, ...]:
    """The meaning of each band.

    Args:
        kind: batting or bowling.
        bands: the columns; those with a head keep its meaning.
        rows: for every row of the table the digits in each band, None where there are none.
    """
    named = [band.column for band in bands]
    best, weight = _best(kind, named, rows)
    # A head may be misread too: `R` as `w`. The rates know better where they never fit.
    if _never_fits(kind, best, rows):
        other, other_weight = _best(kind, [None] * len(named), rows)
        if other_weight > weight + len(rows):
            return other
    return best


def _best(
    kind: TableKind, named: Sequence[Column | None], rows: Sequence[Sequence[str | None]]
) -> tuple[tuple[Column, ...], float]:
    """The likeliest meaning of each band that has none yet, and its weight."""
    unnamed = [index for index, column in enumerate(named) if column is None]
    free = [column for column in _USUAL.get(kind, ()) if column not in named]
    best = tuple(column or Column.OTHER for column in named)
    if kind not in _USUAL:
        return best, 0.0
    best_weight = _weight(kind, best, rows) if not unnamed else float("-inf")
    ordered = _inversions(kind, named) == 0
    count = min(len(unnamed), len(free), _MOST_UNNAMED)
    for places in combinations(unnamed[:_MOST_UNNAMED], count) if unnamed else ():
        for columns in permutations(free, count):
            trial = [column or Column.OTHER for column in named]
            for place, column in zip(places, columns, strict=True):
                trial[place] = column
            weight = _weight(kind, trial, rows, ordered=ordered)
            if weight > best_weight:
                best, best_weight = tuple(trial), weight
    return best, best_weight


def _never_fits(
    kind: TableKind, columns: Sequence[Column], rows: Sequence[Sequence[str | None]]
) -> bool:
    """Whether the table shows rates and hardly one of them is that of its row."""
    weigh = _batting_row if kind is TableKind.BATTING else _bowling_row
    rate = Column.STRIKE_RATE if kind is TableKind.BATTING else Column.ECONOMY
    rated = [numbers for row in rows if rate in (numbers := _numbers(columns, row))]
    return len(rated) >= _ENOUGH and sum(weigh(numbers) > 0 for numbers in rated) <= 1


def _numbers(columns: Sequence[Column], row: Sequence[str | None]) -> dict[Column, str]:
    return {
        column: digits for column, digits in zip(columns, row, strict=True) if digits is not None
    }


def _weight(
    kind: TableKind,
    trial: Sequence[Column],
    rows: Sequence[Sequence[str | None]],
    *,
    ordered: bool = True,
) -> float:
    """How likely a meaning of the columns is; `ordered`: the card follows the usual order."""
    usual = _USUAL[kind]
    order = [usual.index(column) for column in trial if column in usual]
    inversions = _inversions(kind, trial) if ordered else 0
    weight = -0.4 * inversions - 0.3 * len(_SELDOM.intersection(trial))
    weight -= 0.05 * sum(order)
    for row in rows:
        numbers = _numbers(trial, row)
        batting = kind is TableKind.BATTING
        weight += _batting_row(numbers) if batting else _bowling_row(numbers)
    return weight


def _inversions(kind: TableKind, columns: Sequence[Column | None]) -> int:
    """Pairs of columns that stand the other way round than on most cards."""
    usual = _USUAL.get(kind, ())
    order = [usual.index(column) for column in columns if column in usual]
    return sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])


def _batting_row(numbers: Numbers) -> float:
    weight = -1.0 * sum("." in digits for column, digits in numbers.items() if column not in _RATES)
    rate = _decimal(numbers, Column.STRIKE_RATE)
    runs, balls = _whole(numbers, Column.RUNS), _whole(numbers, Column.BALLS)
    if rate is not None and runs is not None and balls is not None:
        weight += _rate_weight(numbers[Column.STRIKE_RATE], strike_rate_fits(rate, runs, balls))
    fours, sixes = _whole(numbers, Column.FOURS) or 0, _whole(numbers, Column.SIXES) or 0
    if runs is not None and 4 * fours + 6 * sixes > runs:
        weight -= 1.0
    return weight


def _bowling_row(numbers: Numbers) -> float:
    weight = -1.0 * sum(
        "." in digits
        for column, digits in numbers.items()
        if column not in (Column.ECONOMY, Column.OVERS)
    )
    overs = overs_of(numbers.get(Column.OVERS, ""))
    if Column.OVERS in numbers and overs is None:
        weight -= 1.0
    rate, runs = _decimal(numbers, Column.ECONOMY), _whole(numbers, Column.RUNS)
    if rate is not None and overs is not None and runs is not None:
        weight += _rate_weight(numbers[Column.ECONOMY], economy_fits(rate, runs, overs))
    maidens, wickets = _whole(numbers, Column.MAIDENS), _whole(numbers, Column.WICKETS)
    if overs is not None and maidens is not None and maidens > overs.completed:
        weight -= 1.0
    if wickets is not None and wickets > 10:
        weight -= 1.0
    return weight


def _rate_weight(digits: str, fits: bool) -> float:  # noqa: FBT001 - read aloud at its two calls
    """A rate without a point fits too easily to say anything."""
    if "." not in digits:
        return -1.0
    return 2.0 if fits else -1.0


_RATES: Final = frozenset({Column.STRIKE_RATE, Column.OTHER})


def _whole(numbers: Numbers, column: Column) -> int | None:
    digits = numbers.get(column)
    return int(digits) if digits is not None and digits.isdigit() else None


def _decimal(numbers: Numbers, column: Column) -> Decimal | None:
    digits = numbers.get(column)
    return decimal_of(digits) if digits is not None else None
