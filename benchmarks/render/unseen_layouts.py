"""Layouts kept from tuning until they had been measured, later than the fresh ones.

Their fonts are lists in CSS's form: a face that is not installed gives way to the next.
"""

from benchmarks.render.layout import Family, Layout, limited_overs, two_innings
from benchmarks.render.names import NameStyle
from benchmarks.render.showing import Extras, Showing

UNSEEN = (
    Layout(
        "bulletin",
        (
            Showing(
                match=("match_type", "date", "venue", "toss", "result"),
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls", "economy"),
                extras=Extras.OCCURRED,
                captain="{} (c)",
                keeper="{} (wk)",
                all_out_wickets=False,
            ),
            Showing(
                match=("result", "umpires"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                digits=1,
                extras=Extras.OCCURRED,
                fall=("batter",),
            ),
        ),
        width=960,
        text=15,
        looks={
            "font": ("Lato, Open Sans", "Liberation Sans", "Open Sans, Roboto"),
            "headline": ("Caladea, Liberation Serif", "Lato, Liberation Sans"),
            "accent": ("#b80000", "#05476b", "#2b6b3f"),
            "tint": ("#e9edf1", "#fbe9d9", "#ffffff"),
            "rail": (True, False),
        },
        family=Family.UNSEEN,
    ),
    Layout(
        "portal",
        (
            Showing(
                match=("date", "venue", "toss", "result", "umpires"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                captain="{}*",
                keeper="{}\N{DAGGER}",
            ),
            Showing(
                match=("date", "result"),
                names=NameStyle.DOTTED,
                batting=("runs", "minutes", "balls", "fours", "sixes"),
                bowling=("overs", "maidens", "wides", "no_balls", "runs", "wickets"),
                fall=("batter",),
            ),
        ),
        width=960,
        text=14,
        looks={
            "font": ("Open Sans, Liberation Sans", "Roboto", "DejaVu Sans"),
            "accent": ("#00539b", "#6d1f4f", "#216e4e"),
            "ground": ("#eef2f5", "#ffffff"),
        },
        fits=two_innings,
        family=Family.UNSEEN,
    ),
    Layout(
        "report",
        (
            Showing(
                match=("date", "venue", "result", "umpires"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs",),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=(),
                captain="{} (c)",
                keeper="{} (wk)",
            ),
            Showing(
                match=("toss", "result"),
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                all_out_wickets=False,
            ),
        ),
        width=800,
        text=15,
        looks={
            "font": (
                "Carlito, Liberation Sans",
                "Liberation Serif",
                "Caladea, Liberation Serif",
                "Courier Prime, Liberation Mono",
            ),
            "under": ("underline", "none"),
            "shade": ("#d9d9d9", "#ffffff", "#dbe5f1"),
        },
        fits=two_innings,
        family=Family.UNSEEN,
    ),
    Layout(
        "inked",
        (
            Showing(
                match=("date", "venue"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets"),
                fall=("batter",),
                innings=1,
            ),
            Showing(
                match=("date", "toss", "umpires"),
                names=NameStyle.SURNAME,
                batting=("runs", "minutes", "balls", "fours", "sixes"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls"),
                fall=(),
                innings=1,
            ),
        ),
        width=1080,
        text=17,
        looks={
            "font": ("Comic Neue, Lato", "Comic Neue, Carlito"),
            "ink": ("#1c2f86", "#1a1a1a", "#2b2b52"),
            "print": ("#9a2a2a", "#2c5d3f", "#555555"),
            "paper": ("#fdf8ea", "#ffffff", "#f3f7ec"),
        },
        family=Family.UNSEEN,
    ),
    Layout(
        "pastel",
        (
            Showing(
                match=("match_type", "venue", "date", "toss", "result"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "economy"),
                captain="{} (c)",
                keeper="{} (wk)",
            ),
            Showing(
                match=("match_type", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "economy"),
                digits=1,
                extras=Extras.OCCURRED,
                fall=("batter",),
            ),
        ),
        width=480,
        text=15,
        looks={
            "font": ("Cantarell, Lato", "Open Sans, Lato", "Roboto"),
            "wash": ("#efeafb", "#e6f5ef", "#fdeee6"),
            "strong": ("#6b4fc8", "#c2405f", "#2a7d78"),
            "dark": (False, True, False),
        },
        fits=limited_overs,
        family=Family.UNSEEN,
    ),
    Layout(
        "forwarded",
        (
            Showing(
                match=("date", "venue", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                all_out_wickets=False,
            ),
            Showing(
                match=("toss", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=(),
            ),
        ),
        width=540,
        text=16,
        looks={
            "font": ("Roboto", "Open Sans, Liberation Sans", "Lato"),
            "wall": ("#e5ddd5", "#dfe7ee", "#ffffff"),
            "bar": ("#075e54", "#2a5885", "#4a4a4a"),
            "dark": (False, False, True),
        },
        fits=limited_overs,
        family=Family.UNSEEN,
    ),
    Layout(
        "export",
        (
            Showing(
                match=("match_type", "date", "venue", "toss", "umpires", "result"),
                batting=("minutes", "runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls", "economy"),
                captain="*{}",
                keeper="\N{DAGGER}{}",
            ),
            Showing(
                match=("date", "venue", "result"),
                names=NameStyle.CAPITAL_SURNAME_FIRST,
                fielder_names=NameStyle.SURNAME,
                batting=("minutes", "balls", "fours", "sixes", "strike_rate", "runs"),
                bowling=("overs", "maidens", "runs", "wickets", "economy"),
                digits=1,
                extras=Extras.OCCURRED,
                fall=("over",),
                all_out_wickets=False,
            ),
        ),
        width=980,
        text=14,
        looks={
            "font": (
                "Linux Libertine O, Liberation Serif",
                "DejaVu Sans",
                "Carlito, Liberation Sans",
                "Linux Biolinum O, Lato",
            ),
            "stripes": (True, False),
        },
        family=Family.UNSEEN,
    ),
)
