"""Overs are balls: `12.4` is twelve overs and four balls, never a decimal fraction."""

import re
from dataclasses import dataclass
from typing import Final

SIX_BALL_OVER: Final = 6
"""Balls an over, unless the card shows otherwise (eight were bowled in Australia to 1979)."""

_PRINTED = re.compile(r"(\d{1,3})(?:\.(\d))?")


@dataclass(frozen=True, slots=True)
class Overs:
    """Overs as a card prints them.

    A fall of wicket may name the last ball of an over (`46.6`); the parts are therefore kept as
    printed, and `total_balls` says how many balls they are.
    """

    completed: int
    balls: int = 0
    balls_per_over: int = SIX_BALL_OVER
    dotted: bool = False
    """Whether the card prints whole overs with their point: `3.0`."""

    @classmethod
    def parse(cls, text: str, balls_per_over: int = SIX_BALL_OVER) -> "Overs":
        """Overs from `12.4` or `20`.

        Raises:
            ValueError: the text is not of that form, or names more balls than an over has.
        """
        match = _PRINTED.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a number of overs")
        balls = int(match[2] or 0)
        if balls > balls_per_over:
            raise ValueError(f"{text!r} names ball {balls} of a {balls_per_over}-ball over")
        return cls(int(match[1]), balls, balls_per_over, dotted=match[2] is not None)

    @classmethod
    def from_balls(cls, balls: int, balls_per_over: int = SIX_BALL_OVER) -> "Overs":
        """Overs that hold so many balls: 76 -> 12.4."""
        completed, rest = divmod(balls, balls_per_over)
        return cls(completed, rest, balls_per_over, dotted=rest > 0)

    @property
    def total_balls(self) -> int:
        """12.4 -> 76 where an over has six balls."""
        return self.completed * self.balls_per_over + self.balls

    def __str__(self) -> str:
        return f"{self.completed}.{self.balls}" if self.dotted else str(self.completed)
