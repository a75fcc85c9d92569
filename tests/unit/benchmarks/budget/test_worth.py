from collections.abc import Sequence

import pytest

from benchmarks.accuracy.comparison import Score
from benchmarks.accuracy.tally import Mistake
from benchmarks.budget.report import table
from benchmarks.budget.spending import CardSpending
from benchmarks.budget.worth import budgets
from pipeline.ocr.looks import LookCost
from pipeline.options import Look


def card(
    stem: str, level: str, wrong: Sequence[str], *, verified: int = 0, silent: int = 0
) -> CardSpending:
    score = Score(
        cells={},
        numbers=10,
        right=10 - len(wrong),
        perfect=not wrong,
        innings=1,
        verifiable=1,
        verified=verified,
        silent=silent,
        mistakes=tuple(Mistake("bat.runs", where, 1, 2) for where in wrong),
    )
    looks = {Look.CLOSER: LookCost(pictures=4, cpu_seconds=0.25)}
    return CardSpending(stem, level, score, 1.0, {"decode": 0.25, "ocr": 0.75}, looks)


def test_a_look_buys_what_is_right_with_it_alone() -> None:
    taken = [card("a", "clean", ["Head"], verified=1), card("b", "poor", [])]
    without = [card("a", "clean", ["Smith", "Carey"]), card("b", "poor", ["Head"], silent=1)]
    found = budgets(taken, {Look.CLOSER: without})
    worth = found["all"].looks[Look.CLOSER]
    assert (worth.bought, worth.spoilt) == (3, 1)
    assert (worth.verified, worth.silenced) == (1, 1)
    assert (worth.pictures, worth.cpu_ms) == (4, 250)
    assert worth.a_second == pytest.approx(2 / 0.5)
    assert found["poor"].looks[Look.CLOSER].bought == 1


def test_the_look_that_buys_most_a_second_comes_first() -> None:
    taken = [card("a", "clean", [])]
    without = {Look.OPINION: [card("a", "clean", [])], Look.CLOSER: [card("a", "clean", ["Head"])]}
    assert next(iter(budgets(taken, without)["all"].looks)) is Look.CLOSER


def test_a_look_that_took_no_time_has_no_worth_a_second() -> None:
    taken = [card("a", "clean", [])]
    assert budgets(taken, {Look.UPRIGHT: taken})["clean"].looks[Look.UPRIGHT].a_second is None


def test_table_has_every_level_and_stage() -> None:
    taken = [card("a", "clean", []), card("b", "poor", [])]
    lines = table(budgets(taken, {Look.CLOSER: taken})).splitlines()
    assert lines[0].split()[-3:] == ["all", "clean", "poor"]
    assert lines[2].split() == ["ocr", "750", "750", "750"]
    assert sum(line.startswith("Looks:") for line in lines) == 3
