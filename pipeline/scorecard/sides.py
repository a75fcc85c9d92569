"""Whose innings a table is: from the rows above it and the teams of the match."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz

from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.model import Innings
from pipeline.scorecard.names import clean_name
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row
from pipeline.scorecard.sections import Table, is_innings_title
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import INNINGS_WORDS, ORDINALS, plain

_ALIKE: Final = 84
"""Likeness of two spellings of one team, out of 100."""
_FEWEST_LETTERS: Final = 4
_SURE: Final = 0.7
_AGAINST: Final = re.compile(
    r"(?:^|\s)(?:v|vs|v/s|versus)\.?\s+(?P<team>[^\W\d_].*)$", re.IGNORECASE
)
_BEHIND_NAME: Final = re.compile(
    rf"\s*(?:[(\[]|\b\d{{1,4}}\s*[-/]\s*\d|\b\d{{1,3}}\.\d\b|\b\d{{2,4}}\b|[:|]|\s[{DASHES}]\s).*$"
)
_NOT_OF_NAME: Final = frozenset(
    INNINGS_WORDS | ORDINALS | {"batting", "bowling", "of", "the innings"}
)


@dataclass(frozen=True, slots=True)
class Title:
    """What stands above a table."""

    team: Value[str] | None = None
    opponent: Value[str] | None = None
    passage: Passage | None = None
    """The row's text: it may tell the score too."""


def title_of(table: Table) -> Title:
    """The side that the nearest row above a table, or the table's own head, names."""
    rows = list(table.titles)
    header = table.header
    if header.title and header.row is not None:
        rows.append(Row(header.row.page, header.title))
    # A row that says so is the title; otherwise the nearest one.
    rows.reverse()
    for row in sorted(rows, key=lambda row: not is_innings_title(row)):
        if not any(map(str.isalpha, row.text)):
            continue
        passage = Passage.of([row])
        opponent = _AGAINST.search(passage.text)
        end = opponent.start() if opponent else len(passage.text)
        team = _team(passage, end)
        if team is None and opponent is None:
            continue
        against = (
            passage.matched(opponent, "team", clean_name(opponent["team"])) if opponent else None
        )
        return Title(team, against, passage)
    return Title()


def _team(passage: Passage, end: int) -> Value[str] | None:
    text = _BEHIND_NAME.sub("", passage.text[:end])
    numbers = passage.words_between(0, len(text))
    kept = [n for n in numbers if plain(passage.words[n].text) not in _NOT_OF_NAME]
    if not kept:
        return None
    start, stop = (
        passage.starts[kept[0]],
        passage.starts[kept[-1]] + len(passage.words[kept[-1]].text),
    )
    name = clean_name(passage.text[start : min(stop, len(text))])
    if not any(character.isalpha() for character in name):
        return None
    return passage.value(name, start, stop)


def is_same_team(one: str, other: str) -> bool:
    """Whether two spellings mean one team, through capitals, a misread letter, a missing word."""
    return fuzz.ratio(one.casefold(), other.casefold()) >= _ALIKE


def settle_sides(innings: Sequence[Innings], teams: Sequence[Value[str]]) -> tuple[Innings, ...]:
    """Innings whose side was not read get the one that is left, where only one is.

    A title that no team of the match resembles is a misread one, if the match names its teams.
    """
    known = [
        next((t for t in teams if i.team is not None and is_same_team(i.team.value, t.value)), None)
        for i in innings
    ]
    settled = [
        replace(one, team=_better(one.team, team)) for one, team in zip(innings, known, strict=True)
    ]
    missing = known.index(None) if None in known else 0
    unread = known.count(None) == 1 and not _is_sure(innings[missing].team)
    if len(teams) == len(innings) == 2 and unread:
        settled[missing] = replace(
            innings[missing], team=next(t for t in teams if t is not known[1 - missing])
        )
    return tuple(settled)


def _is_sure(team: Value[str] | None) -> bool:
    """Whether a title is a name that was surely read, though the match names no such side."""
    if team is None:
        return False
    letters = sum(map(str.isalpha, team.value))
    return letters >= _FEWEST_LETTERS and team.confidence >= _SURE


def _better(read: Value[str] | None, team: Value[str] | None) -> Value[str] | None:
    """Of two spellings of one team that differ in more than capitals, the one read more surely."""
    if read is None or team is None or read.value.casefold() == team.value.casefold():
        return read
    return team if team.confidence > read.confidence else read
