"""Words to scorecard: rows, sections, tables and lines, then the arithmetic over all of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pipeline.ocr.words import Page
from pipeline.scorecard.agreement import agreed
from pipeline.scorecard.arithmetic import audited, check, numbers_of
from pipeline.scorecard.blocks import sections_of
from pipeline.scorecard.credits import with_own_bowling
from pipeline.scorecard.drafts import Draft, drafts_of
from pipeline.scorecard.match import read_match
from pipeline.scorecard.model import Innings, Match, Scorecard, Verdict
from pipeline.scorecard.over_length import with_over_length
from pipeline.scorecard.repair import repaired
from pipeline.scorecard.section import Section
from pipeline.scorecard.sides import settle_sides
from pipeline.scorecard.tables import TableReader
from pipeline.scorecard.value import Value

_NAME = re.compile(r"[^\W\d_]{3}")
NO_SCORECARD = "no scorecard was found on the picture"
_TABLES = ("batting/", "bowling/")
_EQUATION = 3.0
"""What an equation that holds says for a reading, in numbers read; one that fails against it."""


def parse_pages(pages: Sequence[Page]) -> Scorecard:
    """The scorecard that the words of a file's pages show; an empty one where they show none."""
    return add_up(as_printed(pages))


def as_printed(pages: Sequence[Page]) -> Scorecard:
    """What the words say, before any arithmetic."""
    reader = TableReader()
    match, innings = _read(sections_of(pages, partial(_weight, reader)), reader)
    return Scorecard(match, tuple(innings))


def add_up(printed: Scorecard) -> Scorecard:
    """The card with its numbers checked against one another, and repaired where that is certain."""
    if not printed.innings:
        return Scorecard(printed.match, (), (NO_SCORECARD,))
    own = with_own_bowling(printed.innings)
    settled = agreed(settle_sides(own, printed.match.teams))
    audits = tuple(audited(repaired(with_over_length(one))) for one in settled)
    return Scorecard(printed.match, audits, warnings_of(audits))


def _read(sections: Sequence[Section], reader: TableReader) -> tuple[Match, list[Innings]]:
    """The match and its innings as read, before any arithmetic."""
    match = read_match(sections)
    drafts = drafts_of(sections, match.teams)
    innings = [draft.innings(reader) for draft in drafts]
    return _with_sides(match, drafts), [one for one in innings if _shows_something(one)]


def _weight(reader: TableReader, sections: Sequence[Section]) -> float:
    """How much of a card sections explain: players, their numbers, equations that hold."""
    _, innings = _read(sections, reader)
    weight = 0.0
    for one in innings:
        numbers = [cell for cell, _ in numbers_of(one)]
        players = {cell.rpartition("/")[0] for cell in numbers if cell.startswith(_TABLES)}
        weight += len(numbers) + len(players) - len(one.unread)
        for found in check(one):
            if found.pins and found.verdict is Verdict.HOLDS:
                weight += _EQUATION
            elif found.verdict is Verdict.FAILS:
                weight -= _EQUATION
    return weight


def _with_sides(match: Match, drafts: Sequence[Draft]) -> Match:
    """Teams from the titles of the innings, where no line names both."""
    if match.teams:
        return match
    teams: list[Value[str]] = []
    for draft in drafts:
        for team in (draft.title.team, draft.title.opponent):
            if team is not None and all(team.value.casefold() != t.value.casefold() for t in teams):
                teams.append(team)
    return replace(match, teams=tuple(teams[:2]))


def _shows_something(innings: Innings) -> bool:
    names = [batter.name.value for batter in innings.batting or ()]
    names += [bowler.name.value for bowler in innings.bowling or ()]
    # A page that was read sideways is full of letters, but not of names.
    if names and sum(_NAME.search(name) is not None for name in names) * 2 < len(names):
        return False
    return any(
        (
            innings.batting,
            innings.bowling,
            innings.total,
            innings.fall_of_wickets,
            innings.deliveries,
        )
    )


def warnings_of(innings: Sequence[Innings]) -> tuple[str, ...]:
    """What a reviewer should know before the values: how many numbers could not be read."""
    return tuple(
        f"innings {number}: {len(one.unread)} number(s) could not be read"
        for number, one in enumerate(innings, start=1)
        if one.unread
    )
