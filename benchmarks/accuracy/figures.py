"""Figures of many cards together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.accuracy.comparison import Score
from benchmarks.accuracy.measurement import Measured
from benchmarks.accuracy.tally import Cells

EXACT = frozenset({"bat.name", "bowl.name", "bat.how"})
"""Kinds that stand beside a more lenient twin, which alone is in the sums."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card: what it is, how well it was read, and at what cost."""

    stem: str
    layout: str
    level: str
    score: Score
    cost: Measured


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a group of cards. A share of nothing is None."""

    cards: int
    precision: float | None
    recall: float | None
    f1: float | None
    num: float | None
    """Share of the numbers that were read exactly."""
    perfect: float
    innings: int
    verifiable: int
    verified: int
    silent: int
    cpu_median: float
    """Seconds a card."""
    cpu_p95: float
    cpu_max: float
    memory_median: float
    """Of the peaks, in MiB."""
    memory_max: float
    kinds: Mapping[str, Cells]

    def to_json(self) -> dict[str, Any]:
        """The figures alone, without the cells of each kind."""
        names = (name for name in self.__slots__ if name != "kinds")
        return {name: getattr(self, name) for name in names}


def figures_of(cards: Sequence[Card]) -> Figures:
    """The figures of one group, which must not be empty."""
    kinds = _kinds(card.score.cells for card in cards)
    cells = Cells()
    for kind, each in kinds.items():
        if kind not in EXACT:
            cells.add(each)
    numbers = sum(card.score.numbers for card in cards)
    cpu = [card.cost.cpu_seconds for card in cards]
    memory = [card.cost.peak_mib for card in cards]
    return Figures(
        cards=len(cards),
        precision=share(cells.right, cells.right + cells.wrong),
        recall=share(cells.right, cells.right + cells.missed),
        f1=share(2 * cells.right, 2 * cells.right + cells.wrong + cells.missed),
        num=share(sum(card.score.right for card in cards), numbers),
        perfect=sum(card.score.perfect for card in cards) / len(cards),
        innings=sum(card.score.innings for card in cards),
        verifiable=sum(card.score.verifiable for card in cards),
        verified=sum(card.score.verified for card in cards),
        silent=sum(card.score.silent for card in cards),
        cpu_median=float(np.median(cpu)),
        cpu_p95=float(np.percentile(cpu, 95)),
        cpu_max=max(cpu),
        memory_median=float(np.median(memory)),
        memory_max=max(memory),
        kinds=kinds,
    )


def groups_of(cards: Sequence[Card]) -> dict[str, Figures]:
    """All cards, then each level and each layout."""
    groups: dict[str, list[Card]] = {"all": list(cards)}
    for dimension in ("level", "layout"):
        for card in cards:
            groups.setdefault(f"{dimension} {getattr(card, dimension)}", []).append(card)
    return {name: figures_of(each) for name, each in groups.items()}


def worst(cards: Iterable[Card], count: int = 5) -> list[Card]:
    """The cards to look at first: silent ones, then those with the most numbers wrong.

    A perfect card is none of them.
    """

    def badness(card: Card) -> tuple[int, float]:
        return card.score.silent, 1 - (share(card.score.right, card.score.numbers) or 0)

    imperfect = (card for card in cards if card.score.silent or not card.score.perfect)
    return sorted(imperfect, key=badness, reverse=True)[:count]


def share(part: float, whole: float) -> float | None:
    """None of nothing."""
    return part / whole if whole else None


def _kinds(cards: Iterable[Mapping[str, Cells]]) -> dict[str, Cells]:
    kinds: defaultdict[str, Cells] = defaultdict(Cells)
    for cells in cards:
        for kind, each in cells.items():
            kinds[kind].add(each)
    return dict(sorted(kinds.items()))
