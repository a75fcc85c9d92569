import pytest

from pipeline.ocr.engines import open_engine
from pipeline.ocr.looks import LookCost, Looks
from pipeline.ocr.reading import read_layout
from pipeline.options import Look
from tests.unit.ocr.test_reading import layout_of


def test_pictures_and_time_of_a_look_add_up() -> None:
    looks = Looks()
    for pictures in (2, 3):
        with looks.spending(Look.CLOSER, pictures):
            sum(range(10_000))
    assert looks.costs.keys() == {Look.CLOSER}
    assert looks.costs[Look.CLOSER].pictures == 5
    assert looks.costs[Look.CLOSER].cpu_seconds > 0


def test_a_look_that_fails_has_cost_something_too() -> None:
    looks = Looks()
    with pytest.raises(ZeroDivisionError), looks.spending(Look.CLOSER, 1):
        1 / 0  # noqa: B018  (what a look raises)
    assert looks.costs[Look.CLOSER].pictures == 1


def test_looks_that_are_not_allowed_are_not_taken() -> None:
    layout = layout_of("1-23 2-41 3-118")
    engine = open_engine("auto", "eng")
    looks = Looks(frozenset())
    words = read_layout(engine, layout, looks)
    assert words
    assert looks.costs == {}
    everything = Looks()
    read_layout(engine, layout, everything)
    assert everything.costs[Look.LINE_OF_DIGITS].pictures == 1
    assert everything.costs[Look.OPINION] != LookCost()
