"""Strike rates and economies: whether a printed rate is that of the numbers beside it."""

from decimal import Decimal
from fractions import Fraction

from pipeline.scorecard.overs import Overs

_PLACES = 2
"""Decimal places of most cards."""


def strike_rate_fits(rate: Decimal, runs: int, balls: int) -> bool:
    """Whether so many runs from so many balls give the rate; without a ball it is 0."""
    return _shows(rate, Fraction(100 * runs, balls) if balls else Fraction(0))


def economy_fits(rate: Decimal, runs: int, overs: Overs) -> bool:
    """Whether so many runs in so many overs give the rate; without a ball it is 0."""
    balls = overs.total_balls
    return _shows(rate, Fraction(runs * overs.balls_per_over, balls) if balls else Fraction(0))


def _shows(printed: Decimal, exact: Fraction) -> bool:
    """Whether a printed rate is the exact one, rounded or cut off at one of its own places.

    Cards round half up, half to even, or cut; some round to one place and print two (`9.20`).
    """
    over = exact - Fraction(printed)
    text = str(printed)
    places = len(text.partition(".")[2])
    unit = Fraction(1, 10**places)
    if -unit / 2 <= over < unit:
        return True
    is_padded = places == _PLACES and text.endswith("0")
    return is_padded and abs(over) <= Fraction(1, 20)
