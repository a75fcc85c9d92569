"""Whose innings a table is: from the rows above it and the teams of the match."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz

from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.header import Header
from pipeline.scorecard.model import Innings
from pipeline.scorecard.names import clean_name
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row
from pipeline.scorecard.titles import is_innings_title
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import INNINGS_WORDS, ORDINALS, plain

_ALIKE: Final = 84
"""Likeness of two spellings of one team, out of 100."""
_ALIKE_IN_PART: Final = 90
_PART: Final = 0.4
_SIDES: Final = 2
_FEWEST_LETTERS: Final = 4
_SURE: Final = 0.7
_AGAINST: Final = re.compile(
    r"(?:^|\s)(?:v|vs|v/s|versus)\.?\s+(?P<team>[^\W\d_].*)$", re.IGNORECASE
)
_BEHIND_NAME: Final = re.compile(
    rf"\s*(?:[(\[]|\b\d{{1,4}}\s*[-/]\s*\d|\b\d{{1,3}}\.\d\b|\b\d{{2,4}}\b|[:|]|\s[{DASHES}]\s).*$"
)
_NOT_OF_NAME: Final = frozenset(
    INNINGS_WORDS | ORDINALS | {"batting", "bowling", "of", "the innings", "over"}
)


@dataclass(frozen=True, slots=True)
class Title:
    """What stands above a table."""

    team: Value[str] | None = None
    opponent: Value[str] | None = None
    passage: Passage | None = None
    """The row's text: it may tell the score too."""
    says_so: bool = False
    """Whether it speaks of an innings."""


def title_of(above: Sequence[Row], header: Header | None, teams: Sequence[Value[str]]) -> Title:
    """The side that a row above a table, or the table's own head, names.

    Args:
        above: the loose rows right above the table.
        header: the table's head, if it has one.
        teams: the match's sides, where the card names them; a row that names one of them is the
            title, however much dirt stands between it and the table.
    """
    rows = list(above)
    if header is not None and header.title and header.row is not None:
        rows.append(Row(header.row.page, header.title))
    titles = [title for row in reversed(rows) if (title := _title(row)) is not None]
    for title in titles:
        if title.team is not None and _among(title.team, teams) is not None:
            return title
    said = [title for title in titles if title.says_so]
    chosen = next(iter((*said, *titles)), Title())
    return chosen if chosen.team is not None else _with_side_above(chosen, titles)


def _with_side_above(title: Title, titles: Sequence[Title]) -> Title:
    """`v Singapore`, with the side that a row of its own names before it."""
    above = next((other for other in titles if other.team is not None), None)
    return replace(above, opponent=above.opponent or title.opponent) if above else title


def _title(row: Row) -> Title | None:
    passage = Passage.of([row])
    opponent = _AGAINST.search(passage.text)
    team = _team(passage, opponent.start() if opponent else len(passage.text))
    if team is None and opponent is None:
        return None
    against = passage.matched(opponent, "team", clean_name(opponent["team"])) if opponent else None
    return Title(team, against, passage, says_so=is_innings_title(row))


def _team(passage: Passage, end: int) -> Value[str] | None:
    text = _BEHIND_NAME.sub("", passage.text[:end])
    numbers = list(passage.words_between(0, len(text)))
    ends = [n for n in numbers[1:] if plain(passage.words[n].text) in INNINGS_WORDS]
    # What stands behind `Australia Innings` is no part of the name.
    numbers = numbers[: ends[0]] if ends else numbers
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
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    if fuzz.ratio(short, long) >= _ALIKE:
        return True
    # `obras ee a` for `Cape Cobras`: a part, if it is not too small a part.
    return len(short) >= _PART * len(long) and fuzz.partial_ratio(short, long) >= _ALIKE_IN_PART


def settle_sides(innings: Sequence[Innings], teams: Sequence[Value[str]]) -> tuple[Innings, ...]:
    """Innings whose side was not read get the one that is left, where only one is.

    A title that no team of the match resembles is a misread one, if the match names its teams.
    """
    known = [_among(one.team, teams) if one.team else None for one in innings]
    settled = [
        replace(one, team=_better(one.team, team)) for one, team in zip(innings, known, strict=True)
    ]
    missing = known.index(None) if None in known else 0
    unread = known.count(None) == 1 and not _is_sure(innings[missing].team)
    if len(teams) == len(innings) == 2 and unread:
        settled[missing] = replace(
            innings[missing], team=next(t for t in teams if t is not known[1 - missing])
        )
    return tuple(
        replace(one, team=None)
        if len(teams) == _SIDES
        and not _is_sure(one.team)
        and team is None
        and one.team is innings[number].team
        else one
        for number, (one, team) in enumerate(zip(settled, known, strict=True))
    )


def _among(team: Value[str], teams: Sequence[Value[str]]) -> Value[str] | None:
    return next((other for other in teams if is_same_team(team.value, other.value)), None)


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
