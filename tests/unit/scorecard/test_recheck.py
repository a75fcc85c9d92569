import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ocr.words import Page
from pipeline.scorecard.document import document_of
from pipeline.scorecard.editing import InvalidEdit
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.recheck import (
    Edit,
    doubtful_cells,
    edited,
    is_document_verified,
    rechecked,
)
from tests.unit.scorecard.conftest import type_page

Typed = Callable[..., Page]

CARD = """
Australia Innings
Batting                                R      B     4s    6s       SR
UT Khawaja       not out              {a}    40      3     0    52.50
DA Warner        c A b Nortje         10     {b}    {f}     0    90.91
SPD Smith        run out (C)           7     12      1     0    58.33
Extras (lb 5, w 1)                     6
Total (10.{c} Overs)                         44/2
Bowling               O      M      R      W        Econ
K Rabada              5      1     {d}     0        3.80
A Nortje            5.3      0     20      1        {e}
"""
TRUE = {"a": "21", "b": "11", "c": "3", "d": "19", "e": "3.64", "f": "2"}
RUNS = "/innings/0/batting/0/runs"

two_digits = st.integers(10, 99).map(str)


def document_with(confidence: float = 0.97, **read: str) -> dict[str, Any]:
    page = type_page(CARD.format(**(TRUE | read)), confidence=confidence)
    document: dict[str, Any] = json.loads(json.dumps(document_of(parse_pages([page]))))
    return document


@settings(max_examples=80, deadline=None)
@given(
    read=st.fixed_dictionaries(
        {
            "a": two_digits,
            "b": st.one_of(two_digits, st.sampled_from(["1l", "??", "°", "0"])),
            "c": st.integers(0, 7).map(str),
            "d": two_digits,
            "e": st.sampled_from(["3.64", "3.60", "3.6", "4", "364"]),
            "f": st.sampled_from(["2", "0", "??", "9"]),
        }
    ),
    confidence=st.integers(300, 1000).map(lambda thousandths: thousandths / 1000),
)
def test_a_document_that_nobody_edited_gives_the_very_same_checks(
    read: dict[str, str], confidence: float
) -> None:
    document = document_with(confidence, **read)
    assert rechecked(document) == document


def test_a_corrected_number_makes_the_sums_hold() -> None:
    document = document_with(a="93")
    assert not is_document_verified(document)
    corrected, changes = edited(document, [Edit(RUNS, "21")])
    assert [(one.cell, one.was, one.became) for one in changes] == [(RUNS, 93, 21)]
    assert {one["verdict"] for one in corrected["checks"]} == {"holds"}
    assert is_document_verified(corrected)
    assert not is_document_verified(document), "the document that was given stays as it is"


def test_a_wrong_number_of_a_person_is_told_and_not_repaired() -> None:
    wrong, _ = edited(document_with(), [Edit(RUNS, "27")])
    assert wrong["innings"][0]["batting"][0]["runs"] == 27
    assert wrong["repairs"] == []
    failing = [one["name"] for one in wrong["checks"] if one["verdict"] == "fails"]
    assert "batting runs and extras make the total" in failing
    assert not is_document_verified(wrong)


def test_what_a_person_vouches_for_is_in_no_doubt() -> None:
    document = document_with(confidence=0.6)
    doubts = doubtful_cells(document)
    assert "/innings/0/batting/0/fours" in doubts
    corrected, _ = edited(document, [Edit("/innings/0/batting/0/fours", "3")])
    assert set(doubtful_cells(corrected)) == set(doubts) - {"/innings/0/batting/0/fours"}


def test_values_of_a_person_do_not_make_the_rest_of_a_poor_picture_believed() -> None:
    document = document_with(confidence=0.92)
    doubts = set(doubtful_cells(document))
    assert doubts, "at this confidence the picture counts as poor"
    names = [f"/innings/0/batting/{n}/name" for n in range(3)] + [
        f"/innings/0/bowling/{n}/name" for n in range(2)
    ]
    corrected, _ = edited(document, [Edit(cell, "Somebody") for cell in names])
    assert set(doubtful_cells(corrected)) == doubts


def test_a_number_that_could_not_be_read_is_no_longer_unread_once_given() -> None:
    document = document_with(f="??")
    cell = "/innings/0/batting/1/fours"
    assert [one["cell"] for one in document["unread"]] == [cell]
    assert document["warnings"] == ["innings 1: 1 number(s) could not be read"]
    corrected, _ = edited(document, [Edit(cell, "2")])
    assert (corrected["unread"], corrected["warnings"]) == ([], [])


def test_a_value_over_a_repair_takes_the_place_of_the_repair() -> None:
    document = document_with(0.6, d="79")
    cell = "/innings/0/bowling/0/runs"
    assert [one["cell"] for one in document["repairs"]] == [cell]
    corrected, _ = edited(document, [Edit(cell, "19")])
    assert corrected["repairs"] == []
    assert {one["verdict"] for one in corrected["checks"]} == {"holds"}


def test_a_section_that_was_not_seen_can_be_given() -> None:
    document = document_with()
    document["innings"][0]["extras"] = None
    corrected, _ = edited(document, [Edit("/innings/0/extras/total", "6")])
    assert corrected["innings"][0]["extras"] == {"total": 6}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (RUNS, "two"),
        (RUNS, "-3"),
        (RUNS, "99999"),
        (RUNS, "²"),
        ("/innings/0/total/overs", "10.9"),
        ("/innings/0/batting/0/strike_rate", "fast"),
        ("/innings/0/batting/0/name", "  "),
        ("/innings/0/batting/0/name", "x" * 201),
        ("/innings/0/batting/77/runs", "1"),
        ("/innings/9/batting/0/runs", "1"),
        ("/innings/0/fall_of_wickets/0/runs", "1"),
        ("/innings/0/did_not_bat/0", "Somebody"),
        ("/match/umpires/0", "Somebody"),
        ("/innings/0/batting/x/runs", "1"),
        ("/innings/0/verified", "true"),
        ("/innings/0/batting/0/__class__", "x"),
        ("/innings/0/batting/0", "x"),
        ("/readings", "x"),
        ("", "x"),
        ("innings", "x"),
    ],
)
def test_what_cannot_stand_there_is_refused_with_a_reason(cell: str, text: str) -> None:
    document = document_with()
    before = json.dumps(document)
    with pytest.raises(InvalidEdit, match=r"\w"):
        edited(document, [Edit(cell, text)])
    assert json.dumps(document) == before


@pytest.mark.parametrize(
    ("cell", "text", "stated"),
    [
        ("/innings/0/total/overs", "20", "20"),
        ("/innings/0/total/overs", "12.4", "12.4"),
        ("/innings/0/batting/0/strike_rate", "118.64", 118.64),
        ("/innings/0/batting/0/minutes", "", None),
        ("/innings/0/batting/0/how_out", " c  Smith b Jones ", "c Smith b Jones"),
        ("/match/venue", "Lord's", "Lord's"),
    ],
)
def test_values_are_stated_as_a_reading_states_them(cell: str, text: str, stated: object) -> None:
    _, (change,) = edited(document_with(), [Edit(cell, text)])
    assert change.became == stated
