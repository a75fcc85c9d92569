"""Whether an innings adds up, so that its arithmetic can vouch for it."""

from collections.abc import Mapping
from typing import Any

BALLS_AN_OVER = 6


def adds_up(innings: Mapping[str, Any]) -> bool:
    """Batting, extras and total are there and agree, and the bowling where it is there."""
    try:
        return _batting_adds_up(innings) and _bowling_adds_up(innings)
    except (AttributeError, KeyError, TypeError, ValueError):
        # A value that such a sum needs is not there.
        return False


def _batting_adds_up(innings: Mapping[str, Any]) -> bool:
    if not innings.get("batting"):
        return False
    runs = sum(int(row["runs"]) for row in innings["batting"])
    return runs + int(innings["extras"]["total"]) == int(innings["total"]["runs"])


def _bowling_adds_up(innings: Mapping[str, Any]) -> bool:
    bowling = innings.get("bowling")
    if not bowling:
        return True
    extras, total = innings["extras"], innings["total"]
    runs = sum(int(row["runs"]) for row in bowling)
    runs += sum(int(extras.get(part) or 0) for part in ("byes", "leg_byes", "penalty"))
    # Without the byes, all that is known is that the bowlers conceded no more than the total.
    known = any(extras.get(part) is not None for part in ("byes", "leg_byes"))
    if runs > int(total["runs"]) or (known and runs != int(total["runs"])):
        return False
    if total.get("overs") is None:
        return True
    return sum(_balls(row["overs"]) for row in bowling) == _balls(total["overs"])


def _balls(overs: object) -> int:
    whole, _, balls = str(overs).partition(".")
    return BALLS_AN_OVER * int(whole) + int(balls or 0)
