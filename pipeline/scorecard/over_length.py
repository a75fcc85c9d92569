"""Six balls an over or eight: what the card itself tells.

Eight were bowled in Australia until 1979, and elsewhere at times. Only figures that six-ball overs
cannot show, `5.6` or `5.7`, raise the question, and only the bowlers' balls, which then make those
of the innings, answer it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipeline.scorecard.model import Innings
from pipeline.scorecard.overs import SIX_BALL_OVER, Overs
from pipeline.scorecard.value import Value

_EIGHT_BALL_OVER: Final = 8


def with_over_length(innings: Innings) -> Innings:
    """The innings, with overs of eight balls where its figures say so."""
    if not _is_of_eight(innings):
        return innings
    total, falls = innings.total, innings.fall_of_wickets
    return replace(
        innings,
        total=total and replace(total, overs=total.overs and _eight(total.overs)),
        bowling=innings.bowling
        and tuple(replace(row, overs=row.overs and _eight(row.overs)) for row in innings.bowling),
        fall_of_wickets=falls
        and tuple(replace(fall, over=fall.over and _eight(fall.over)) for fall in falls),
    )


def _is_of_eight(innings: Innings) -> bool:
    bowled = list(_bowled(innings))
    total = innings.total.overs if innings.total else None
    if total is None or not bowled or len(bowled) != len(innings.bowling or ()):
        return False
    if all(value.value.balls < SIX_BALL_OVER for value in (*bowled, total)):
        return False
    balls = sum(_eight(value).value.total_balls for value in bowled)
    return balls == _eight(total).value.total_balls


def _bowled(innings: Innings) -> Iterator[Value[Overs]]:
    return (row.overs for row in innings.bowling or () if row.overs is not None)


def _eight(value: Value[Overs]) -> Value[Overs]:
    return value.become(replace(value.value, balls_per_over=_EIGHT_BALL_OVER))
