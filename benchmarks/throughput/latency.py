"""How long a card takes from the queue to its commit: alone, and while others come."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median

from benchmarks.lines import Line, percentile, ratio
from benchmarks.measure import Bench
from benchmarks.throughput.loads import System
from benchmarks.throughput.turns import Turns

LOAD = 0.7
"""Of what the slowest can do: what comes is then the same for all, and none is overrun."""
MIB = 1024**2


@dataclass
class Found:
    """Of one system, round by round."""

    alone: list[list[float]] = field(default_factory=list)
    """Seconds of each card."""
    loaded: list[list[float]] = field(default_factory=list)
    peaks: list[list[float]] = field(default_factory=list)
    """Highest memory under load, in MiB."""


def latencies(bench: Bench, systems: Sequence[System], turns: Turns) -> Iterator[Line]:
    """Of systems whose rates have been found, in turn."""
    slowest = min(median(turns.rates(each.name, len(bench.cards))) for each in systems)
    chance = random.Random(1)  # noqa: S311 - no secret; the same gaps in every run
    found = {each.name: Found() for each in systems}
    for number in range(bench.effort.rounds):
        bench.say(f"  round {number + 1}: card by card, then under load")
        gaps = [chance.expovariate(LOAD * slowest / 60) for _ in range(bench.effort.loaded)]
        for system in random.sample(systems, len(systems)):
            _take(bench, system, found[system.name], number, gaps)
    for name, each in found.items():
        yield from _lines(name, each)
    medians = {name: [median(took) for took in each.alone] for name, each in found.items()}
    for name, theirs in medians.items():
        if name != "ours":
            yield ratio(f"ours / {name}: queue to commit p50, alone", medians["ours"], theirs)


def _take(bench: Bench, system: System, found: Found, number: int, gaps: Sequence[float]) -> None:
    contents = [card.content for card in bench.cards]
    found.alone.append(system.alone(contents[number :: bench.effort.rounds]))
    coming = list(islice(cycle(contents), len(gaps)))
    with system.tree.watched() as memory:
        found.loaded.append(system.paced(coming, gaps))
    found.peaks.append([max(memory) / MIB])


def _lines(name: str, found: Found) -> Iterator[Line]:
    for how, took in (("alone", found.alone), (f"at {LOAD:.0%} load", found.loaded)):
        for share in (50, 95, 99):
            yield percentile(f"{name}: queue to commit p{share}, {how}", took, share, "s")
    yield percentile(f"{name}: peak memory, PSS", found.peaks, 100, "MiB")
