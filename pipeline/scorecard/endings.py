"""How a batter's innings ended, and the words for it, to which a language adds its own."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Ending(StrEnum):
    """How an innings ended; the values are how the document writes it."""

    NOT_OUT = "not out"
    BATTING = "batting"
    DID_NOT_BAT = "did not bat"
    BOWLED = "b"
    CAUGHT = "c"
    CAUGHT_AND_BOWLED = "c & b"
    LBW = "lbw"
    STUMPED = "st"
    HIT_WICKET = "hit wicket"
    RUN_OUT = "run out"
    RETIRED_HURT = "retired hurt"
    RETIRED_NOT_OUT = "retired not out"
    RETIRED_OUT = "retired out"
    RETIRED = "retired"
    ABSENT_HURT = "absent hurt"
    ABSENT = "absent"
    OBSTRUCTING = "obstructing the field"
    TIMED_OUT = "timed out"
    HANDLED = "handled the ball"
    HIT_TWICE = "hit the ball twice"

    @property
    def is_wicket(self) -> bool:
        """Whether the side lost a wicket by it."""
        return self not in _NO_WICKET

    @property
    def credits_bowler(self) -> bool:
        """Whether the wicket stands in the bowler's figures."""
        return self in _BOWLERS


_NO_WICKET: Final = frozenset(
    {
        Ending.NOT_OUT,
        Ending.BATTING,
        Ending.DID_NOT_BAT,
        Ending.RETIRED_HURT,
        Ending.RETIRED_NOT_OUT,
        Ending.RETIRED,
        Ending.ABSENT_HURT,
        Ending.ABSENT,
    }
)
_BOWLERS: Final = frozenset(
    {
        Ending.BOWLED,
        Ending.CAUGHT,
        Ending.CAUGHT_AND_BOWLED,
        Ending.LBW,
        Ending.STUMPED,
        Ending.HIT_WICKET,
    }
)

PHRASES: Final = MappingProxyType(
    {
        "not out": Ending.NOT_OUT,
        "notout": Ending.NOT_OUT,
        "no": Ending.NOT_OUT,
        "batting": Ending.BATTING,
        "did not bat": Ending.DID_NOT_BAT,
        "dnb": Ending.DID_NOT_BAT,
        "c & b": Ending.CAUGHT_AND_BOWLED,
        "c &": Ending.CAUGHT_AND_BOWLED,
        "c&": Ending.CAUGHT_AND_BOWLED,
        "c and b": Ending.CAUGHT_AND_BOWLED,
        "c&b": Ending.CAUGHT_AND_BOWLED,
        "c &b": Ending.CAUGHT_AND_BOWLED,
        "c& b": Ending.CAUGHT_AND_BOWLED,
        "ct & b": Ending.CAUGHT_AND_BOWLED,
        "caught & bowled": Ending.CAUGHT_AND_BOWLED,
        "caught and bowled": Ending.CAUGHT_AND_BOWLED,
        "lbw": Ending.LBW,
        "l.b.w": Ending.LBW,
        "leg before wicket": Ending.LBW,
        "leg before": Ending.LBW,
        "run out": Ending.RUN_OUT,
        "runout": Ending.RUN_OUT,
        "hit wicket": Ending.HIT_WICKET,
        "hit wkt": Ending.HIT_WICKET,
        "retired hurt": Ending.RETIRED_HURT,
        "retd hurt": Ending.RETIRED_HURT,
        "retired ill": Ending.RETIRED_HURT,
        "retired not out": Ending.RETIRED_NOT_OUT,
        "retd not out": Ending.RETIRED_NOT_OUT,
        "retired out": Ending.RETIRED_OUT,
        "retd out": Ending.RETIRED_OUT,
        "retired": Ending.RETIRED,
        "retd": Ending.RETIRED,
        "absent hurt": Ending.ABSENT_HURT,
        "absent ill": Ending.ABSENT_HURT,
        "absent": Ending.ABSENT,
        "obstructing the field": Ending.OBSTRUCTING,
        "obstructed the field": Ending.OBSTRUCTING,
        "obstructing field": Ending.OBSTRUCTING,
        "timed out": Ending.TIMED_OUT,
        "handled the ball": Ending.HANDLED,
        "handled ball": Ending.HANDLED,
        "hit the ball twice": Ending.HIT_TWICE,
        "bowled": Ending.BOWLED,
        "stumped": Ending.STUMPED,
        "caught": Ending.CAUGHT,
        "ct": Ending.CAUGHT,
        "st": Ending.STUMPED,
        "b": Ending.BOWLED,
        "c": Ending.CAUGHT,
    }
)
"""How endings are printed; a language adds its own."""
