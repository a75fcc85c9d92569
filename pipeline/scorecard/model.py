"""A scorecard as read from a picture: every value with the place that it was read from.

`None` means that the picture does not show the value; nothing is ever made up.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pipeline.scorecard.overs import Overs
from pipeline.scorecard.value import Value


@dataclass(frozen=True, slots=True)
class Batting:
    """One batter's row."""

    name: Value[str]
    how_out: Value[str] | None = None
    runs: Value[int] | None = None
    balls: Value[int] | None = None
    fours: Value[int] | None = None
    sixes: Value[int] | None = None
    strike_rate: Value[Decimal] | None = None
    minutes: Value[int] | None = None


@dataclass(frozen=True, slots=True)
class Bowling:
    """One bowler's row."""

    name: Value[str]
    overs: Value[Overs] | None = None
    maidens: Value[int] | None = None
    runs: Value[int] | None = None
    wickets: Value[int] | None = None
    no_balls: Value[int] | None = None
    wides: Value[int] | None = None
    economy: Value[Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """Runs that no batter made."""

    total: Value[int] | None = None
    byes: Value[int] | None = None
    leg_byes: Value[int] | None = None
    wides: Value[int] | None = None
    no_balls: Value[int] | None = None
    penalty: Value[int] | None = None

    @property
    def parts(self) -> tuple[Value[int], ...]:
        """The kinds of extras that the card lists."""
        kinds = (self.byes, self.leg_byes, self.wides, self.no_balls, self.penalty)
        return tuple(kind for kind in kinds if kind is not None)


@dataclass(frozen=True, slots=True)
class Total:
    """The innings' score."""

    runs: Value[int] | None = None
    wickets: Value[int] | None = None
    overs: Value[Overs] | None = None


@dataclass(frozen=True, slots=True)
class FallOfWicket:
    """The score at which a wicket fell."""

    wicket: Value[int] | None
    runs: Value[int] | None
    batter: Value[str] | None = None
    over: Value[Overs] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One ball of a ball-by-ball list."""

    ball: Value[Overs]
    bowler: Value[str] | None
    batter: Value[str] | None
    runs: Value[int] | None
    wicket: Value[bool] | None = None


class Verdict(StrEnum):
    """What an equation found."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_SUPPORTED = "not supported"
    """The card does not show all that the equation needs."""


@dataclass(frozen=True, slots=True)
class Check:
    """One equation of cricket, tried on an innings."""

    name: str
    left: str
    right: str
    verdict: Verdict
    sentence: str
    """For the reviewer: what was compared and what was found."""
    cells: tuple[str, ...] = ()
    """The values that take part: pointers within the innings, like `batting/3/runs`."""
    pins: bool = True
    """Whether it settles its values (an equation) or only bounds them."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A misreading that the arithmetic settled."""

    cell: str
    """Pointer within the innings."""
    read: str
    became: str
    settles: tuple[str, ...]
    """Names of the checks that hold since."""
    by_inference: bool = False
    """Whether only the equations say so, and no reading of the ink did."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Ink in a numeric cell that could not be read as a number."""

    cell: str
    """Pointer within the innings to the value that stays None."""
    ink: Value[None]


@dataclass(frozen=True, slots=True)
class Innings:
    """One side's innings; a section that the picture does not show is None."""

    team: Value[str] | None = None
    batting: tuple[Batting, ...] | None = None
    did_not_bat: tuple[Value[str], ...] | None = None
    extras: Extras | None = None
    total: Total | None = None
    fall_of_wickets: tuple[FallOfWicket, ...] | None = None
    bowling: tuple[Bowling, ...] | None = None
    deliveries: tuple[Delivery, ...] | None = None
    unread: tuple[Unread, ...] = ()
    marked: frozenset[str] = frozenset()
    """Columns, like `batting/fours`, that the card has no column for: it marks each number with a
    word (`4x4`), and prints none where there is nothing to tell."""
    checks: tuple[Check, ...] = ()
    repairs: tuple[Repair, ...] = ()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What the card says about the match."""

    teams: tuple[Value[str], ...] = ()
    match_type: Value[str] | None = None
    date: Value[str] | None = None
    """ISO 8601."""
    venue: Value[str] | None = None
    toss: Value[str] | None = None
    result: Value[str] | None = None
    umpires: tuple[Value[str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All that was read from one upload."""

    match: Match
    innings: tuple[Innings, ...]
    warnings: tuple[str, ...] = ()
