"""The layouts that there are: what each shows, how wide it is, and the looks it can take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.render.matches import Json
from benchmarks.render.names import NameStyle
from benchmarks.render.showing import Dismissals, Extras, Showing

LIMITED_OVERS = ("T20", "ODI", "ODM")


def _any_match(_match: Json) -> bool:
    return True


def two_innings(match: Json) -> bool:
    """Each side bats once."""
    return len(match["innings"]) == 2


def limited_overs(match: Json) -> bool:
    """One innings a side, of so many overs."""
    return match["match"]["match_type"] in LIMITED_OVERS and two_innings(match)


def twenty_overs(match: Json) -> bool:
    """A T20 match."""
    return match["match"]["match_type"] == "T20" and two_innings(match)


@dataclass(frozen=True, slots=True)
class Layout:
    """A template with what it is told to show."""

    name: str
    showings: tuple[Showing, ...]
    """A card takes one of them; the template is told which by `look.showing`."""
    width: int
    """Of the window, in CSS pixels."""
    text: float
    """Height of the text of its numbers (font size), in CSS pixels."""
    looks: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """What a card may look like: one of each is drawn."""
    fits: Callable[[Json], bool] = _any_match
    """Whether a match can be shown in it."""
    sealed: bool = False
    """Kept from tuning: for measuring alone."""

    @property
    def template(self) -> str:
        """Path of its template below `layouts/`, without the ending."""
        return f"sealed/{self.name}" if self.sealed else self.name


SANS = ("Liberation Sans", "Roboto", "Lato", "Carlito")
SERIF = ("Liberation Serif", "EB Garamond", "DejaVu Serif")

OPEN = (
    Layout(
        "newspaper",
        (
            Showing(
                match=("date", "venue", "result"),
                names=NameStyle.SURNAME,
                batting=("runs",),
                extras=Extras.OCCURRED,
                all_out_wickets=False,
                fall=(),
                bowling=("overs", "maidens", "runs", "wickets"),
            ),
            Showing(
                match=("toss", "result", "umpires"),
                names=NameStyle.DOTTED,
                fielder_names=NameStyle.SURNAME,
                batting=("runs",),
                extras=Extras.OCCURRED,
                fall=("batter",),
                bowling=("overs", "maidens", "runs", "wickets"),
                innings=2,
            ),
        ),
        width=720,
        text=13,
        looks={
            "font": SERIF,
            "columns": (1, 2, 2),
            "dash": ("-", "-", "\N{EN DASH}"),
            "leaders": (".", ". "),
            "numerals": ("normal", "lining-nums"),
        },
    ),
    Layout(
        "sidebyside",
        (
            Showing(match=("date", "venue", "result"), fall=("over",)),
            Showing(
                match=("venue", "toss"),
                names=NameStyle.DOTTED,
                batting=("runs", "balls"),
                fall=(),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                innings=2,
            ),
        ),
        width=1180,
        text=14,
        looks={
            "font": SANS,
            "accent": ("#14375e", "#7a1f1f", "#2b5d34", "#444"),
            "ruled": (True, False),
        },
    ),
    Layout(
        "app-lines",
        (
            Showing(
                match=("result",),
                batting=("runs", "balls", "fours", "sixes"),
                noughts=False,
                fall=None,
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
            ),
            Showing(
                match=("venue", "date"),
                names=NameStyle.SURNAME,
                batting=("runs", "balls", "fours", "sixes"),
                noughts=False,
                fall=("over",),
                bowling=("overs", "maidens", "runs", "wickets"),
                extras=Extras.OCCURRED,
                innings=1,
            ),
        ),
        width=560,
        text=15,
        looks={
            "font": SANS,
            "dark": (True, False),
            "boundaries": ("5x4", "4s:5"),
        },
        fits=limited_overs,
    ),
    Layout(
        "summary",
        (
            Showing(
                match=("match_type", "venue", "result"),
                batting=("runs", "balls"),
                dismissals=Dismissals.NOT_OUT,
                did_not_bat=False,
                extras=None,
                fall=None,
                bowling=("overs", "runs", "wickets"),
                top=3,
            ),
            Showing(
                match=("result",),
                names=NameStyle.CAPITAL_SURNAME,
                batting=("runs", "balls"),
                dismissals=Dismissals.NOT_OUT,
                did_not_bat=False,
                extras=None,
                fall=None,
                bowling=("runs", "wickets"),
                top=4,
            ),
        ),
        width=900,
        text=20,
        looks={
            "font": ("Roboto Condensed", "Lato", "Liberation Sans Narrow"),
            "theme": ("night", "day", "green"),
        },
        fits=limited_overs,
    ),
    Layout(
        "ballbyball",
        (
            Showing(
                match=("match_type",),
                names=NameStyle.SURNAME,
                batting=None,
                did_not_bat=False,
                extras=None,
                total=(),
                fall=None,
                bowling=None,
                overs_of_balls=4,
                innings=1,
            ),
            Showing(
                match=("date",),
                names=NameStyle.SURNAME,
                batting=None,
                did_not_bat=False,
                extras=None,
                total=(),
                fall=None,
                bowling=None,
                overs_of_balls=5,
                first_ball=1,
                bowler_of_ball=False,
                innings=1,
            ),
        ),
        width=640,
        text=15,
        looks={"font": SANS, "dark": (False, True, False)},
        fits=limited_overs,
    ),
    Layout(
        "two-line",
        (
            Showing(
                batting=("minutes", "balls", "runs", "fours", "sixes", "strike_rate"),
                bowling=("economy", "overs", "maidens", "runs", "wickets", "wides", "no_balls"),
                digits=1,
                fall=("batter", "over"),
            ),
            Showing(
                match=("match_type", "date", "umpires"),
                names=NameStyle.SURNAME_FIRST,
                batting=("strike_rate", "sixes", "fours", "balls", "runs"),
                bowling=("wickets", "runs", "overs", "maidens", "economy"),
                fall=(),
            ),
        ),
        width=820,
        text=15,
        looks={
            "font": (*SANS, "EB Garamond"),
            "accent": ("#0b6e4f", "#6a1b9a", "#b23a48", "#1d3557"),
            "zebra": (True, False),
        },
    ),
)

LAYOUTS = {layout.name: layout for layout in OPEN}
"""Every layout by its name."""
