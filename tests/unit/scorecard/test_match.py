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
    assert result.value == line
