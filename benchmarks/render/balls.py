"""What is taken from a match ball by ball."""

from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.render.matches import Json
from benchmarks.render.names import Naming
from benchmarks.render.showing import Showing

KINDS = ("wides", "noballs", "legbyes", "byes", "penalty")
"""Of extras off a ball, as the matches name them."""


def dot_balls(balls: Iterable[Json]) -> dict[str, int]:
    """Balls off which the bowler conceded nothing, a bowler."""
    dots: dict[str, int] = {}
    for ball in balls:
        conceded = ball["bat_runs"] + sum(
            ball["extras"].get(key, 0) for key in ("wides", "noballs")
        )
        dots[ball["bowler"]] = dots.get(ball["bowler"], 0) + (conceded == 0)
    return dots


def boundaries_off(balls: Iterable[Json], runs: int) -> dict[str, int]:
    """Balls that were hit for so many runs, a bowler."""
    return Counter(ball["bowler"] for ball in balls if ball["bat_runs"] == runs)


def deliveries(balls: Iterable[Json], showing: Showing, name: Naming) -> Iterator[Json]:
    """The first overs as a document lists them, with what was scored by then."""
    score = wickets = 0
    for ball in balls:
        over, number = ball["ball"].split(".")
        if int(over) >= showing.overs_of_balls:
            return
        score += ball["runs"]
        wickets += ball["wicket"] is not None
        yield {
            "ball": f"{int(over) + showing.first_ball}.{number}",
            "bowler": name(ball["bowler"]) if showing.bowler_of_ball else None,
            "batter": name(ball["batter"]),
            "runs": ball["runs"],
            "wicket": ball["wicket"] is not None,
            "_over": int(over) + 1,
            "_bat_runs": ball["bat_runs"],
            "_extras": {kind: ball["extras"].get(kind, 0) for kind in KINDS},
            "_how": ball["wicket"],
            "_score": f"{score}/{wickets}",
        }
