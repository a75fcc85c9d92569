"""What the rows of a card are gathered into."""

from dataclasses import dataclass, field

from pipeline.scorecard.header import Header
from pipeline.scorecard.labels import Labelled
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

TITLE_ROWS = 3
"""Rows above a table that may name its side."""


@dataclass(slots=True)
class Table:
    """A table: its head, its rows, and the loose rows right above it."""

    header: Header
    rows: list[Row] = field(default_factory=list)
    titles: tuple[Row, ...] = ()


@dataclass(slots=True)
class Line:
    """A labelled line, with the rows that continue it."""

    stretch: Labelled
    rest: list[Row] = field(default_factory=list)

    @property
    def label(self) -> Label | None:
        """What the line holds."""
        return self.stretch.label

    @property
    def rows(self) -> tuple[Row, ...]:
        """The words behind the label, and the rows that follow."""
        own = Row(self.stretch.page, self.stretch.words)
        return (own, *self.rest) if own.words else tuple(self.rest)


@dataclass(slots=True)
class Balls:
    """A list of balls, with the loose rows right above it."""

    rows: list[Row]
    titles: tuple[Row, ...] = ()


Section = Table | Line | Balls | Row
