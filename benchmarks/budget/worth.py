"""What each stage costs, and what each look costs and buys, over the cards of a level."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from benchmarks.accuracy.comparison import Score
from benchmarks.accuracy.tally import Mistake
from benchmarks.budget.spending import CardSpending
from pipeline.ocr.looks import LookCost
from pipeline.options import Look

ALL = "all"


@dataclass(frozen=True, slots=True)
class Worth:
    """What a look costs and buys. A gain for no time at all is None."""

    pictures: float
    """A card, that Tesseract is shown."""
    cpu_ms: float
    """A card."""
    bought: int
    """Numbers of all cards that are right with it, and not without it."""
    spoilt: int
    """Numbers that are right without it, and not with it."""
    verified: int
    """Innings verified with it, less those verified without it."""
    silenced: int
    """Innings that are verified and wrong without it, less those with it."""
    a_second: float | None
    """Numbers bought, less those spoilt, for a CPU second."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Of the cards of one level."""

    cards: int
    cpu_ms: float
    """A card."""
    stages: Mapping[str, float]
    """CPU milliseconds a card."""
    looks: Mapping[Look, Worth]
    """Those that buy most for their time first."""

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def budgets(
    taken: Sequence[CardSpending], without: Mapping[Look, Sequence[CardSpending]]
) -> dict[str, Budget]:
    """Of all cards, then of each level.

    Args:
        taken: every card with all looks.
        without: the same cards, in the same order, with one look left out.
    """
    levels = {ALL: list(range(len(taken)))}
    for number, card in enumerate(taken):
        levels.setdefault(card.level, []).append(number)
    return {
        level: _budget(
            [taken[number] for number in numbers],
            {look: [cards[number] for number in numbers] for look, cards in without.items()},
        )
        for level, numbers in levels.items()
    }


def _budget(
    taken: Sequence[CardSpending], without: Mapping[Look, Sequence[CardSpending]]
) -> Budget:
    names = dict.fromkeys(name for card in taken for name in card.stages)
    worths = {look: _worth(look, taken, cards) for look, cards in without.items()}
    return Budget(
        cards=len(taken),
        cpu_ms=1000 * fmean(card.cpu_seconds for card in taken),
        stages={name: 1000 * fmean(card.stages.get(name, 0.0) for card in taken) for name in names},
        looks=dict(sorted(worths.items(), key=lambda each: -(each[1].a_second or 0.0))),
    )


def _worth(look: Look, taken: Sequence[CardSpending], without: Sequence[CardSpending]) -> Worth:
    costs = [card.looks.get(look, LookCost()) for card in taken]
    seconds = sum(cost.cpu_seconds for cost in costs)
    pairs = [(one.score, other.score) for one, other in zip(taken, without, strict=True)]
    bought = sum(_right_in_the_first(one, other) for one, other in pairs)
    spoilt = sum(_right_in_the_first(other, one) for one, other in pairs)
    return Worth(
        pictures=fmean(cost.pictures for cost in costs),
        cpu_ms=1000 * seconds / len(taken),
        bought=bought,
        spoilt=spoilt,
        verified=sum(one.verified - other.verified for one, other in pairs),
        silenced=sum(other.silent - one.silent for one, other in pairs),
        a_second=(bought - spoilt) / seconds if seconds else None,
    )


def _right_in_the_first(one: Score, other: Score) -> int:
    """How many numbers are mistakes of the other reading alone."""
    return (_places(other.mistakes) - _places(one.mistakes)).total()


def _places(mistakes: Sequence[Mistake]) -> Counter[tuple[str, str]]:
    return Counter((mistake.kind, mistake.where) for mistake in mistakes)
