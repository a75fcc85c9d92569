"""What a layout shows of a match. The result is at once the truth and all that is printed.

A template is given nothing but this document, so a picture cannot show a value that its truth
does not hold. Keys that begin with `_` (dot balls, invented minutes' inputs) are printed but are
no part of the scorecard document; `truth_of` leaves them out.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from benchmarks.render.matches import Json
from benchmarks.render.names import NameStyle, Naming, dismissal, naming

ALL_OUT = 10
KINDS = ("wides", "noballs", "legbyes", "byes", "penalty")
"""Of extras off a ball, as the matches name them."""
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
    """Boundaries that a batter has none of are printed, as 0."""
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
    innings: int = 4


def show(match: Json, showing: Showing, rng: random.Random) -> Json:
    """The document of what is printed of a match, private keys included."""
    details = match["match"]
    shown: Json = {key: details[key] if key in showing.match else None for key in MATCH}
    teams = list(details["teams"])
    name = naming(_players(match), showing.names)
    fielder = naming(_players(match), showing.fielder_names or showing.names)
    return {
        "match": {"teams": teams, **{key: shown[key] or None for key in MATCH}},
        "innings": [
            _innings(innings, showing, name, fielder, rng)
            for innings in match["innings"][: showing.innings]
        ],
    }


def truth_of(document: Any) -> Any:
    """The scorecard document alone, without what begins with `_`."""
    if isinstance(document, dict):
        return {key: truth_of(each) for key, each in document.items() if not key.startswith("_")}
    if isinstance(document, list):
        return [truth_of(each) for each in document]
    return document


def _players(match: Json) -> Iterator[str]:
    for innings in match["innings"]:
        yield from (row["name"] for row in (*innings["batting"], *innings["bowling"]))
        yield from innings["did_not_bat"]


def _innings(
    innings: Json, showing: Showing, name: Naming, fielder: Naming, rng: random.Random
) -> Json:
    shown: Json = {
        "team": innings["team"],
        "batting": None,
        "did_not_bat": None,
        "extras": None,
        "total": _total(innings, showing),
        "fall_of_wickets": None,
        "bowling": None,
        "_wickets": innings["total"]["wickets"],
        "_declared": innings["total"]["declared"],
    }
    if showing.batting is not None:
        rows = [
            _batter(row, showing, name, fielder, rng) for row in _best_batters(innings, showing)
        ]
        shown["batting"] = rows
    if showing.did_not_bat:
        shown["did_not_bat"] = [name(player) for player in innings["did_not_bat"]] or None
    if showing.extras is not None:
        shown["extras"] = _extras(innings["extras"], showing.extras)
    if showing.fall is not None:
        shown["fall_of_wickets"] = [
            {
                "wicket": fall["wicket"],
                "runs": fall["runs"],
                "batter": name(fall["batter"]) if "batter" in showing.fall else None,
                "over": fall["over"] if "over" in showing.fall else None,
            }
            for fall in innings["fall_of_wickets"]
        ]
    if showing.bowling is not None:
        dots = _dots(innings["_deliveries"])
        shown["bowling"] = [
            {**_bowler(row, showing, name), "_dots": dots.get(row["name"], 0)}
            for row in _best_bowlers(innings, showing)
        ]
    if showing.overs_of_balls:
        shown["deliveries"] = list(_deliveries(innings["_deliveries"], showing, name))
    return shown


def _best_batters(innings: Json, showing: Showing) -> list[Json]:
    rows: list[Json] = innings["batting"]
    if showing.top is None:
        return rows
    return sorted(rows, key=lambda row: (-row["runs"], row["balls"]))[: showing.top]


def _best_bowlers(innings: Json, showing: Showing) -> list[Json]:
    rows: list[Json] = innings["bowling"]
    if showing.top is None:
        return rows
    return sorted(rows, key=lambda row: (-row["wickets"], row["runs"]))[: showing.top]


def _batter(row: Json, showing: Showing, name: Naming, fielder: Naming, rng: random.Random) -> Json:
    columns = showing.batting or ()
    not_out = row["how_out"] in ("not out", "retired hurt")
    how_out: str | None = dismissal(row["how_out"], fielder)
    if showing.dismissals is Dismissals.NOT_OUT:
        how_out = "not out" if not_out else None
    # Nobody records minutes at Cricsheet: they are invented, near what the balls take.
    minutes = max(1, round(row["balls"] * rng.uniform(1.1, 1.6)) + rng.randint(0, 3))
    rate = round(100 * row["runs"] / row["balls"], showing.digits) if row["balls"] else None
    values = {**row, "minutes": minutes, "strike_rate": rate}
    if not showing.noughts:
        values = {**values, **{key: row[key] or None for key in ("fours", "sixes")}}
    keys = ("runs", "balls", "fours", "sixes", "strike_rate", "minutes")
    return {
        "name": name(row["name"]),
        "how_out": how_out,
        **{key: values[key] if key in columns else None for key in keys},
        "_not_out": not_out,
    }


def _bowler(row: Json, showing: Showing, name: Naming) -> Json:
    columns = showing.bowling or ()
    economy = round(6 * row["runs"] / row["balls"], showing.digits) if row["balls"] else None
    values = {**row, "economy": economy}
    keys = ("overs", "maidens", "runs", "wickets", "no_balls", "wides", "economy")
    return {
        "name": name(row["name"]),
        **{key: values[key] if key in columns else None for key in keys},
    }


def _extras(extras: Json, which: Extras) -> Json:
    parts = ("byes", "leg_byes", "wides", "no_balls", "penalty")
    shown: Json = {"total": extras["total"]}
    for part in parts:
        # Nobody prints a penalty that was not given.
        printed = which is Extras.ALL and part != "penalty"
        occurred = which is not Extras.TOTAL and extras[part] > 0
        shown[part] = extras[part] if printed or occurred else None
    return shown


def _total(innings: Json, showing: Showing) -> Json:
    total = innings["total"]
    shown = {
        key: total[key] if key in showing.total else None for key in ("runs", "wickets", "overs")
    }
    if total["wickets"] == ALL_OUT and not showing.all_out_wickets:
        shown["wickets"] = None
    return shown


def _dots(deliveries: Iterable[Json]) -> dict[str, int]:
    """Balls off which the bowler conceded nothing, a bowler."""
    dots: dict[str, int] = {}
    for ball in deliveries:
        conceded = ball["bat_runs"] + sum(
            ball["extras"].get(key, 0) for key in ("wides", "noballs")
        )
        dots[ball["bowler"]] = dots.get(ball["bowler"], 0) + (conceded == 0)
    return dots


def _deliveries(deliveries: Iterable[Json], showing: Showing, name: Naming) -> Iterator[Json]:
    score = wickets = 0
    for ball in deliveries:
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
