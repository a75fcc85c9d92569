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

    A turn begins with a card for each process that does not count.
    """
    turns = Turns({way.name: [] for way in ways}, {way.name: [] for way in ways})
    contents = [card.content for card in bench.cards]
    for number in range(bench.effort.rounds):
        for way in random.sample(ways, len(ways)):
            way.warm_up()
            with spending(bench.servers) as servers:
                took = way.burst(contents)
            turns.rounds[way.name].append(took)
            turns.servers[way.name].append(servers.cpu_seconds)
            rate = 60 * len(contents) / took.seconds
            bench.say(f"  round {number + 1}: {way.name} {rate:.1f} uploads a minute")
    return turns
