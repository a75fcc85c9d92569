"""What numeric columns without a head hold: from order, form and arithmetic.

Every way to give the columns meanings is weighed: strike rates and economies that recompute weigh
most, then the form of the numbers (a decimal point is a rate), then the usual order.
"""

from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Final

from pipeline.scorecard.bands import Band
from pipeline.scorecard.evidence import Evidence
from pipeline.scorecard.header import TableKind
from pipeline.scorecard.vocabulary import Column

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
_UNLIKELY: Final = -4.0
"""What speaks against a table without a column that all have: some misread numbers are likelier."""
_RATES_OF: Final = ((Column.STRIKE_RATE, Column.BALLS), (Column.ECONOMY, Column.OVERS))
"""Rates, each with what it is a rate of."""
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
    if kind not in _USUAL:
        return tuple(column or Column.OTHER for column in named)
    evidence = Evidence(kind, rows)
    best, weight = _best(kind, named, evidence)
    # A head may be misread too: `R` as `w`. The rates know better where they never fit.
    if _never_fits(kind, best, rows):
        other, other_weight = _best(kind, [None] * len(named), evidence)
        if other_weight > weight + len(rows):
            return other
    return best


def _best(
    kind: TableKind, named: Sequence[Column | None], evidence: Evidence
) -> tuple[tuple[Column, ...], float]:
    """The likeliest meaning of each band that has none yet, and its weight."""
    unnamed = [index for index, column in enumerate(named) if column is None]
    free = [column for column in _USUAL[kind] if column not in named]
    best = tuple(column or Column.OTHER for column in named)
    best_weight = float("-inf")
    if not unnamed:
        return best, _usual_weight(kind, best) + evidence.weight(best)
    ordered = _inversions(kind, named) == 0
    count = min(len(unnamed), len(free), _MOST_UNNAMED)
    for places in combinations(unnamed[:_MOST_UNNAMED], count):
        for columns in permutations(free, count):
            trial = [column or Column.OTHER for column in named]
            for place, column in zip(places, columns, strict=True):
                trial[place] = column
            weight = _usual_weight(kind, trial, ordered=ordered) + evidence.weight(trial)
            if weight > best_weight:
                best, best_weight = tuple(trial), weight
    return best, best_weight


def _never_fits(
    kind: TableKind, columns: Sequence[Column], rows: Sequence[Sequence[str | None]]
) -> bool:
    """Whether the table shows rates and hardly one of them is that of its row."""
    rate = Column.STRIKE_RATE if kind is TableKind.BATTING else Column.ECONOMY
    at = [band for band, column in enumerate(columns) if column is rate]
    rated = [row for row in rows if any(row[band] is not None for band in at)]
    fitting = sum(Evidence(kind, [row]).weight(columns) > 0 for row in rated)
    return len(rated) >= _ENOUGH and fitting <= 1


def _usual_weight(kind: TableKind, trial: Sequence[Column], *, ordered: bool = True) -> float:
    """How usual columns and their order are; `ordered`: the card follows the usual order."""
    usual = _USUAL[kind]
    order = [usual.index(column) for column in trial if column in usual]
    inversions = _inversions(kind, trial) if ordered else 0
    missing = [other for rate, other in _RATES_OF if rate in trial and other not in trial]
    if Column.RUNS not in trial:
        missing.append(Column.RUNS)
    return (
        _UNLIKELY * len(missing)
        - 0.4 * inversions
        - 0.3 * len(_SELDOM.intersection(trial))
        - 0.05 * sum(order)
    )


def _inversions(kind: TableKind, columns: Sequence[Column | None]) -> int:
    """Pairs of columns that stand the other way round than on most cards."""
    usual = _USUAL[kind]
    order = [usual.index(column) for column in columns if column in usual]
    return sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
