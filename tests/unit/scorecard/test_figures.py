from collections.abc import Callable
from typing import Any

import pytest

from pipeline.scorecard.figures import (
    Figured,
    batters_in,
    bowlers_in,
    bowlers_in_text,
    pointed_bowler_in,
    shows_batter,
    shows_bowler,
    trailing_runs,
)
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Column

RowOf = Callable[[str], Row]


def numbers(figured: Figured) -> dict[str, Any]:
    figures = figured.figures
    found: dict[str, Any] = {column.value: v.value for column, v in figures.integers.items()}
    found.update({column.value: float(v.value) for column, v in figures.rates.items()})
    if figures.overs is not None:
        found["overs"] = str(figures.overs.value)
    return found


@pytest.mark.parametrize(
    ("line", "words", "figures"),
    [
        (
            "V Kohli c Smith b Starc 45 (33) 5x4 1x6",
            "V Kohli c Smith b Starc",
            {"runs": 45, "balls": 33, "fours": 5, "sixes": 1},
        ),
        (
            "J.N. Mohammed b D.J. Bravo (58)  66",
            "J.N. Mohammed b D.J. Bravo",
            {"runs": 66, "balls": 58},
        ),
        (
            "c Green b Wood 4s 6 6s O SR 151.72",
            "c Green b Wood",
            {"fours": 6, "sixes": 0, "strike_rate": 151.72},
        ),
        (
            "Kohli 45* (33b, 4x4, 1x6)",
            "Kohli",
            {"runs": 45, "balls": 33, "fours": 4, "sixes": 1},
        ),
        ("Pant 12 (9) 4s: 1 6s: 0", "Pant", {"runs": 12, "balls": 9, "fours": 1, "sixes": 0}),
        ("Pant 12 (9) 4s:1", "Pant", {"runs": 12, "balls": 9, "fours": 1}),
        ("Pant 12 (9) 45:1 65:2", "Pant", {"runs": 12, "balls": 9, "fours": 1, "sixes": 2}),
        ("Pant 12 off 9 balls", "Pant", {"runs": 12, "balls": 9}),
        (
            "Pant 12 (9) SR 133.33 15 min",
            "Pant",
            {"runs": 12, "balls": 9, "strike_rate": 133.33, "minutes": 15},
        ),
        ("Pant lbw b Starc 45 5x4", "Pant lbw b Starc", {"runs": 45, "fours": 5}),
        ("c Smith b Starc 4s: 5 6s: 1", "c Smith b Starc", {"fours": 5, "sixes": 1}),
        ("Pant c Smith b Starc 45 33", "Pant c Smith b Starc 45 33", {}),
        ("Smith run out (Kuhn/Cox)", "Smith run out (Kuhn/Cox)", {}),
    ],
)
def test_figures_of_a_batter_are_told_by_their_form(
    row_of: RowOf, line: str, words: str, figures: dict[str, Any]
) -> None:
    (found,) = batters_in(row_of(line))
    assert found.row.text == words
    assert numbers(found) == figures


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        ("Starc 4-0-23-1", {"overs": "4", "maidens": 0, "runs": 23, "wickets": 1}),
        ("Starc 3.4-0-23-1", {"overs": "3.4", "maidens": 0, "runs": 23, "wickets": 1}),
        ("Starc 4\u20140-\u201422~1", {"overs": "4", "maidens": 0, "runs": 22, "wickets": 1}),
        (
            "Cummins 4-0-30-2 (2w, 1nb)",
            {"overs": "4", "maidens": 0, "runs": 30, "wickets": 2, "wides": 2, "no_balls": 1},
        ),
        ("Zampa 2/36 (4)", {"overs": "4", "runs": 36, "wickets": 2}),
        ("Zampa 2-36 (3.5 ov)", {"overs": "3.5", "runs": 36, "wickets": 2}),
        ("Zampa 2-36", {"runs": 36, "wickets": 2}),
    ],
)
def test_figures_of_a_bowler_are_told_by_their_form(
    row_of: RowOf, line: str, figures: dict[str, Any]
) -> None:
    (found,) = bowlers_in(row_of(line))
    assert found.row.text == line.split()[0]
    assert numbers(found) == figures


def test_several_batters_stand_in_one_row(row_of: RowOf) -> None:
    found = batters_in(row_of("Rohit 45 (33), Kohli 30* (20), Pant 12 (9)"))
    assert [one.row.text.strip(" ,") for one in found] == ["Rohit", "Kohli", "Pant"]
    assert [numbers(one)["runs"] for one in found] == [45, 30, 12]


def test_running_text_may_part_figures_by_spaces(row_of: RowOf) -> None:
    found = bowlers_in_text(row_of("Starc 4 0 23 1, Cummins 4 0 30 2 (2w, 1nb)"))
    assert [numbers(one) for one in found] == [
        {"overs": "4", "maidens": 0, "runs": 23, "wickets": 1},
        {"overs": "4", "maidens": 0, "runs": 30, "wickets": 2, "wides": 2, "no_balls": 1},
    ]


def test_a_star_behind_the_runs_says_not_out(row_of: RowOf) -> None:
    (star,), (none,) = batters_in(row_of("Pant 45* (33)")), batters_in(row_of("Pant 45 (33)"))
    assert star.figures.not_out is not None
    assert star.figures.not_out.value == "not out"
    assert none.figures.not_out is None


def test_each_figure_has_its_own_part_of_the_word(row_of: RowOf) -> None:
    (found,) = batters_in(row_of("Pant 45(33)"))
    runs, balls = found.figures.integers[Column.RUNS], found.figures.integers[Column.BALLS]
    assert (runs.text, balls.text) == ("45", "33")
    assert runs.box.right <= balls.box.left


@pytest.mark.parametrize("line", ["India 168/6 (20 ov)", "1-12 (Warner, 3.4 ov)", "45 (33)"])
def test_scores_of_sides_and_falls_of_wickets_are_no_players(row_of: RowOf, line: str) -> None:
    assert not shows_batter(row_of(line))
    assert not shows_bowler(row_of(line))


def test_a_dash_read_as_a_point_is_believed_only_where_nothing_else_stands(row_of: RowOf) -> None:
    found = pointed_bowler_in(row_of("TYE 3.18"))
    assert found is not None
    assert numbers(found) == {"wickets": 3, "runs": 18}
    assert all(value.confidence < 0.5 for value in found.figures.integers.values())
    assert pointed_bowler_in(row_of("Rabada 5 1 19 1 3.80")) is None


def test_a_number_at_the_end_of_a_ragged_row_is_the_runs(row_of: RowOf) -> None:
    assert numbers(trailing_runs(row_of("Kohli b Starc 100"))) == {"runs": 100}
    assert numbers(trailing_runs(row_of("Kohli b Starc"))) == {}
