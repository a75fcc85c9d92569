import json
from typing import Any

import pytest

from consumers.console.review.card import card_view
from consumers.console.review.concerns import Concerns
from pipeline.scorecard.document import document_of
from pipeline.scorecard.parse import parse_pages
from tests.unit.scorecard.conftest import type_page

CARD = """
Australia Innings
Batting                                R      B     4s    6s       SR
UT Khawaja       not out              21     40      3     0    52.50
DA Warner        c A b Nortje         {a}    11      2     0    90.91
SPD Smith        run out (C)           7     12      1     0    58.33
Extras (lb 5, w 1)                     6
Total (10.3 Overs)                         44/2
Bowling               O      M      R      W        Econ
K Rabada              5      1     19      0        3.80
A Nortje            5.3      0     20      1        3.64
"""
RUNS = "/innings/0/batting/1/runs"


def document_with(confidence: float = 0.97, **read: str) -> dict[str, Any]:
    page = type_page(CARD.format(**({"a": "10"} | read)), confidence=confidence)
    document: dict[str, Any] = json.loads(json.dumps(document_of(parse_pages([page]))))
    return document


def with_repair(document: dict[str, Any], *, by_inference: bool) -> Concerns:
    repair = {"cell": RUNS, "read": "1O", "became": 10, "settles": ["batting runs"]}
    return Concerns({**document, "repairs": [{**repair, "by_inference": by_inference}]})


def test_a_card_that_adds_up_has_nothing_to_look_at() -> None:
    assert Concerns(document_with()).listed == ()


@pytest.mark.parametrize(
    ("by_inference", "why"),
    [(True, "no reading of the ink says so"), (False, "another reading agrees")],
)
def test_a_repair_says_what_was_read_and_why_it_was_changed(by_inference: bool, why: str) -> None:
    concerns = with_repair(document_with(), by_inference=by_inference)
    [repair] = concerns.repairs
    assert repair.text == f"Read as “1O”, changed to 10: {why}. Now holds: batting runs."
    assert concerns.about(RUNS) == ("repaired", repair.text)
    assert repair.ink is not None


def test_a_failed_check_names_first_what_no_other_sum_speaks_for() -> None:
    document = document_with(a="93")
    [failure, *_] = [one for one in Concerns(document).listed if one.state == "fails"]
    held = {
        cell for one in document["checks"] if one["verdict"] == "holds" for cell in one["cells"]
    }
    trust = [cell in held for cell, _ in failure.cells]
    assert trust == sorted(trust)


def test_a_value_is_called_by_its_row() -> None:
    document = document_with()
    document["edited"] = []
    document["readings"]["/innings/0/batting/2/name"]["confidence"] = 0.2
    document["readings"]["/innings/0/team"]["confidence"] = 0.2
    called = {one.title for one in Concerns(document).listed}
    assert called == {"Name of batter 3, Australia", "Name of side 1"}


def test_every_value_of_a_row_says_whose_it_is() -> None:
    document = document_with()
    [innings] = card_view(document, Concerns(document)).innings
    assert innings.batting is not None
    labels = [field.label for field in innings.batting.rows[1]]
    assert labels[:4] == [
        "Name", "How DA Warner was out", "Runs of DA Warner", "Balls of DA Warner",
    ]  # fmt: skip
