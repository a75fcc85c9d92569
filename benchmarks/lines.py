"""Figures as they are reported: a median over rounds with its spread, beside what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be: at most so much, or at least."""

    limit: float
    at_least: bool = False

    def is_met_by(self, figure: float) -> bool:
        """Whether it is."""
        return figure >= self.limit if self.at_least else figure <= self.limit


def at_least(limit: float) -> Target:
    """No less than that."""
    return Target(limit, at_least=True)


def at_most(limit: float) -> Target:
    """No more than that."""
    return Target(limit)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the table."""

    what: str
    figure: float
    least: float
    """Of the rounds."""
    most: float
    rounds: int
    unit: str = ""
    target: Target | None = None

    @property
    def met(self) -> bool | None:
        """None where there is no target."""
        return None if self.target is None else self.target.is_met_by(self.figure)

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "target"}
        if self.target is not None:
            bound = "at_least" if self.target.at_least else "at_most"
            told |= {bound: self.target.limit, "met": self.met}
        return told


def over_rounds(
    what: str, values: Sequence[float], unit: str = "", target: Target | None = None
) -> Line:
    """The median of what each round gave."""
    return Line(what, median(values), min(values), max(values), len(values), unit, target)


def ratio(
    what: str, above: Sequence[float], below: Sequence[float], target: Target | None = None
) -> Line:
    """The median of the rounds' ratios: what a round's two sides have in common falls out."""
    ratios = [one / other for one, other in zip(above, below, strict=True)]
    return over_rounds(what, ratios, "x", target)


def percentile(
    what: str,
    rounds: Sequence[Sequence[float]],
    share: int,
    unit: str,
    target: Target | None = None,
) -> Line:
    """The percentile of all samples of all rounds; its spread is that of the rounds' own."""
    figure = float(np.percentile(list(chain.from_iterable(rounds)), share))
    each = [float(np.percentile(samples, share)) for samples in rounds]
    return Line(what, figure, min(each), max(each), len(rounds), unit, target)
