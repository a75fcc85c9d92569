"""A match to render, and a reading to compare, small enough to be known by heart."""

from typing import Any

HOME = ["AB Home", "CD Keeper", "EF Third", "G de Fourth", "Hal Fifth", "IJ Sixth"]
AWAY = ["KL Away", "MN Swift", "OP Spin", "QR Catcher", "Sam Slow", "TU Last"]


def batter(
    name: str, how_out: str, runs: int, balls: int, fours: int, sixes: int
) -> dict[str, Any]:
    return {
        "name": name,
        "how_out": how_out,
        "runs": runs,
        "balls": balls,
        "fours": fours,
        "sixes": sixes,
        "strike_rate": round(100 * runs / balls, 2) if balls else None,
        "minutes": None,
    }


def bowler(name: str, balls: int, maidens: int, runs: int, wickets: int) -> dict[str, Any]:
    return {
        "name": name,
        "overs": str(balls // 6) + (f".{balls % 6}" if balls % 6 else ""),
        "balls": balls,
        "maidens": maidens,
        "runs": runs,
        "wickets": wickets,
        "no_balls": 1,
        "wides": 2,
        "economy": round(6 * runs / balls, 2),
    }


def ball(number: str, bowled_by: str, faced_by: str, runs: int, **more: Any) -> dict[str, Any]:
    return {
        "ball": number,
        "bowler": bowled_by,
        "batter": faced_by,
        "runs": runs,
        "bat_runs": 0 if more.get("extras") else runs,
        "extras": {},
        "wicket": None,
        "player_out": None,
        **more,
    }


def match() -> dict[str, Any]:
    """A T20 of two innings; numbers are unlike one another, so that a lost one is missed."""
    return {
        "id": "1",
        "match": {
            "teams": ["Homers", "Visitors"],
            "match_type": "T20",
            "gender": "female",
            "date": "2019-06-07",
            "venue": "The Green",
            "toss": "Homers, elected to bat",
            "result": "Visitors won by 4 wickets",
            "umpires": ["VW Umpire", "XY Other"],
        },
        "innings": [_innings("Homers", HOME, AWAY, 0), _innings("Visitors", AWAY, HOME, 100)],
    }


def _innings(team: str, side: list[str], field: list[str], more: int) -> dict[str, Any]:
    batting = [
        batter(side[0], f"c {field[3]} b {field[1]}", 61 + more, 47, 8, 3),
        batter(side[1], f"st {field[1]} b {field[2]}", 13, 17, 1, 0),
        batter(side[2], f"c & b {field[1]}", 0, 0, 0, 0),
        batter(side[3], f"run out ({field[3]}/{field[4]})", 29, 22, 4, 0),
        batter(side[4], "not out", 5, 9, 0, 0),
    ]
    extras = {"byes": 2, "leg_byes": 3, "wides": 6, "no_balls": 1, "penalty": 5, "total": 17}
    runs = 61 + more + 13 + 29 + 5 + 17
    return {
        "team": team,
        "batting": batting,
        "did_not_bat": [side[5]],
        "extras": extras,
        "total": {"runs": runs, "wickets": 4, "overs": "19.4", "balls": 118, "declared": False},
        "fall_of_wickets": [
            {"wicket": 1, "runs": 24, "batter": side[1], "over": "3.5"},
            {"wicket": 2, "runs": 26, "batter": side[2], "over": "4.1"},
            {"wicket": 3, "runs": 98, "batter": side[3], "over": "15.2"},
            {"wicket": 4, "runs": runs - 7, "batter": side[0], "over": "18.6"},
        ],
        "bowling": [
            bowler(field[1], 64, 1, 48, 2),
            bowler(field[2], 54, 0, runs - 48 - 10, 1),
        ],
        "_deliveries": [
            ball("0.1", field[1], side[0], 0),
            ball("0.2", field[1], side[0], 1, extras={"wides": 1}),
            ball("0.2", field[1], side[0], 4),
            ball("0.3", field[1], side[0], 2, extras={"legbyes": 2}),
            ball("1.1", field[2], side[1], 0, wicket="bowled", player_out=[side[1]]),
            ball("1.2", field[2], side[2], 6),
        ],
    }
