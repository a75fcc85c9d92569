from decimal import Decimal

import pytest

from pipeline.scorecard.overs import Overs
from pipeline.scorecard.rates import economy_fits, strike_rate_fits


@pytest.mark.parametrize(
    ("rate", "runs", "balls"),
    [
        ("52.99", 195, 368),
        ("116.66", 14, 12),
        ("116.67", 14, 12),
        ("82.3", 14, 17),
        ("82.4", 14, 17),
        ("100", 4, 4),
        ("0.0", 0, 0),
    ],
)
def test_a_strike_rate_fits_rounded_or_cut(rate: str, runs: int, balls: int) -> None:
    assert strike_rate_fits(Decimal(rate), runs, balls)


@pytest.mark.parametrize(
    ("rate", "runs", "balls"), [("52.99", 196, 368), ("116.68", 14, 12), ("1.0", 0, 0)]
)
def test_another_strike_rate_does_not_fit(rate: str, runs: int, balls: int) -> None:
    assert not strike_rate_fits(Decimal(rate), runs, balls)


@pytest.mark.parametrize(
    ("rate", "runs", "overs"),
    [("4.25", 119, "28"), ("3.71", 34, "9.1"), ("9.20", 37, "4"), ("6.2", 25, "4")],
)
def test_an_economy_fits(rate: str, runs: int, overs: str) -> None:
    assert economy_fits(Decimal(rate), runs, Overs.parse(overs))


def test_overs_are_no_decimal_fraction_in_an_economy() -> None:
    assert not economy_fits(Decimal("3.74"), 34, Overs.parse("9.1"))
