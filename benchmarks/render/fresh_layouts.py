"""Layouts kept from tuning until they had been measured, later than the sealed ones.

Their fonts are lists in CSS's form: a face that is not installed gives way to the next.
"""

from benchmarks.render.layout import (
    Family,
    Layout,
    limited_overs,
    second_innings,
    two_innings,
)
from benchmarks.render.names import NameStyle
from benchmarks.render.showing import Dismissals, Extras, Showing

FRESH = (
    Layout(
        "match-centre",
        (
            Showing(
                match=("match_type", "date", "venue", "toss", "result"),
                batting=("runs", "balls", "minutes", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "economy", "wides", "no_balls"),
                extras=Extras.OCCURRED,
                captain="{} (c)",
                keeper="{} \N{DAGGER}",
            ),
            Showing(
                match=("match_type", "venue", "result", "umpires"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                extras=Extras.OCCURRED,
                all_out_wickets=False,
            ),
        ),
        width=940,
        text=14,
        looks={
            "font": ("Open Sans, Roboto", "Cantarell, Lato", "Liberation Sans"),
            "accent": ("#03a9f4", "#0d7f6f", "#5a3fc0"),
        },
        family=Family.FRESH,
    ),
    Layout(
        "spreadsheet",
        (
            Showing(
                match=("date", "venue", "result"),
                names=NameStyle.SURNAME_FIRST,
                batting=("runs", "balls", "minutes", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls", "economy"),
            ),
            Showing(
                match=("date", "toss"),
                names=NameStyle.AS_GIVEN,
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                noughts=False,
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls"),
                fall=(),
            ),
        ),
        width=1060,
        text=14,
        looks={
            "font": ("Carlito", "Liberation Sans", "Comic Neue, Lato"),
            "fill": ("#d9ead3", "#fff2cc", "#dce6f1", "transparent"),
            "screen": (True, False),
        },
        fits=two_innings,
        family=Family.FRESH,
    ),
    Layout(
        "encyclopedia",
        (
            Showing(
                match=("date", "venue", "umpires"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls", "economy"),
                noughts=False,
                extras=Extras.OCCURRED,
            ),
            Showing(
                match=("toss", "result"),
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets", "economy"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                captain="{}*",
                keeper="\N{DAGGER}{}",
            ),
        ),
        width=880,
        text=14,
        looks={
            "font": ("Liberation Sans", "DejaVu Sans", "Roboto"),
            "heading": ("Linux Libertine O, Liberation Serif", "Liberation Serif"),
        },
        family=Family.FRESH,
    ),
    Layout(
        "handbook",
        (
            Showing(
                match=("date", "venue", "toss", "result", "umpires"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs",),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=(),
                captain="*{}",
                keeper="\N{DAGGER}{}",
                all_out_wickets=False,
            ),
            Showing(
                match=("venue", "result"),
                names=NameStyle.AS_GIVEN,
                fielder_names=NameStyle.SURNAME,
                batting=("runs",),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=None,
            ),
        ),
        width=860,
        text=14,
        looks={
            "font": (
                "Caladea, EB Garamond",
                "Linux Libertine O, Liberation Serif",
                "DejaVu Serif",
            ),
            "columns": ("1st innings", "First Innings"),
        },
        fits=second_innings,
        family=Family.FRESH,
    ),
    Layout(
        "scoreboard",
        (
            Showing(
                match=(),
                names=NameStyle.CAPITAL_SURNAME,
                batting=("runs",),
                dismissals=Dismissals.NOT_OUT,
                extras=Extras.TOTAL,
                bowling=("overs", "runs", "wickets"),
                fall=None,
                innings=1,
            ),
            Showing(
                match=(),
                names=NameStyle.CAPITAL_SURNAME,
                batting=("runs", "balls"),
                dismissals=Dismissals.NOT_OUT,
                extras=Extras.ALL,
                bowling=("overs", "maidens", "runs", "wickets"),
                fall=(),
                innings=1,
            ),
        ),
        width=1240,
        text=26,
        looks={
            "font": ("Roboto Condensed", "Open Sans Condensed, Liberation Sans Narrow", "Lato"),
            "paint": ("green", "black", "bulbs"),
        },
        family=Family.FRESH,
    ),
    Layout(
        "site-print",
        (
            Showing(
                match=("match_type", "date", "venue", "toss", "result", "umpires"),
                batting=("runs", "minutes", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls", "economy"),
                captain="{} (c)",
                keeper="{} (wk)",
            ),
            Showing(
                match=("date", "venue", "result"),
                names=NameStyle.AS_GIVEN,
                batting=("runs", "balls", "fours", "sixes"),
                bowling=("overs", "maidens", "runs", "wickets", "economy"),
                digits=1,
                fall=("over",),
                captain="{}*",
            ),
        ),
        width=780,
        text=13,
        looks={
            "font": ("Liberation Serif", "Open Sans, Liberation Sans", "Carlito"),
            "menu": (True, False),
        },
        fits=two_innings,
        family=Family.FRESH,
    ),
    Layout(
        "mail",
        (
            Showing(
                match=("date", "venue", "toss", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                all_out_wickets=False,
            ),
            Showing(
                match=("result",),
                names=NameStyle.AS_GIVEN,
                fielder_names=NameStyle.SURNAME,
                batting=("runs", "fours", "sixes"),
                noughts=False,
                bowling=("overs", "maidens", "runs", "wickets", "wides", "no_balls"),
                extras=Extras.OCCURRED,
                fall=(),
            ),
        ),
        width=760,
        text=14,
        looks={
            "font": (
                "Courier Prime, Liberation Mono",
                "DejaVu Sans Mono",
                "Carlito",
                "Caladea, Liberation Serif",
            ),
            "quoted": (True, False),
        },
        fits=two_innings,
        family=Family.FRESH,
    ),
    Layout(
        "broadcast",
        (
            Showing(
                match=("match_type",),
                names=NameStyle.CAPITAL_SURNAME,
                batting=("runs", "balls"),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.TOTAL,
                fall=(),
                innings=1,
            ),
            Showing(
                match=("match_type", "venue"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                bowling=None,
                extras=Extras.OCCURRED,
                fall=(),
                innings=1,
                keeper="\N{DAGGER}{}",
            ),
        ),
        width=1360,
        text=22,
        looks={
            "font": ("Open Sans, Roboto", "Roboto Condensed", "Cantarell, Lato"),
            "theme": ("white", "royal", "charcoal"),
        },
        fits=limited_overs,
        family=Family.FRESH,
    ),
    Layout(
        "night-app",
        (
            Showing(
                match=("match_type", "result"),
                batting=("runs", "balls", "fours", "sixes", "strike_rate"),
                bowling=("overs", "maidens", "runs", "wickets", "no_balls", "wides", "economy"),
                digits=1,
                captain="{} (c)",
                keeper="{} (wk)",
            ),
            Showing(
                match=("toss", "result"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                bowling=("overs", "runs", "wickets", "economy"),
                extras=Extras.OCCURRED,
                fall=("batter",),
                innings=1,
            ),
        ),
        width=460,
        text=15,
        looks={
            "font": ("Roboto", "Open Sans, Lato", "Cantarell, Liberation Sans"),
            "accent": ("#00d09c", "#ff7a59", "#8ab4f8"),
        },
        fits=limited_overs,
        family=Family.FRESH,
    ),
)
