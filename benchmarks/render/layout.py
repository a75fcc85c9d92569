"""A layout: what it shows, how wide it is, and the looks it can take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.render.matches import Json
from benchmarks.render.showing import Showing

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
