"""What a layout shows of a match."""

from dataclasses import dataclass
from enum import Enum

from benchmarks.render.names import NameStyle

MATCH = ("match_type", "date", "venue", "toss", "result", "umpires")


class Dismissals(Enum):
    """How much a card says of a batter's dismissal."""

    WHOLE = "whole"
    NOT_OUT = "not out"
    """Only who was not out, as the star of `45*` does."""


class Extras(Enum):
    """Which parts of the extras a card prints."""

    ALL = "all"
    OCCURRED = "occurred"
    """Those that are not nought."""
    TOTAL = "total"
    """None, only their sum."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What is printed. A section or column that is not named is not printed."""

    match: tuple[str, ...] = MATCH
    names: NameStyle = NameStyle.AS_GIVEN
    fielder_names: NameStyle | None = None
    """Of players within a dismissal; None = as `names`."""
    batting: tuple[str, ...] | None = ("runs", "balls", "fours", "sixes", "strike_rate")
    noughts: bool = True
    """Boundaries of a batter, wides and no balls of a bowler, are printed where there are none."""
    dismissals: Dismissals = Dismissals.WHOLE
    did_not_bat: bool = True
    extras: Extras | None = Extras.ALL
    total: tuple[str, ...] = ("runs", "wickets", "overs")
    all_out_wickets: bool = True
    """The wickets of a side that is all out stand as a number, not as words."""
    fall: tuple[str, ...] | None = ("batter", "over")
    bowling: tuple[str, ...] | None = ("overs", "maidens", "runs", "wickets", "economy")
    digits: int = 2
    """Of strike rate and economy, behind the point."""
    top: int | None = None
    """Only so many of the best batters and bowlers."""
    overs_of_balls: int = 0
    """So many overs, ball by ball."""
    first_ball: int = 0
    """The number of the first over of a ball: `0.1` or `1.1`."""
    bowler_of_ball: bool = True
    captain: str = "{}"
    """How the captain's name stands among the batters: `{} (c)`."""
    keeper: str = "{}"
    """How the wicketkeeper's stands there, and in dismissals where it begins with a dagger."""
    innings: int = 4
