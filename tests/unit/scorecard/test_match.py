from collections.abc import Callable

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.match import read_match
from pipeline.scorecard.model import Match
from pipeline.scorecard.rows import find_rows
from pipeline.scorecard.sections import find_sections

Typed = Callable[..., Page]


def match_of(page: Page) -> Match:
    return read_match(find_sections(find_rows(page)))


def plain(match: Match) -> dict[str, object]:
    values = {
        name: getattr(match, name) for name in ("match_type", "date", "venue", "toss", "result")
    }
    return {name: value.value if value else None for name, value in values.items()} | {
        "teams": [team.value for team in match.teams],
        "umpires": [umpire.value for umpire in match.umpires or ()],
    }


def test_a_page_of_the_web_tells_the_match_without_labels(typed: Typed) -> None:
    page = typed(
        """
        Australia vs South Africa, Test
        Sydney Cricket Ground, 4 January 2023
        Match drawn
        """
    )
    assert plain(match_of(page)) == {
        "teams": ["Australia", "South Africa"],
        "match_type": "Test",
        "date": "2023-01-04",
        "venue": "Sydney Cricket Ground",
        "toss": None,
        "result": "Match drawn",
        "umpires": [],
    }


def test_labels_may_stand_side_by_side(typed: Typed) -> None:
    page = typed(
        """
        Match: Zimbabwe v Pakistan (T20)              Date: 2015-09-27
        Venue: Harare Sports Club                     Toss: Pakistan, elected to bat
        Result: Pakistan won by 13 runs               Umpires: TJ Matibiri, RB Tiffin
        """
    )
    assert plain(match_of(page)) == {
        "teams": ["Zimbabwe", "Pakistan"],
        "match_type": "T20",
        "date": "2015-09-27",
        "venue": "Harare Sports Club",
        "toss": "Pakistan, elected to bat",
        "result": "Pakistan won by 13 runs",
        "umpires": ["TJ Matibiri", "RB Tiffin"],
    }


@pytest.mark.parametrize(
    ("line", "teams"),
    [
        ("JAMAICA v WINDWARD ISLANDS", ["JAMAICA", "WINDWARD ISLANDS"]),
        ("Royals v/s Titans", ["Royals", "Titans"]),
        ("A v/s B", ["A", "B"]),
        ("< England v India", ["England", "India"]),
        ("€ England versus India, 2nd ODI", ["England", "India"]),
        ("Virat Kohli", []),
    ],
)
def test_teams_stand_on_either_side_of_a_v(typed: Typed, line: str, teams: list[str]) -> None:
    assert [team.value for team in match_of(typed(line)).teams] == teams


@pytest.mark.parametrize(
    "line", ["India won by 7 wickets", "Match tied", "No result", "B won by 1 wickets."]
)
def test_a_result_needs_no_label(typed: Typed, line: str) -> None:
    result = match_of(typed(line)).result
    assert result is not None
    assert result.value == line.rstrip(".")


@pytest.mark.parametrize(
    ("line", "venue", "date", "result"),
    [
        (
            "Lilac Hill Park, Perth, 6 November 2022. Adelaide Strikers won by 7 wickets.",
            "Lilac Hill Park, Perth",
            "2022-11-06",
            "Adelaide Strikers won by 7 wickets",
        ),
        (
            "The Village, Malahide | 27 June 2018 | India won by 76 runs",
            "The Village, Malahide",
            "2018-06-27",
            "India won by 76 runs",
        ),
        (
            "Old Trafford      14 July 2018      Lancashire won by 12 runs",
            "Old Trafford",
            "2018-07-14",
            "Lancashire won by 12 runs",
        ),
        ("New Road. Worcester, 3 May 2019", "New Road. Worcester", "2019-05-03", None),
    ],
)
def test_one_line_may_tell_place_day_and_result(
    typed: Typed, line: str, venue: str, date: str, result: str | None
) -> None:
    match = match_of(typed(line))
    assert match.venue is not None
    assert match.date is not None
    assert (match.venue.value, match.date.value) == (venue, date)
    assert (match.result.value if match.result else None) == result


def test_a_toss_ends_where_the_result_begins(typed: Typed) -> None:
    match = match_of(typed("Toss: Serbia, elected to bat. Gibraltar won by 7 wickets."))
    assert match.toss is not None
    assert match.result is not None
    assert match.toss.value == "Serbia, elected to bat"
    assert match.result.value == "Gibraltar won by 7 wickets"


def test_a_place_may_stand_before_a_labelled_toss(typed: Typed) -> None:
    match = match_of(typed("National Stadium  |  Toss: Karachi Kings, elected to bat"))
    assert match.venue is not None
    assert match.toss is not None
    assert match.venue.value == "National Stadium"
    assert match.toss.value == "Karachi Kings, elected to bat"


@pytest.mark.parametrize(
    ("line", "teams", "kind", "venue"),
    [
        (
            "Bangladesh v West Indies, ODI, The Village, Malahide",
            ["Bangladesh", "West Indies"],
            "ODI",
            "The Village, Malahide",
        ),
        ("Essex v Kent, County Ground, 12 June 2019", ["Essex", "Kent"], None, "County Ground"),
    ],
)
def test_the_place_may_stand_behind_the_teams(
    typed: Typed, line: str, teams: list[str], kind: str | None, venue: str
) -> None:
    match = match_of(typed(line))
    assert [team.value for team in match.teams] == teams
    assert (match.match_type.value if match.match_type else None) == kind
    assert match.venue is not None
    assert match.venue.value == venue


def test_the_kind_of_match_may_stand_before_the_place(typed: Typed) -> None:
    match = match_of(typed("South Africa v India\nODI, Senwes Park, May 17, 2017"))
    assert match.match_type is not None
    assert match.venue is not None
    assert (match.match_type.value, match.venue.value) == ("ODI", "Senwes Park")
