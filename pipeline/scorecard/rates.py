"""Strike rates and economies: whether a printed rate is that of the numbers beside it."""

from decimal import Decimal

from pipeline.scorecard.overs import Overs

_PLACES = 2
"""Decimal places of most cards."""
_HALF_OF_ONE_PLACE = 5
"""Half of the first decimal place, in units of the second."""


def strike_rate_fits(rate: Decimal, runs: int, balls: int) -> bool:
    """Whether so many runs from so many balls give the rate; without a ball it is 0."""
    return _shows(rate, 100 * runs, balls) if balls else rate == 0


def economy_fits(rate: Decimal, runs: int, overs: Overs) -> bool:
    """Whether so many runs in so many overs give the rate; without a ball it is 0."""
    balls = overs.total_balls
    return _shows(rate, runs * overs.balls_per_over, balls) if balls else rate == 0


def _shows(printed: Decimal, numerator: int, denominator: int) -> bool:
    """Whether a printed rate is a fraction, rounded or cut off at one of its own places.

    Cards round half up, half to even, or cut; some round to one place and print two (`9.20`).
    Whole numbers throughout: this is asked many thousand times a card.
    """
    exponent = printed.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    units = int(printed.scaleb(places))
    # How far the fraction lies above the printed rate, in its last place, times the denominator.
    over = numerator * 10**places - units * denominator
    if -denominator <= 2 * over < 2 * denominator:
        return True
    is_padded = places == _PLACES and units % 10 == 0
    return is_padded and abs(over) <= _HALF_OF_ONE_PLACE * denominator
