"""The bowling table: one row a bowler."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.scorecard.cells import marked_columns, number_cells
from pipeline.scorecard.columns import TableRow
from pipeline.scorecard.gathering import gathered
from pipeline.scorecard.model import Bowling, Unread
from pipeline.scorecard.names import name_of
from pipeline.scorecard.vocabulary import Column

_COLUMNS = frozenset(
    {
        Column.OVERS,
        Column.MAIDENS,
        Column.RUNS,
        Column.WICKETS,
        Column.NO_BALLS,
        Column.WIDES,
        Column.ECONOMY,
    }
)
_EXTRAS = frozenset({Column.WIDES, Column.NO_BALLS})


@dataclass(frozen=True, slots=True)
class BowlingTable:
    """What a bowling table holds."""

    bowlers: tuple[Bowling, ...]
    unread: tuple[Unread, ...]
    marked: frozenset[Column] = frozenset()
    """Columns of `marked_columns`."""


def read_bowling(rows: Sequence[TableRow], columns: Sequence[Column]) -> BowlingTable:
    """Bowlers from the rows of a table; a row without a number or a name is none.

    Args:
        rows: the rows below the head.
        columns: what each of their bands holds.
    """
    bowlers: list[Bowling] = []
    unread: list[Unread] = []
    for table_row in gathered(rows):
        name = name_of([word for cell in table_row.texts for word in cell], table_row.row.page)
        if name is None or not table_row.numeric:
            continue
        cells = number_cells(table_row, columns, _COLUMNS)
        unread.extend(
            Unread(f"bowling/{len(bowlers)}/{column}", ink) for column, ink in cells.unread
        )
        bowlers.append(
            Bowling(
                name,
                overs=cells.overs,
                maidens=cells.integers.get(Column.MAIDENS),
                runs=cells.integers.get(Column.RUNS),
                wickets=cells.integers.get(Column.WICKETS),
                no_balls=cells.integers.get(Column.NO_BALLS),
                wides=cells.integers.get(Column.WIDES),
                economy=cells.rates.get(Column.ECONOMY),
            )
        )
    marked = marked_columns(rows, columns, _EXTRAS)
    return BowlingTable(tuple(bowlers), tuple(unread), marked)
