"""Layouts that nobody has tuned on, of the kinds that are uploaded most: for measuring alone.

Their fonts are lists in CSS's form: a face that is not installed gives way to the next.
"""

from benchmarks.render.layout import Family, Layout, limited_overs, two_innings
from benchmarks.render.names import NameStyle
from benchmarks.render.showing import Extras, Showing

BLIND = (
    Layout(
        "records",
        (
            Showing(
                match=("match_type", "date", "venue", "toss", "result", "umpires"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate", "minutes"),
                bowling=("overs", "maidens", "runs", "wickets", "economy", "wides", "no_balls"),
                extras=Extras.OCCURRED,
                captain="{} (c)",
                keeper="\N{DAGGER}{}",
            ),
            Showing(
                match=("match_type", "date", "venue", "result"),
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "economy", "wides", "no_balls"),
                fall=("batter",),
                all_out_wickets=False,
            ),
        ),
        width=960,
        text=14,
        looks={
            "font": ("Roboto", "Lato, Open Sans", "Open Sans, Liberation Sans"),
            "accent": ("#1a4f8b", "#8a1538", "#14633a"),
        },
        fits=two_innings,
        family=Family.BLIND,
    ),
    Layout(
        "scorer",
        (
            Showing(
                match=("date", "venue", "match_type", "toss", "umpires", "result"),
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls", "economy"),
                digits=1,
                fall=("over",),
                captain="{} *",
                keeper="{} \N{DAGGER}",
            ),
            Showing(
                match=("date", "venue", "result"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "minutes", "balls", "fours", "sixes"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                all_out_wickets=False,
            ),
        ),
        width=900,
        text=14,
        looks={
            "font": (
                "Carlito, Liberation Sans",
                "Liberation Sans",
                "Caladea, Liberation Serif",
                "DejaVu Sans",
            ),
            "shade": ("#e2e2e2", "#ffffff"),
        },
        family=Family.BLIND,
    ),
    Layout(
        "pocket",
        (
            Showing(
                match=("venue", "date", "result"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "no_balls", "wides", "economy"),
                digits=1,
                captain="{} (c)",
                keeper="{} (wk)",
            ),
            Showing(
                match=("date", "toss", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                bowling=("overs", "runs", "wickets", "economy"),
                extras=Extras.OCCURRED,
            ),
        ),
        width=470,
        text=15,
        looks={
            "font": ("Roboto", "Open Sans, Lato", "Cantarell, Roboto"),
            "accent": ("#00796b", "#283593", "#37474f"),
        },
        fits=limited_overs,
        family=Family.BLIND,
    ),
    Layout(
        "column",
        (
            Showing(
                match=("venue", "date", "toss", "result", "umpires"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs",),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=(),
                all_out_wickets=False,
            ),
            Showing(
                match=("venue", "date", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                noughts=False,
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=(),
                all_out_wickets=False,
            ),
        ),
        width=460,
        text=15,
        looks={
            "font": (
                "Liberation Serif",
                "Linux Libertine O, Liberation Serif",
                "Caladea, Liberation Serif",
            ),
            "heading": ("Liberation Sans", "Roboto Condensed, Liberation Sans Narrow"),
            "paper": ("#ffffff", "#f6f3ea"),
        },
        family=Family.BLIND,
    ),
    Layout(
        "pavilion",
        (
            Showing(
                match=("date", "venue", "result", "umpires"),
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "economy"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                captain="{}*",
            ),
            Showing(
                match=("date", "toss", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                bowling=("overs", "maidens", "runs", "wickets"),
                fall=(),
                keeper="{} \N{DAGGER}",
                all_out_wickets=False,
            ),
        ),
        width=740,
        text=15,
        looks={
            "font": ("Open Sans, Liberation Sans", "Lato", "DejaVu Sans"),
            "colour": ("#7a0c1e", "#0b3d2e", "#1d3f72"),
            "ground": ("#dfe3e6", "#ffffff"),
            "stripes": (True, False),
        },
        fits=two_innings,
        family=Family.BLIND,
    ),
    Layout(
        "interval",
        (
            Showing(
                match=("match_type",),
                names=NameStyle.SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.TOTAL,
                fall=None,
                innings=1,
            ),
            Showing(
                match=("match_type", "venue"),
                names=NameStyle.CAPITALS,
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                bowling=None,
                fall=(),
                innings=1,
            ),
        ),
        width=1280,
        text=22,
        looks={
            "font": ("Roboto", "Open Sans, Liberation Sans", "Lato"),
            "theme": ("navy", "light", "maroon"),
            "ground": ("#3c5a3a", "#52697d", "#1d242b"),
            "heads": (True, False),
        },
        fits=limited_overs,
        family=Family.BLIND,
    ),
)
