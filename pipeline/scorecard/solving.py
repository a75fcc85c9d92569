"""Numbers that the equations name for a cell whose ink could not be read."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.ocr.words import Box
from pipeline.scorecard.arithmetic import check_around
from pipeline.scorecard.misreadings import RATES
from pipeline.scorecard.model import Innings
from pipeline.scorecard.overs import SIX_BALL_OVER, Overs
from pipeline.scorecard.pointers import value_at, with_value
from pipeline.scorecard.value import Value


def numbers_for(innings: Innings, cell: str) -> tuple[int, ...]:
    """Whole numbers (for overs: whole overs) that some equation asks for at a cell."""
    if cell.rpartition("/")[2] in RATES:
        return ()
    numbers = {*_from_sums(innings, cell), *_from_rate(innings, cell)}
    return tuple(sorted(number for number in numbers if number >= 0))


def _from_sums(innings: Innings, cell: str) -> Iterator[int]:
    """What a sum is apart with nothing in the cell."""
    is_overs = cell.endswith("/overs")
    nothing: Value[object] = Value(Overs(0) if is_overs else 0, "", 0, Box(0, 0, 0, 0), 0.0)
    for one in check_around(with_value(innings, cell, nothing), cell):
        if one.pins and cell in one.cells and one.left.isdigit() and one.right.isdigit():
            apart = abs(int(one.left) - int(one.right))
            if not is_overs:
                yield apart
            elif apart % SIX_BALL_OVER == 0:
                yield apart // SIX_BALL_OVER


def _from_rate(innings: Innings, cell: str) -> Iterator[int]:
    """Runs or balls of a row that give its strike rate or economy."""
    row, _, field = cell.rpartition("/")
    if row.startswith("batting/"):
        rate = _number(innings, f"{row}/strike_rate")
        runs, balls = _number(innings, f"{row}/runs"), _number(innings, f"{row}/balls")
        if field == "runs" and rate is not None and balls is not None:
            yield from _near(rate * balls / 100)
        elif field == "balls" and rate and runs is not None:
            yield from _near(100 * runs / rate)
    elif row.startswith("bowling/"):
        rate = _number(innings, f"{row}/economy")
        runs, overs = _number(innings, f"{row}/runs"), _number(innings, f"{row}/overs")
        if field == "runs" and rate is not None and overs is not None:
            yield from _near(rate * overs)
        elif field == "overs" and rate and runs is not None:
            yield from _near(runs / rate)


def _near(number: Decimal) -> Iterator[int]:
    yield from range(int(number) - 1, int(number) + 3)


def _number(innings: Innings, cell: str) -> Decimal | None:
    value = value_at(innings, cell)
    number = value.value if value is not None else None
    if isinstance(number, Overs):
        return Decimal(number.total_balls) / number.balls_per_over
    return Decimal(number) if isinstance(number, int | Decimal) else None
