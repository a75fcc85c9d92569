import pytest

from benchmarks.lines import at_least, at_most, over_rounds, percentile, ratio


def test_a_figure_is_the_median_of_its_rounds_with_the_least_and_the_most() -> None:
    line = over_rounds("rate", [3, 1, 2, 9, 2.5], "uploads/min")

    assert (line.figure, line.least, line.most, line.rounds) == (2.5, 1, 9, 5)


def test_a_ratio_is_taken_round_by_round() -> None:
    """A round in which both sides were slow counts like any other."""
    line = ratio("ours / limit", [10, 5, 9], [10, 5, 10], at_least(0.95))

    assert (line.figure, line.least, line.most) == (1.0, 0.9, 1.0)
    assert line.met


def test_a_percentile_is_that_of_all_samples_with_the_spread_of_the_rounds() -> None:
    line = percentile("latency", [[1, 2, 3], [4, 5, 60]], 50, "ms", at_most(5))

    assert (line.figure, line.least, line.most) == (3.5, 2, 5)
    assert line.met


@pytest.mark.parametrize(("figure", "met"), [(0.94, False), (0.95, True), (1.2, True)])
def test_at_least_means_no_less(figure: float, met: bool) -> None:
    assert at_least(0.95).is_met_by(figure) is met


@pytest.mark.parametrize(("figure", "met"), [(4.9, True), (5, True), (5.1, False)])
def test_at_most_means_no_more(figure: float, met: bool) -> None:
    assert at_most(5).is_met_by(figure) is met


def test_where_there_is_no_target_nothing_is_met_or_missed() -> None:
    line = over_rounds("rate", [1])

    assert line.met is None
    assert "met" not in line.to_json()


def test_json_tells_the_target_and_whether_it_is_met() -> None:
    told = over_rounds("memory", [260], "MB", at_most(250)).to_json()

    assert told == {
        "what": "memory", "figure": 260, "least": 260, "most": 260, "rounds": 1, "unit": "MB",
        "at_most": 250, "met": False,
    }  # fmt: skip
