"""Ways to read cards take their turns, round after round."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add

from benchmarks.measure import Bench
from benchmarks.pace import there_and_back
from benchmarks.processes import spending
from benchmarks.throughput.loads import Reads, Round


@dataclass
class Turns:
    """What the rounds of several ways gave, by their names."""

    rounds: dict[str, list[Round]] = field(default_factory=dict)

    def rates(self, name: str, cards: int) -> list[float]:
        """Uploads a minute, round by round."""
        return [60 * cards / each.seconds for each in self.rounds[name]]


def take_turns(bench: Bench, ways: Sequence[Reads]) -> Turns:
    """Every way reads all cards in each round, half of them in a turn, in another order each time.

    A turn begins with a card for each process that does not count.
    """
    turns = Turns({way.name: [] for way in ways})
    contents = [card.content for card in bench.cards]
    middle = (len(contents) + 1) // 2
    halves = [half for half in (contents[:middle], contents[middle:]) if half]
    for number in range(bench.effort.rounds):
        order = random.sample(ways, len(ways))
        taken: dict[Reads, list[Round]] = {way: [] for way in order}
        for way in there_and_back(order, len(halves)):
            taken[way].append(_turn(bench, way, halves[len(taken[way])]))
        for way, both in taken.items():
            whole = reduce(add, both)
            turns.rounds[way.name].append(whole)
            rate = 60 * len(contents) / whole.seconds
            bench.say(f"  round {number + 1}: {way.name} {rate:.1f} uploads a minute")
    return turns


def _turn(bench: Bench, way: Reads, contents: Sequence[bytes]) -> Round:
    way.warm_up()
    with spending(bench.servers) as servers:
        took = way.burst(contents)
    return replace(took, servers_cpu_seconds=servers.cpu_seconds)
