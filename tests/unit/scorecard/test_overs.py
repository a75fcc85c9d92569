import pytest

from pipeline.scorecard.overs import Overs


@pytest.mark.parametrize(
    ("text", "balls"), [("12.4", 76), ("20", 120), ("0.3", 3), ("3.0", 18), ("46.6", 282)]
)
def test_overs_are_balls(text: str, balls: int) -> None:
    assert Overs.parse(text).total_balls == balls


@pytest.mark.parametrize("text", ["12.4", "20", "3.0", "46.6", "0.1"])
def test_overs_are_printed_as_they_were_read(text: str) -> None:
    assert str(Overs.parse(text)) == text


@pytest.mark.parametrize("text", ["12.7", "", "x", "-1", "1.23", "12.4.1", "1e3"])
def test_what_is_no_number_of_overs_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="over"):
        Overs.parse(text)


def test_an_over_may_have_eight_balls() -> None:
    assert Overs.parse("2.7", balls_per_over=8).total_balls == 23


@pytest.mark.parametrize(("balls", "text"), [(76, "12.4"), (120, "20"), (0, "0")])
def test_balls_are_overs(balls: int, text: str) -> None:
    assert str(Overs.from_balls(balls)) == text
