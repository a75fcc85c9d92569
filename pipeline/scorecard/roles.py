"""What numeric columns without a head hold: from order, form and arithmetic.

Every way to give the columns meanings is weighed: strike rates and economies that recompute weigh
most, then the form of the numbers (a decimal point is a rate), then the usual order.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.scorecard.bands import Band
from pipeline.scorecard.evidence import COLUMNS, Evidence, Meanings
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
_TELLING: Final = frozenset({Column.RUNS, *_SELDOM, *(c for pair in _RATES_OF for c in pair)})
"""Columns whose presence says how usual a meaning is."""
_RANKS: Final = {
    kind: np.array([usual.index(c) if c in usual else -1 for c in COLUMNS], np.int64)
    for kind, usual in _USUAL.items()
}
"""Place of each of `COLUMNS` in the usual order; -1: it has none."""
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
    best = tuple(column or Column.OTHER for column in named)
    if kind not in _USUAL or (None not in named and not _never_fits(kind, best, rows)):
        return best
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
    bands = unnamed[:_MOST_UNNAMED]
    meanings = _meanings(kind, named, bands)
    heads = np.array([[COLUMNS.index(column or Column.OTHER) for column in named]])
    ordered = not unnamed or not _inversions(_RANKS[kind][heads]).any()
    weights = _usual_weights(kind, meanings, ordered=ordered) + evidence.weights(meanings, bands)
    best = int(np.argmax(weights))
    return tuple(COLUMNS[number] for number in meanings[best]), float(weights[best])


def _meanings(kind: TableKind, named: Sequence[Column | None], bands: Sequence[int]) -> Meanings:
    """Every way to give these bands the columns that no head names, the usual order first."""
    free = np.array([COLUMNS.index(c) for c in _USUAL[kind] if c not in named], np.int64)
    count = min(len(bands), len(free))
    orders = _orders(len(free), count)
    places = list(combinations(bands, count))
    known = [COLUMNS.index(column or Column.OTHER) for column in named]
    meanings = np.tile(np.array(known, np.int64), (len(places), len(orders), 1))
    for ways, place in zip(meanings, places, strict=True):
        ways[:, place] = free[orders]
    return meanings.reshape(len(places) * len(orders), len(named))


@lru_cache
def _orders(columns: int, count: int) -> NDArray[np.int64]:
    """(orders, count): every order of so many of the columns' numbers."""
    return np.array(list(permutations(range(columns), count)), np.int64)


def _never_fits(
    kind: TableKind, columns: Sequence[Column], rows: Sequence[Sequence[str | None]]
) -> bool:
    """Whether the table shows rates and hardly one of them is that of its row."""
    rate = Column.STRIKE_RATE if kind is TableKind.BATTING else Column.ECONOMY
    at = [band for band, column in enumerate(columns) if column is rate]
    rated = [row for row in rows if any(row[band] is not None for band in at)]
    fitting = sum(Evidence(kind, [row]).weight(columns) > 0 for row in rated)
    return len(rated) >= _ENOUGH and fitting <= 1


def _usual_weights(kind: TableKind, meanings: Meanings, *, ordered: bool) -> NDArray[np.float64]:
    """How usual columns and their order are; `ordered`: the card follows the usual order."""
    ranks = _RANKS[kind][meanings]
    shown = {column: (meanings == COLUMNS.index(column)).any(axis=1) for column in _TELLING}
    missing = (~shown[Column.RUNS]).astype(np.int64)
    for rate, other in _RATES_OF:
        missing += shown[rate] & ~shown[other]
    inversions = _inversions(ranks) if ordered else 0
    weights: NDArray[np.float64] = (
        _UNLIKELY * missing
        - 0.4 * inversions
        - 0.3 * sum(shown[column].astype(np.int64) for column in _SELDOM)
        - 0.05 * np.where(ranks < 0, 0, ranks).sum(axis=1)
    )
    return weights


def _inversions(ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of columns that stand the other way round than on most cards, of each meaning."""
    before, behind = ranks[:, :, None], ranks[:, None, :]
    turned = (behind >= 0) & (before > behind)
    inversions: NDArray[np.int64] = np.triu(turned, 1).sum(axis=(1, 2))
    return inversions
