"""The words that scorecards use: the one place to which a language adds its own.

Everything is compared in lower case, without punctuation at its ends (see `plain`).
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pipeline.scorecard.characters import DASHES, QUOTES


class Column(StrEnum):
    """What a column of a table holds; the values are the model's field names."""

    INDEX = "index"
    NAME = "name"
    HOW_OUT = "how_out"
    FIELDER = "fielder"
    BOWLER = "bowler"
    RUNS = "runs"
    BALLS = "balls"
    FOURS = "fours"
    SIXES = "sixes"
    STRIKE_RATE = "strike_rate"
    MINUTES = "minutes"
    OVERS = "overs"
    MAIDENS = "maidens"
    WICKETS = "wickets"
    NO_BALLS = "no_balls"
    WIDES = "wides"
    ECONOMY = "economy"
    DOTS = "dots"
    SCORE = "score"
    OVER = "over"
    OTHER = "other"


class Label(StrEnum):
    """A phrase at the head of a line that says what the line holds."""

    EXTRAS = "extras"
    TOTAL = "total"
    ALL_OUT = "all out"
    OVERS = "overs"
    WICKETS = "wickets"
    DID_NOT_BAT = "did not bat"
    FALL_OF_WICKETS = "fall of wickets"
    BOWLING = "bowling"
    """Bowling as running text; above a table the same word is the table's head."""
    TEAMS = "teams"
    VENUE = "venue"
    DATE = "date"
    TOSS = "toss"
    RESULT = "result"
    UMPIRES = "umpires"
    ASIDE = "aside"
    """Something that a card tells and the document has no place for."""


BATTER_WORDS: Final = frozenset(
    {"batter", "batters", "batsman", "batsmen", "batswoman", "batting", "striker", "player"}
)
BOWLER_WORDS: Final = frozenset({"bowler", "bowlers", "bowling"})

COLUMN_WORDS: Final = MappingProxyType(
    {
        "#": Column.INDEX,
        "no": Column.INDEX,
        "index": Column.INDEX,
        "name": Column.NAME,
        **dict.fromkeys(BATTER_WORDS | BOWLER_WORDS, Column.NAME),
        "how out": Column.HOW_OUT,
        "howout": Column.HOW_OUT,
        "dismissal": Column.HOW_OUT,
        "status": Column.HOW_OUT,
        "fielder": Column.FIELDER,
        "fielders": Column.FIELDER,
        "caught by": Column.FIELDER,
        "r": Column.RUNS,
        "run": Column.RUNS,
        "runs": Column.RUNS,
        "total": Column.RUNS,
        "b": Column.BALLS,
        "ball": Column.BALLS,
        "balls": Column.BALLS,
        "bf": Column.BALLS,
        "bls": Column.BALLS,
        "4s": Column.FOURS,
        "4": Column.FOURS,
        "4's": Column.FOURS,
        "fours": Column.FOURS,
        "6s": Column.SIXES,
        "6": Column.SIXES,
        "6's": Column.SIXES,
        "sixes": Column.SIXES,
        "sr": Column.STRIKE_RATE,
        "s/r": Column.STRIKE_RATE,
        "s.r": Column.STRIKE_RATE,
        "strike rate": Column.STRIKE_RATE,
        "min": Column.MINUTES,
        "mins": Column.MINUTES,
        "minutes": Column.MINUTES,
        "o": Column.OVERS,
        "ov": Column.OVERS,
        "ovs": Column.OVERS,
        "overs": Column.OVERS,
        "mdn": Column.MAIDENS,
        "mdns": Column.MAIDENS,
        "mds": Column.MAIDENS,
        "maiden": Column.MAIDENS,
        "maidens": Column.MAIDENS,
        "w": Column.WICKETS,
        "wkt": Column.WICKETS,
        "wkts": Column.WICKETS,
        "wicket": Column.WICKETS,
        "wickets": Column.WICKETS,
        "econ": Column.ECONOMY,
        "eco": Column.ECONOMY,
        "ec": Column.ECONOMY,
        "er": Column.ECONOMY,
        "rpo": Column.ECONOMY,
        "e/r": Column.ECONOMY,
        "economy": Column.ECONOMY,
        "nb": Column.NO_BALLS,
        "nbs": Column.NO_BALLS,
        "no balls": Column.NO_BALLS,
        "wd": Column.WIDES,
        "wds": Column.WIDES,
        "wides": Column.WIDES,
        "0s": Column.DOTS,
        "0's": Column.DOTS,
        "dots": Column.DOTS,
        "dot": Column.DOTS,
        "figures": Column.OTHER,
        "figs": Column.OTHER,
        "analysis": Column.OTHER,
        "score": Column.SCORE,
        "team score": Column.SCORE,
        "over": Column.OVER,
    }
)
"""Heads of columns. `m` is not here: it is minutes in a batting table, maidens in a bowling one."""

MISREAD_COLUMN_WORDS: Final = MappingProxyType(
    {
        "oo": Column.OVERS,
        "0": Column.OVERS,
        "°": Column.OVERS,
        "(e)": Column.OVERS,
        "ww": Column.WICKETS,
        "www": Column.WICKETS,
        "rr": Column.RUNS,
        "4g": Column.FOURS,
        "as": Column.FOURS,
        "a4s": Column.FOURS,
        "48": Column.FOURS,
        "45": Column.FOURS,
        "gs": Column.SIXES,
        "65": Column.SIXES,
        "68": Column.SIXES,
        "os": Column.DOTS,
        "8": Column.BALLS,
        "5r": Column.STRIKE_RATE,
    }
)
"""What engines make of short heads; believed only in a row that is surely a head."""

LABEL_PHRASES: Final = MappingProxyType(
    {
        "extras": Label.EXTRAS,
        "extra": Label.EXTRAS,
        "sundries": Label.EXTRAS,
        "total extras": Label.EXTRAS,
        "total sundries": Label.EXTRAS,
        "total": Label.TOTAL,
        "innings total": Label.TOTAL,
        "all out": Label.ALL_OUT,
        "overs": Label.OVERS,
        "wickets": Label.WICKETS,
        "for wickets": Label.WICKETS,
        "wickets down": Label.WICKETS,
        "wkts": Label.WICKETS,
        "did not bat": Label.DID_NOT_BAT,
        "still to bat": Label.DID_NOT_BAT,
        "dnb": Label.DID_NOT_BAT,
        "yet to bat": Label.DID_NOT_BAT,
        "to bat": Label.DID_NOT_BAT,
        "fall of wickets": Label.FALL_OF_WICKETS,
        "fall of wicket": Label.FALL_OF_WICKETS,
        "fall of": Label.FALL_OF_WICKETS,
        "fow": Label.FALL_OF_WICKETS,
        "fall": Label.FALL_OF_WICKETS,
        "wickets fell at": Label.FALL_OF_WICKETS,
        "bowling": Label.BOWLING,
        "bowlers": Label.BOWLING,
        "match": Label.TEAMS,
        "played at": Label.VENUE,
        "venue": Label.VENUE,
        "ground": Label.VENUE,
        "date": Label.DATE,
        "toss": Label.TOSS,
        "result": Label.RESULT,
        "umpires": Label.UMPIRES,
        "umpire": Label.UMPIRES,
        "run rate": Label.ASIDE,
        "target": Label.ASIDE,
        "referee": Label.ASIDE,
        "match referee": Label.ASIDE,
        "scorer": Label.ASIDE,
        "scorers": Label.ASIDE,
        "player of the match": Label.ASIDE,
        "man of the match": Label.ASIDE,
        "partnerships": Label.ASIDE,
        "powerplays": Label.ASIDE,
    }
)

NEEDS_COLON: Final = frozenset({"match", "date", "result", "target", "ground", "to bat", "fall"})
"""Labels that are ordinary words too: believed only with a colon behind them."""

EXTRA_KINDS: Final = MappingProxyType(
    {
        "b": "byes",
        "bye": "byes",
        "byes": "byes",
        "lb": "leg_byes",
        "ib": "leg_byes",
        "1b": "leg_byes",
        "|b": "leg_byes",
        "!b": "leg_byes",
        "l": "leg_byes",
        "lbs": "leg_byes",
        "leg": "leg_byes",
        "legbye": "leg_byes",
        "legbyes": "leg_byes",
        "noball": "no_balls",
        "noballs": "no_balls",
        "w": "wides",
        "wd": "wides",
        "wds": "wides",
        "wide": "wides",
        "wides": "wides",
        "nb": "no_balls",
        "nbs": "no_balls",
        "n": "no_balls",
        "p": "penalty",
        "pen": "penalty",
        "penalty": "penalty",
    }
)

FIGURE_WORDS: Final = MappingProxyType(
    {
        Column.BALLS: ("b", "bf", "ball", "balls", "deliveries"),
        Column.FOURS: ("4s", "4's", "fours", "four"),
        Column.SIXES: ("6s", "6's", "sixes", "six"),
        Column.STRIKE_RATE: ("sr", "s/r", "strike rate"),
        Column.MINUTES: ("m", "min", "mins", "minutes"),
        Column.OVERS: ("o", "ov", "ovs", "over", "overs"),
        Column.WIDES: ("w", "wd", "wds", "wide", "wides"),
        Column.NO_BALLS: ("nb", "nbs", "no-ball", "no-balls", "no ball", "no balls"),
        Column.ECONOMY: ("econ", "eco", "er", "economy", "rpo"),
    }
)
"""What marks a figure that stands in no column: `4s: 5`, `33b`, `2w`, `SR 136.36`."""

CAPTAIN_AND_KEEPER_MARKS: Final = frozenset(
    {"c", "wk", "c & wk", "c&wk", "wk & c", "c/wk", "vc", "†"}
)
"""What stands in brackets, or after a comma, behind a name and is not part of it."""

TO_WORDS: Final = ("to",)
"""What stands between bowler and batter: `Starc to Kohli`."""

RUN_WORDS: Final = ("run", "runs")
NO_BALL_WORDS: Final = ("no ball", "no balls", "nb")
BALL_EXTRA_WORDS: Final = (
    *NO_BALL_WORDS,
    "wide",
    "wides",
    "wd",
    "leg bye",
    "leg byes",
    "lb",
    "bye",
    "byes",
    "penalty",
)
"""What a ball is told to be that costs a run though none was made off the bat."""

BALL_RUNS_WORDS: Final = MappingProxyType(
    {
        "no run": 0,
        "no runs": 0,
        "dot ball": 0,
        "dot": 0,
        "single": 1,
        "one run": 1,
        "two runs": 2,
        "three runs": 3,
        "boundary": 4,
        "four runs": 4,
        "four": 4,
        "six runs": 6,
        "six": 6,
    }
)
BALL_WICKET_WORDS: Final = ("out", "wicket", "bowled him", "caught", "lbw", "stumped", "run out")

WICKET_SIGN: Final = "W"
"""What stands for a wicket in a list of balls; a small letter is a wide."""

INNINGS_WORDS: Final = frozenset({"innings", "inns", "inning"})
ORDINALS: Final = frozenset(
    {"1st", "ist", "lst", "2nd", "3rd", "4th", "first", "second", "third", "fourth"}
)
"""With what engines make of a `1` before letters."""

MATCH_TYPES: Final = MappingProxyType(
    {
        "test": "Test",
        "odi": "ODI",
        "odm": "ODM",
        "t20": "T20",
        "t20i": "T20I",
        "it20": "IT20",
        "mdm": "MDM",
        "first class": "First class",
        "list a": "List A",
        "t10": "T10",
        "the hundred": "The Hundred",
    }
)

_ENDS = " \t.,:;*|_=~()[]{}<>" + QUOTES + DASHES


def plain(text: str) -> str:
    """Lower case, without punctuation at the ends: `Total:` -> `total`, `(index)` -> `index`."""
    return text.strip(_ENDS).casefold()
