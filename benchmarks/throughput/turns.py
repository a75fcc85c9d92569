"""Ways to read cards take their turns, round after round."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.measure import Bench
from benchmarks.processes import spending
from benchmarks.throughput.loads import Reads, Round


@dataclass
class Turns:
    """What the rounds of several ways gave, by their names."""

    rounds: dict[str, list[Round]] = field(default_factory=dict)
    servers: dict[str, list[float]] = field(default_factory=dict)
    """CPU seconds of the servers in each round."""

    def rates(self, name: str, cards: int) -> list[float]:
        """Uploads a minute, round by round."""
        return [60 * cards / each.seconds for each in self.rounds[name]]


def take_turns(bench: Bench, ways: Sequence[Reads]) -> Turns:
    """Every way reads all cards in each round, in another order each time.

    Half of them are read there, and the others back again: a machine that gets slower slows all
    ways alike. A turn begins with a card for each process that does not count.
    """
    turns = Turns({way.name: [] for way in ways}, {way.name: [] for way in ways})
    contents = [card.content for card in bench.cards]
    middle = (len(contents) + 1) // 2
    for number in range(bench.effort.rounds):
        order = random.sample(ways, len(ways))
        there = _turns_of(bench, order, contents[:middle])
        back = _turns_of(bench, order[::-1], contents[middle:])
        for way in order:
            took, servers = _both(there[way.name], back.get(way.name))
            turns.rounds[way.name].append(took)
            turns.servers[way.name].append(servers)
            rate = 60 * len(contents) / took.seconds
            bench.say(f"  round {number + 1}: {way.name} {rate:.1f} uploads a minute")
    return turns


def _turns_of(
    bench: Bench, ways: Sequence[Reads], contents: Sequence[bytes]
) -> dict[str, tuple[Round, float]]:
    """What a turn of each gave, and the CPU seconds of the servers meanwhile."""
    taken = {}
    for way in ways if contents else ():
        way.warm_up()
        with spending(bench.servers) as servers:
            took = way.burst(contents)
        taken[way.name] = took, servers.cpu_seconds
    return taken


def _both(there: tuple[Round, float], back: tuple[Round, float] | None) -> tuple[Round, float]:
    """As if they had been one; a single card is not read back."""
    if back is None:
        return there
    return there[0] + back[0], there[1] + back[1]
