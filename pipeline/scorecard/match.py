"""What a card says about the match: teams, place, day, toss, result, umpires."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.dates import find_date
from pipeline.scorecard.model import Match
from pipeline.scorecard.names import clean_name
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row
from pipeline.scorecard.sections import Balls, Line, Section, Table
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import MATCH_TYPES, Label

_TYPE: Final = "|".join(re.escape(name) for name in MATCH_TYPES)
_TEAMS: Final = re.compile(
    r"^\W*(?:[a-z€]\s)?\W*(?P<first>[^\W\d_].*?)\s+(?:v|vs|v/s|versus)\.?\s+(?P<second>[^\W_].*?)"
    rf"(?:\s*[,(|{DASHES}]\s*(?:[^,()]*\b)?(?P<type>{_TYPE})s?\b.*)?\W*$",
    re.IGNORECASE,
)
_TYPE_ALONE: Final = re.compile(rf"\b(?P<type>{_TYPE})\b", re.IGNORECASE)
_RESULT: Final = re.compile(
    r"\bwon\s+by\b|\bmatch\s+(?:drawn|tied|abandoned)\b|^\W*no\s+result\b|\bwon\s+the\s+match\b"
    r"|\bbeat\b.*\bby\b",
    re.IGNORECASE,
)
_TOSS: Final = re.compile(
    r"\bwon the toss\b|\b(?:elected|chose|opted) to (?:bat|field|bowl)\b", re.IGNORECASE
)
_LIST: Final = re.compile(r"\s*(?:,|;|\band\b|&|/)\s*")
_AROUND: Final = " ,|•·@" + DASHES
_LONGEST_TEAM: Final = 60


def read_match(sections: Sequence[Section]) -> Match:
    """The match, from labelled lines first and from loose rows where no label tells."""
    match = Match()
    for section in sections:
        if isinstance(section, Line):
            match = _from_line(match, section)
    for row in _loose_rows(sections):
        match = _from_loose(match, row)
    return match


def _loose_rows(sections: Sequence[Section]) -> list[Row]:
    rows: list[Row] = []
    for section in sections:
        if isinstance(section, Row):
            rows.append(section)
        elif isinstance(section, Table | Balls):
            rows.extend(section.titles)
    return rows


def _from_line(match: Match, line: Line) -> Match:
    passage = Passage.of(line.rows)
    text = passage.text.strip()
    if not text:
        return match
    whole = _whole(passage)
    if line.label is Label.TEAMS:
        return _with_teams(match, passage)
    if line.label is Label.DATE and match.date is None:
        return replace(match, date=_date(passage))
    if line.label is Label.VENUE and match.venue is None:
        return replace(match, venue=whole)
    if line.label is Label.TOSS and match.toss is None:
        return replace(match, toss=whole)
    if line.label is Label.RESULT and match.result is None:
        return replace(match, result=whole)
    if line.label is Label.UMPIRES and match.umpires is None:
        return replace(match, umpires=split_list(passage))
    return match


def _from_loose(match: Match, row: Row) -> Match:
    passage = Passage.of([row])
    if match.result is None and _RESULT.search(passage.text):
        return replace(match, result=_whole(passage))
    if match.toss is None and _TOSS.search(passage.text):
        return replace(match, toss=_whole(passage))
    if match.date is None:
        date = _date(passage)
        if date is not None:
            return replace(match, date=date, venue=match.venue or _venue_beside(passage))
    if not match.teams:
        return _with_teams(match, passage)
    return match


def _with_teams(match: Match, passage: Passage) -> Match:
    found = _TEAMS.match(passage.text)
    if found is None or len(found["first"]) > _LONGEST_TEAM or len(found["second"]) > _LONGEST_TEAM:
        return match
    teams = tuple(
        passage.matched(found, group, clean_name(found[group])) for group in ("first", "second")
    )
    if match.teams or not all(team.value for team in teams):
        return match
    kind = match.match_type
    if kind is None and found["type"]:
        kind = passage.matched(found, "type", MATCH_TYPES[found["type"].casefold()])
    return replace(match, teams=teams, match_type=kind)


def _date(passage: Passage) -> Value[str] | None:
    found = find_date(passage.text)
    return passage.value(found.iso, found.start, found.end) if found else None


def _venue_beside(passage: Passage) -> Value[str] | None:
    """`Sydney Cricket Ground, 4 January 2023`: the place stands before the day."""
    found = find_date(passage.text)
    if found is None:
        return None
    before = passage.text[: found.start].rstrip(_AROUND)
    place = before.lstrip(_AROUND)
    if sum(map(str.isalpha, place)) < 3 or _TYPE_ALONE.fullmatch(place):
        return None
    return passage.value(place, len(before) - len(place), len(before))


def _whole(passage: Passage) -> Value[str]:
    text = passage.text.strip(" |_~*•·")
    return passage.value(text or passage.text, 0, len(passage.text))


def split_list(passage: Passage) -> tuple[Value[str], ...]:
    """Names between commas, semicolons and `and`."""
    values = []
    start = 0
    for end, resume in [
        *((m.start(), m.end()) for m in _LIST.finditer(passage.text)),
        (len(passage.text), 0),
    ]:
        name = clean_name(passage.text[start:end])
        if sum(map(str.isalpha, name)) >= 2 and start < end:
            values.append(passage.value(name, start, end))
        start = resume
    return tuple(values)
