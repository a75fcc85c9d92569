"""Uploads a minute, CPU and memory a card, and how long a card takes, beside the limit and Celery.

The ways to read cards take their turns, round after round; what a round has in common falls out of
the ratios.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median

from benchmarks.cards import Card, share_right
from benchmarks.lines import Line, at_least, over_rounds, percentile, ratio
from benchmarks.measure import Bench
from benchmarks.processes import spending
from benchmarks.throughput.celerys import OF_DEBIAN, OldWorker
from benchmarks.throughput.documents import documents_of
from benchmarks.throughput.limit import Limit
from benchmarks.throughput.loads import Reads, Round, System
from benchmarks.throughput.ours import Ours

WAYS = ("limit", "ours", "celery tuned", "celery as shipped")
LOAD = 0.7
"""Of what Celery can do: what comes is then the same for both, and neither is overrun."""
MIB = 1024**2
OVER_LIMIT = at_least(0.95)
OVER_CELERY = {"celery tuned": at_least(1.2), "celery as shipped": at_least(5)}


@dataclass
class Turns:
    """What the rounds of several ways gave, by their names."""

    rounds: dict[str, list[Round]] = field(default_factory=dict)
    servers: dict[str, list[float]] = field(default_factory=dict)
    """CPU seconds of the servers in each round."""

    def rates(self, name: str, cards: int) -> list[float]:
        """Uploads a minute, round by round."""
        return [60 * cards / each.seconds for each in self.rounds[name]]


def open_ways(
    opened: ExitStack, servers: Mapping[str, str], names: Sequence[str], processes: int, warm: bytes
) -> list[Reads]:
    """Start so many processes of each way; they end with the stack of contexts."""
    made: list[Reads] = []
    for name in names:
        match name:
            case "limit":
                made.append(opened.enter_context(Limit(processes, warm)))
            case "ours":
                made.append(opened.enter_context(Ours(servers, processes, warm)))
            case _:
                worker = OldWorker(servers, processes, warm, tuned=name == "celery tuned")
                made.append(opened.enter_context(worker))
    return made


def take_turns(bench: Bench, ways: Sequence[Reads]) -> Turns:
    """Every way reads all cards in each round, in another order each time."""
    turns = Turns({way.name: [] for way in ways}, {way.name: [] for way in ways})
    contents = [card.content for card in bench.cards]
    for number in range(bench.effort.rounds):
        for way in random.sample(ways, len(ways)):
            with spending(bench.servers) as servers:
                took = way.burst(contents)
            turns.rounds[way.name].append(took)
            turns.servers[way.name].append(servers.cpu_seconds)
            rate = 60 * len(contents) / took.seconds
            bench.say(f"  round {number + 1}: {way.name} {rate:.1f} uploads a minute")
    return turns


def measure(bench: Bench) -> Iterator[Line]:
    """All of it."""
    *fewer, most = bench.effort.replicas
    for processes in fewer:
        with ExitStack() as opened:
            ways = _open(bench, opened, ("limit", "ours"), processes)
            yield from _rates(take_turns(bench, ways), len(bench.cards), processes)
    names = WAYS if OF_DEBIAN else WAYS[:-1]
    if not OF_DEBIAN:
        bench.say("  celery as shipped is left out: there is no Debian Tesseract here")
    with ExitStack() as opened:
        ways = _open(bench, opened, names, most)
        turns = take_turns(bench, ways)
        yield from _rates(turns, len(bench.cards), most)
        systems = [way for way in ways if isinstance(way, System)]
        yield from _costs(turns, len(bench.cards))
        yield from _numbers(bench.cards, systems, turns)
        yield from _latencies(bench, systems, turns)


def _open(bench: Bench, opened: ExitStack, names: Sequence[str], processes: int) -> list[Reads]:
    warm = bench.cards[0].content
    return open_ways(opened, bench.stack.environment, names, processes, warm)


def _rates(turns: Turns, cards: int, processes: int) -> Iterator[Line]:
    by = f"{processes} process{'es' if processes > 1 else ''}"
    rates = {name: turns.rates(name, cards) for name in turns.rounds}
    for name, each in rates.items():
        yield over_rounds(f"{name}, {by}", each, "uploads/min")
    for name, each in rates.items():
        if name != "ours":
            target = OVER_CELERY.get(name, OVER_LIMIT)
            yield ratio(f"ours / {name}, {by}", rates["ours"], each, target)


def _costs(turns: Turns, cards: int) -> Iterator[Line]:
    for name, rounds in turns.rounds.items():
        a_card = [each.cpu_seconds / cards for each in rounds]
        yield over_rounds(f"{name}: CPU a card", a_card, "s")
    for name, servers in turns.servers.items():
        if name != "limit":
            a_card = [each / cards for each in servers]
            yield over_rounds(f"{name}: CPU of the servers a card", a_card, "s")


def _numbers(cards: Sequence[Card], systems: Sequence[System], turns: Turns) -> Iterator[Line]:
    for system in systems:
        last = turns.rounds[system.name][-1]
        right = share_right(cards, documents_of(system.queue, last.uploads))
        if right is not None:
            yield over_rounds(f"{system.name}: numbers right", [100 * right], "%")


def _latencies(bench: Bench, systems: Sequence[System], turns: Turns) -> Iterator[Line]:
    contents = [card.content for card in bench.cards]
    slowest = min(median(turns.rates(name, len(contents))) for name in ("ours", "celery tuned"))
    chance = random.Random(1)  # noqa: S311 - no secret; the same gaps for all
    gaps = [chance.expovariate(LOAD * slowest / 60) for _ in range(bench.effort.loaded)]
    coming = list(islice(cycle(contents), len(gaps)))
    for system in systems:
        if system.name == "celery as shipped":
            continue
        bench.say(f"  {system.name}: card by card, then under load")
        alone = [system.alone(contents)]
        with system.tree.watched() as memory:
            loaded = [system.paced(coming, gaps)]
        for how, took in (("alone", alone), (f"at {LOAD:.0%} of Celery's rate", loaded)):
            for share in (50, 95, 99):
                yield percentile(
                    f"{system.name}: queue to commit p{share}, {how}", took, share, "s"
                )
        yield over_rounds(f"{system.name}: peak memory, PSS", [max(memory) / MIB], "MiB")
