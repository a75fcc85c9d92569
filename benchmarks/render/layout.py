"""A layout: what it shows, how wide it is, and the looks it can take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
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


def second_innings(match: Json) -> bool:
    """A side bats twice."""
    return len(match["innings"]) > 2


class Family(Enum):
    """What a layout may be used for."""

    OPEN = "open"
    """To tune on."""
    SEALED = "sealed"
    """Kept from tuning until it had been measured."""
    FRESH = "fresh"
    """Kept from tuning until it had been measured, as `sealed` was."""
    UNSEEN = "unseen"
    """Kept from tuning until it had been measured, as `sealed` was."""
    BLIND = "blind"
    """Kept from tuning: for measuring alone."""


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
    family: Family = Family.OPEN

    @property
    def template(self) -> str:
        """Path of its template below `layouts/`, without the ending."""
        return self.name if self.family is Family.OPEN else f"{self.family.value}/{self.name}"


SANS = ("Liberation Sans", "Roboto", "Lato", "Carlito")
SERIF = ("Liberation Serif", "EB Garamond", "DejaVu Serif")
