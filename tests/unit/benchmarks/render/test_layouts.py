import copy
import html
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.accuracy.comparison import compare
from benchmarks.render.catalogue import LAYOUTS
from benchmarks.render.document import show, truth_of
from benchmarks.render.layout import Layout
from benchmarks.render.page import bowler_of, fielder_of, html_of, kind_of
from benchmarks.render.showing import Dismissals, Showing
from tests.unit.benchmarks.matches import match

NUMBER = re.compile(r"\d+(?:\.\d+)?")
CARDS = [
    (layout, number) for layout in LAYOUTS.values() for number, _ in enumerate(layout.showings)
]


def card(layout: Layout, number: int, chance: random.Random) -> tuple[Any, str]:
    """What is printed, and the words of its page."""
    document = show(match(), layout.showings[number], chance)
    look = {key: chance.choice(values) for key, values in layout.looks.items()}
    page = html_of(layout.template, document, {**look, "showing": number})
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return document, html.unescape(re.sub(r"<[^>]+>", " ", body))


def values_of(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        for value in part.values():
            yield from values_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from values_of(value)
    elif part is not None:
        yield part


@pytest.mark.parametrize(("layout", "number"), CARDS, ids=lambda each: getattr(each, "name", each))
def test_every_number_of_the_truth_stands_on_the_page(layout: Layout, number: int) -> None:
    for seed in range(4):
        document, words = card(layout, number, random.Random(seed))
        truth = truth_of(document)["innings"]
        # The number of a wicket, or of a ball's runs (`FOUR`, `no run`), may be told otherwise.
        for innings in truth:
            for fall in innings["fall_of_wickets"] or ():
                del fall["wicket"]
            for ball in innings.get("deliveries", ()):
                del ball["runs"], ball["wicket"]
        numbers = [float(each) for each in values_of(truth) if NUMBER.fullmatch(str(each))]
        printed = set(map(float, NUMBER.findall(words)))
        assert numbers
        assert set(numbers) <= printed


@pytest.mark.parametrize(("layout", "number"), CARDS, ids=lambda each: getattr(each, "name", each))
def test_every_player_and_team_of_the_truth_stands_on_the_page(layout: Layout, number: int) -> None:
    document, words = card(layout, number, random.Random(5))
    plain = words.replace("*", "").replace("\N{DAGGER}", "").lower()
    for innings in truth_of(document)["innings"]:
        names = [row["name"] for key in ("batting", "bowling") for row in innings[key] or ()]
        for name in (innings["team"], *names, *(innings["did_not_bat"] or ())):
            assert name.lower() in plain


@pytest.mark.parametrize(("layout", "number"), CARDS, ids=lambda each: getattr(each, "name", each))
def test_truth_is_a_perfect_reading_of_itself(layout: Layout, number: int) -> None:
    document, _ = card(layout, number, random.Random(6))
    truth = truth_of(document)
    score = compare(truth, truth)
    assert score.perfect
    assert score.silent == 0
    assert all(cells.wrong == cells.missed == 0 for cells in score.cells.values())


def test_handbook_prints_both_innings_of_a_batter_in_one_row() -> None:
    played = match()
    played["innings"] += [
        {**copy.deepcopy(innings), "did_not_bat": []} for innings in played["innings"]
    ]
    played["innings"][2]["batting"][0].update(runs=88, how_out="b MN Swift")
    played["innings"][3]["batting"].reverse()
    handbook = LAYOUTS["handbook"]
    document = show(played, handbook.showings[1], random.Random(1))
    page = html_of(handbook.template, document, {"font": "x", "columns": "y", "showing": 1})
    rows = [
        " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)
    ]
    assert "AB Home c Catcher b Swift 61 b Swift 88" in rows
    assert "KL Away c Fourth b Keeper 161 (5) c Fourth b Keeper 161" in [
        row.replace("de Fourth", "Fourth") for row in rows
    ]


def test_fours_and_sixes_off_a_bowler_are_counted_from_the_balls() -> None:
    (first, second) = show(match(), Showing(), random.Random(1))["innings"][0]["bowling"]
    assert (first["_dots"], first["_fours"], first["_sixes"]) == (2, 1, 0)
    assert (second["_dots"], second["_fours"], second["_sixes"]) == (1, 0, 1)


def test_wides_and_no_balls_of_none_are_no_truth_where_noughts_are_not_printed() -> None:
    played = match()
    played["innings"][0]["bowling"][0]["wides"] = 0
    showing = Showing(bowling=("overs", "wides", "no_balls"), noughts=False)
    row = truth_of(show(played, showing, random.Random(1)))["innings"][0]["bowling"][0]
    assert (row["wides"], row["no_balls"]) == (None, 1)


@pytest.mark.parametrize(
    ("how_out", "parts"),
    [
        ("c Smith b Starc", ("c", "Smith", "Starc")),
        ("c & b Starc", ("c & b", "", "Starc")),
        ("c sub (Cook) b Starc", ("c", "sub (Cook)", "Starc")),
        ("st Smith b Starc", ("st", "Smith", "Starc")),
        ("lbw b Starc", ("lbw", "", "Starc")),
        ("b Starc", ("bowled", "", "Starc")),
        ("run out (Smith/Cook)", ("run out", "Smith/Cook", "")),
        ("run out (sub (Cook))", ("run out", "sub (Cook)", "")),
        ("run out", ("run out", "", "")),
        ("not out", ("not out", "", "")),
    ],
)
def test_dismissal_is_told_in_columns(how_out: str, parts: tuple[str, str, str]) -> None:
    assert (kind_of(how_out), fielder_of(how_out), bowler_of(how_out)) == parts


def test_what_is_not_shown_is_no_truth() -> None:
    showing = Showing(match=("venue",), batting=("runs",), fall=None, extras=None, bowling=None)
    document = truth_of(show(match(), showing, random.Random(1)))
    innings = document["innings"][0]
    assert document["match"]["venue"] == "The Green"
    assert document["match"]["date"] is None
    assert innings["batting"][0]["runs"] == 61
    assert innings["batting"][0]["balls"] is None
    assert innings["bowling"] is innings["extras"] is innings["fall_of_wickets"] is None


def test_signs_are_printed_and_are_no_part_of_a_name() -> None:
    showing = Showing(captain="{} (c)", keeper="\N{DAGGER}{}")
    document = show(match(), showing, random.Random(1))
    printed = str(document)
    assert " (c)'" in printed
    assert "st \N{DAGGER}MN Swift b OP Spin" in printed
    truth = str(truth_of(document))
    assert "(c)" not in truth
    assert "\N{DAGGER}" not in truth


def test_star_tells_only_who_was_not_out() -> None:
    showing = Showing(dismissals=Dismissals.NOT_OUT)
    rows = show(match(), showing, random.Random(1))["innings"][0]["batting"]
    assert [row["how_out"] for row in rows] == [None, None, None, None, "not out"]
