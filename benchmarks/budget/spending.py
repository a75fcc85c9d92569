"""Reads a card, and says what each stage and each look has cost."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.accuracy.comparison import Score, compare
from benchmarks.accuracy.folder import CardFile
from pipeline.errors import OcrError
from pipeline.ocr.looks import LookCost
from pipeline.options import Look, ReadingOptions
from pipeline.stages import read

EVERYTHING = frozenset(Look)


@dataclass(frozen=True, slots=True)
class CardSpending:
    """What became of one card, and where its time went."""

    stem: str
    level: str
    score: Score
    cpu_seconds: float
    stages: Mapping[str, float]
    """CPU seconds a stage, over all pages."""
    looks: Mapping[Look, LookCost]


def spend(card: CardFile, looks: frozenset[Look] = EVERYTHING) -> CardSpending:
    """Reads a card in this process, with no other looks than these.

    A file that cannot be read has cost nothing, and none of its numbers is right.
    """
    clock = _Clock()
    try:
        reading = read(
            card.picture.read_bytes(),
            ReadingOptions(looks=looks),
            on_stage=clock.begins,
            on_product=clock.ends,
        )
    except OcrError:
        score = compare(card.truth, None)
        return CardSpending(card.picture.stem, card.level, score, 0.0, {}, {})
    return CardSpending(
        stem=card.picture.stem,
        level=card.level,
        score=compare(card.truth, reading.document),
        cpu_seconds=reading.cpu_seconds,
        stages=dict(clock.spent),
        looks=reading.looks,
    )


class _Clock:
    """CPU time from a stage's beginning to its product; they follow one another."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._began = 0.0

    def begins(self, _stage: str, _page: int | None) -> None:
        self._began = time.process_time()

    def ends(self, stage: str, _page: int | None, _product: object) -> None:
        self.spent[stage] += time.process_time() - self._began
