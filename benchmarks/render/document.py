"""The document of what a card prints: at once its truth and all that its template is given.

A template is given nothing but this document, so a picture cannot show a value that its truth
does not hold. Keys that begin with `_` (dot balls, whether an innings was declared) are printed
but are no part of the scorecard document; `truth_of` leaves them out.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.render.balls import boundaries_off, deliveries, dot_balls
from benchmarks.render.matches import Json
from benchmarks.render.names import Naming, dismissal, naming
from benchmarks.render.showing import MATCH, Dismissals, Extras, Showing

ALL_OUT = 10
_DAGGER = "\N{DAGGER}"
_SIGNS = re.compile(rf"[*{_DAGGER}]| \((?:c|wk)\)")
_STUMPED = re.compile(r"st (.+) b .+")


@dataclass(frozen=True, slots=True)
class _Players:
    """How this card names players, place by place."""

    name: Naming
    """In the bowling and the fall of wickets."""
    signed: Naming
    """Among the batters, with the captain's and the keeper's sign."""
    fielder: Naming
    """Who caught, stumped or ran out."""
    bowler: Naming
    """Who took the wicket, within a dismissal."""


def show(match: Json, showing: Showing, rng: random.Random) -> Json:
    """The document of what is printed of a match, private keys included."""
    details = match["match"]
    players = _players(match, showing, rng)
    facts = {key: (details[key] or None) if key in showing.match else None for key in MATCH}
    return {
        "match": {"teams": list(details["teams"]), **facts},
        "innings": [
            _innings(innings, showing, players, rng)
            for innings in match["innings"][: showing.innings]
        ],
    }


def truth_of(document: Any) -> Any:
    """The scorecard document alone, without what begins with `_` and the signs at names."""
    if isinstance(document, str):
        return _SIGNS.sub("", document)
    if isinstance(document, dict):
        return {key: truth_of(each) for key, each in document.items() if not key.startswith("_")}
    if isinstance(document, list):
        return [truth_of(each) for each in document]
    return document


def _players(match: Json, showing: Showing, rng: random.Random) -> _Players:
    everyone = list(_everyone(match))
    name = naming(everyone, showing.names)
    within = naming(everyone, showing.fielder_names or showing.names)
    # No record names keepers and captains: who stumps keeps wicket, and somebody leads each side.
    keepers = {
        found[1]
        for innings in match["innings"]
        for row in innings["batting"]
        if (found := _STUMPED.fullmatch(row["how_out"]))
    }
    captains = {rng.choice(_side(innings)) for innings in match["innings"][:2]}

    def signed(player: str) -> str:
        signs = showing.captain if player in captains else "{}"
        signs = signs.format(showing.keeper) if player in keepers else signs
        return signs.format(name(player))

    def fielder(player: str) -> str:
        dagger = player in keepers and showing.keeper.startswith(_DAGGER)
        return f"{_DAGGER}{within(player)}" if dagger else within(player)

    return _Players(name=name, signed=signed, fielder=fielder, bowler=within)


def _everyone(match: Json) -> Iterator[str]:
    for innings in match["innings"]:
        yield from _side(innings)
        yield from (row["name"] for row in innings["bowling"])


def _side(innings: Json) -> list[str]:
    return [*(row["name"] for row in innings["batting"]), *innings["did_not_bat"]]


def _innings(innings: Json, showing: Showing, players: _Players, rng: random.Random) -> Json:
    document: Json = {
        "team": innings["team"],
        "batting": None,
        "did_not_bat": None,
        "extras": None,
        "total": _total(innings, showing),
        "fall_of_wickets": None,
        "bowling": None,
        "_declared": innings["total"]["declared"],
    }
    if showing.batting is not None:
        rows = _best_batters(innings, showing)
        document["batting"] = [_batter(row, showing, players, rng) for row in rows]
    if showing.did_not_bat:
        document["did_not_bat"] = list(map(players.signed, innings["did_not_bat"])) or None
    if showing.extras is not None:
        document["extras"] = _extras(innings["extras"], showing.extras)
    if showing.fall is not None:
        document["fall_of_wickets"] = _fall(innings["fall_of_wickets"], showing.fall, players)
    if showing.bowling is not None:
        document["bowling"] = _bowling(innings, showing, players)
    if showing.overs_of_balls:
        balls = deliveries(innings["_deliveries"], showing, players.name)
        document["deliveries"] = list(balls)
    return document


def _fall(wickets: list[Json], columns: tuple[str, ...], players: _Players) -> list[Json]:
    return [
        {
            "wicket": fall["wicket"],
            "runs": fall["runs"],
            "batter": players.name(fall["batter"]) if "batter" in columns else None,
            "over": fall["over"] if "over" in columns else None,
        }
        for fall in wickets
    ]


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


def _batter(row: Json, showing: Showing, players: _Players, rng: random.Random) -> Json:
    columns = showing.batting or ()
    not_out = row["how_out"] in ("not out", "retired hurt")
    how_out: str | None = dismissal(row["how_out"], players.bowler, players.fielder)
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
        "name": players.signed(row["name"]),
        "how_out": how_out,
        **{key: values[key] if key in columns else None for key in keys},
        "_not_out": not_out,
    }


def _bowling(innings: Json, showing: Showing, players: _Players) -> list[Json]:
    balls = innings["_deliveries"]
    counts = {
        "_dots": dot_balls(balls),
        "_fours": boundaries_off(balls, 4),
        "_sixes": boundaries_off(balls, 6),
    }
    return [
        {
            **_bowler(row, showing, players),
            **{key: count.get(row["name"], 0) for key, count in counts.items()},
        }
        for row in _best_bowlers(innings, showing)
    ]


def _bowler(row: Json, showing: Showing, players: _Players) -> Json:
    columns = showing.bowling or ()
    economy = round(6 * row["runs"] / row["balls"], showing.digits) if row["balls"] else None
    values = {**row, "economy": economy}
    if not showing.noughts:
        values = {**values, **{key: row[key] or None for key in ("wides", "no_balls")}}
    keys = ("overs", "maidens", "runs", "wickets", "no_balls", "wides", "economy")
    return {
        "name": players.name(row["name"]),
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
