"""Sections of a card gathered into innings, in the order in which they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.scorecard.bowling import BowlingTable
from pipeline.scorecard.deliveries import read_deliveries
from pipeline.scorecard.extras import completed, read_extras
from pipeline.scorecard.fall import has_pair, read_fall
from pipeline.scorecard.fall_table import has_columns, read_fall_table
from pipeline.scorecard.header import TableKind, is_name_alone
from pipeline.scorecard.match import split_list
from pipeline.scorecard.model import Extras, FallOfWicket, Innings, Total
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row
from pipeline.scorecard.section import Balls, Line, Section, Table
from pipeline.scorecard.sides import Title, title_of
from pipeline.scorecard.tables import TableReader, bowling_of_text
from pipeline.scorecard.titles import is_score_alone
from pipeline.scorecard.totals import read_total
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import Label


@dataclass(slots=True)
class Draft:
    """One innings while the sections are gone through."""

    batting: Table | None = None
    bowling: Table | None = None
    bowling_text: list[Row] = field(default_factory=list)
    balls: list[Row] = field(default_factory=list)
    falls: list[Row] = field(default_factory=list)
    fall_tables: list[Table] = field(default_factory=list)
    extras: Extras = field(default_factory=Extras)
    totals: list[Total] = field(default_factory=list)
    did_not_bat: list[Value[str]] = field(default_factory=list)
    title: Title = field(default_factory=Title)

    @property
    def side(self) -> Value[str] | None:
        """The side that bats: above a bowling table alone, the side that bowls is named first.

        A side whose score stands beside it bats.
        """
        only_bowling = self.batting is None and self.title.opponent is not None
        bowls = only_bowling and self._score_of_title() is None
        return self.title.opponent if bowls else self.title.team

    def innings(self, reader: TableReader) -> Innings:
        """The innings as read, before any arithmetic."""
        batting = reader.batting_of(self.batting) if self.batting else None
        bowling = self._bowling(reader)
        waiting = (*(batting.did_not_bat if batting else ()), *self.did_not_bat)
        return Innings(
            team=self.side,
            batting=(batting.batters or None) if batting else None,
            did_not_bat=waiting or None,
            extras=self.extras if self.extras != Extras() else None,
            total=self._total(),
            fall_of_wickets=self._falls() or None,
            bowling=(bowling.bowlers or None) if bowling else None,
            deliveries=read_deliveries(self.balls) or None,
            unread=(*(batting.unread if batting else ()), *(bowling.unread if bowling else ())),
            marked=frozenset(
                {
                    *(f"batting/{column}" for column in (batting.marked if batting else ())),
                    *(f"bowling/{column}" for column in (bowling.marked if bowling else ())),
                }
            ),
        )

    def _falls(self) -> tuple[FallOfWicket, ...]:
        if self.fall_tables:
            tables = ((table.header, table.rows) for table in self.fall_tables)
            return tuple(fall for head, rows in tables for fall in read_fall_table(head, rows))
        return read_fall(self.falls)

    def _bowling(self, reader: TableReader) -> BowlingTable | None:
        if self.bowling is not None:
            return reader.bowling_of(self.bowling)
        return bowling_of_text(self.bowling_text) if self.bowling_text else None

    def _score_of_title(self) -> Total | None:
        """The score beside the side's name, or in a row of its own above the table."""
        table = self.batting or self.bowling
        alone = [Passage.of([row]) for row in table.titles if is_score_alone(row)] if table else []
        for passage in (self.title.passage, *reversed(alone)):
            score = read_total(passage) if passage is not None else None
            if score is not None and score.runs is not None and score.wickets is not None:
                return score
        return None

    def _total(self) -> Total | None:
        """The first reading of each part: the total's own line before the innings' title."""
        totals = list(self.totals)
        title = self._score_of_title()
        if title is not None:
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


def drafts_of(sections: Sequence[Section], teams: Sequence[Value[str]]) -> list[Draft]:
    """The innings that sections hold, as far as they have been read.

    Args:
        sections: in reading order.
        teams: the match's sides, where the card names them.
    """
    drafts: list[Draft] = []
    for section in sections:
        if isinstance(section, Table):
            _add_table(drafts, section, teams)
        elif isinstance(section, Balls):
            _add_balls(drafts, section, teams)
        elif isinstance(section, Line) and section.label in _INNINGS_LABELS:
            if not drafts:
                drafts.append(Draft())
            _add_line(drafts[-1], section)
    return drafts


_INNINGS_LABELS = frozenset(
    {
        Label.EXTRAS,
        Label.TOTAL,
        Label.ALL_OUT,
        Label.OVERS,
        Label.WICKETS,
        Label.DID_NOT_BAT,
        Label.FALL_OF_WICKETS,
        Label.BOWLING,
    }
)


def _add_table(drafts: list[Draft], table: Table, teams: Sequence[Value[str]]) -> None:
    kind = table.header.kind
    if not table.rows and is_name_alone(table.header):
        return
    if kind is TableKind.FALL:
        if not drafts:
            drafts.append(Draft())
        if has_columns(table.header) and not any(map(has_pair, table.rows)):
            drafts[-1].fall_tables.append(table)
        else:
            drafts[-1].falls.extend(table.rows)
        return
    is_batting = kind is TableKind.BATTING
    if (
        not drafts
        or (drafts[-1].batting if is_batting else drafts[-1].bowling) is not None
        or (is_batting and drafts[-1].bowling is not None)
    ):
        drafts.append(Draft())
    draft = drafts[-1]
    if is_batting:
        draft.batting = table
    else:
        draft.bowling = table
    if is_batting or draft.batting is None:
        draft.title = title_of(table.titles, table.header, teams)


def _add_balls(drafts: list[Draft], balls: Balls, teams: Sequence[Value[str]]) -> None:
    title = title_of(balls.titles, None, teams)
    # A list below the tables of an innings tells of its balls; a list alone has its own title.
    if not drafts or drafts[-1].balls or (title.says_so and drafts[-1].batting is not None):
        drafts.append(Draft(title=title))
    drafts[-1].balls.extend(balls.rows)


def _add_line(draft: Draft, line: Line) -> None:
    if line.label is Label.FALL_OF_WICKETS:
        draft.falls.extend(line.rows)
    elif line.label is Label.BOWLING:
        draft.bowling_text.extend(line.rows)
    elif line.label is Label.DID_NOT_BAT:
        draft.did_not_bat.extend(split_list(Passage.of(line.rows)))
    else:
        stretch = line.stretch
        passage = Passage.of_words([*stretch.heading, *stretch.words], stretch.page)
        if line.label is Label.EXTRAS:
            if line.rest:
                # Where the kinds stand below, the passage ends with the total on its own.
                first, then = line.rest[0].words, stretch.words
                if passage.text.count("(") > passage.text.count(")"):
                    first, then = then, first
                passage = Passage.of_words([*stretch.heading, *first, *then], stretch.page)
            draft.extras = completed(draft.extras, read_extras(passage))
        elif (total := read_total(passage)) is not None:
            draft.totals.append(total)
