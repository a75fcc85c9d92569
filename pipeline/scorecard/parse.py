"""Words to scorecard: rows, sections, tables and lines, then the arithmetic over all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.ocr.words import Page
from pipeline.scorecard.arithmetic import audited
from pipeline.scorecard.extras import read_extras
from pipeline.scorecard.fall import read_fall
from pipeline.scorecard.header import TableKind
from pipeline.scorecard.match import read_match, split_list
from pipeline.scorecard.model import Extras, Innings, Match, Scorecard, Total
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.repair import repaired
from pipeline.scorecard.rows import Row, find_rows
from pipeline.scorecard.sections import Line, Section, Table, find_sections
from pipeline.scorecard.sides import Title, settle_sides, title_of
from pipeline.scorecard.tables import batting_of, bowling_of
from pipeline.scorecard.totals import read_total
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import Label

NO_SCORECARD = "no scorecard was found on the picture"


def parse_pages(pages: Sequence[Page]) -> Scorecard:
    """The scorecard that the words of a file's pages show; an empty one where they show none."""
    rows = [row for page in pages for row in find_rows(page)]
    sections = find_sections(rows)
    match = read_match(sections)
    drafts = _drafts(sections, match.teams)
    match = _with_sides(match, drafts)
    innings = [draft.innings() for draft in drafts]
    innings = [one for one in innings if _shows_something(one)]
    if not innings:
        return Scorecard(match, (), (NO_SCORECARD,))
    settled = settle_sides(innings, match.teams)
    audits = tuple(audited(repaired(one)) for one in settled)
    return Scorecard(match, audits, _warnings(audits))


@dataclass(slots=True)
class _Draft:
    """One innings while the sections are gone through."""

    batting: Table | None = None
    bowling: Table | None = None
    falls: list[Row] = field(default_factory=list)
    extras: Extras | None = None
    totals: list[Total] = field(default_factory=list)
    did_not_bat: list[Value[str]] = field(default_factory=list)
    title: Title = field(default_factory=Title)

    @property
    def side(self) -> Value[str] | None:
        """The side that bats: above a bowling table alone, the side that bowls is named first."""
        only_bowling = self.batting is None and self.title.opponent is not None
        return self.title.opponent if only_bowling else self.title.team

    def innings(self) -> Innings:
        """The innings as read, before any arithmetic."""
        batting = batting_of(self.batting) if self.batting else None
        bowling = bowling_of(self.bowling) if self.bowling else None
        waiting = (*(batting.did_not_bat if batting else ()), *self.did_not_bat)
        return Innings(
            team=self.side,
            batting=(batting.batters or None) if batting else None,
            did_not_bat=waiting or None,
            extras=self.extras,
            total=self._total(),
            fall_of_wickets=read_fall(self.falls) or None,
            bowling=(bowling.bowlers or None) if bowling else None,
            unread=(*(batting.unread if batting else ()), *(bowling.unread if bowling else ())),
        )

    def _total(self) -> Total | None:
        """The first reading of each part: the total's own line before the innings' title."""
        totals = list(self.totals)
        if self.title.passage is not None:
            title = read_total(self.title.passage)
            if title is not None and title.runs is not None and title.wickets is not None:
                totals.append(title)
        if not totals:
            return None
        merged = totals[0]
        for other in totals[1:]:
            merged = Total(
                merged.runs or other.runs,
                merged.wickets or other.wickets,
                merged.overs or other.overs,
            )
        return merged


def _drafts(sections: Sequence[Section], teams: Sequence[Value[str]]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for section in sections:
        if isinstance(section, Table):
            _add_table(drafts, section, teams)
        elif isinstance(section, Line) and section.label in _INNINGS_LABELS:
            if not drafts:
                drafts.append(_Draft())
            _add_line(drafts[-1], section)
    return drafts


_INNINGS_LABELS = frozenset(
    {
        Label.EXTRAS,
        Label.TOTAL,
        Label.ALL_OUT,
        Label.OVERS,
        Label.DID_NOT_BAT,
        Label.FALL_OF_WICKETS,
    }
)


def _add_table(drafts: list[_Draft], table: Table, teams: Sequence[Value[str]]) -> None:
    kind = table.header.kind
    if kind is TableKind.FALL:
        if not drafts:
            drafts.append(_Draft())
        drafts[-1].falls.extend(table.rows)
        return
    is_batting = kind is TableKind.BATTING
    if (
        not drafts
        or (drafts[-1].batting if is_batting else drafts[-1].bowling) is not None
        or (is_batting and drafts[-1].bowling is not None)
    ):
        drafts.append(_Draft())
    draft = drafts[-1]
    if is_batting:
        draft.batting = table
    else:
        draft.bowling = table
    if is_batting or draft.batting is None:
        draft.title = title_of(table, teams)


def _add_line(draft: _Draft, line: Line) -> None:
    if line.label is Label.FALL_OF_WICKETS:
        draft.falls.extend(line.rows)
    elif line.label is Label.DID_NOT_BAT:
        draft.did_not_bat.extend(split_list(Passage.of(line.rows)))
    else:
        stretch = line.stretch
        passage = Passage.of_words([*stretch.heading, *stretch.words], stretch.page)
        if line.label is Label.EXTRAS:
            draft.extras = draft.extras or read_extras(passage)
        elif (total := read_total(passage)) is not None:
            draft.totals.append(total)


def _with_sides(match: Match, drafts: Sequence[_Draft]) -> Match:
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
    return any((innings.batting, innings.bowling, innings.total, innings.fall_of_wickets))


def _warnings(innings: Sequence[Innings]) -> tuple[str, ...]:
    return tuple(
        f"innings {number}: {len(one.unread)} number(s) could not be read"
        for number, one in enumerate(innings, start=1)
        if one.unread
    )
