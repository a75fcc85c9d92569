"""What every measure is given, and how much of it there is to be."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.cards import Card
from benchmarks.lines import Line
from benchmarks.processes import Tree
from deploy.devstack import DevStack


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    rounds: int
    cards: int
    """A round, of those that are read."""
    replicas: tuple[int, ...]
    """Beside as many plain processes; the most of them beside Celery."""
    more_replicas: tuple[int, ...]
    """Than there are cores, perhaps."""
    loaded: int
    """A round, of those that come at random moments."""
    latencies: int
    """Uploads a round, one after the other on an idle system."""
    entries: int
    """A round, with a reading that takes no time."""
    backlogs: tuple[int, ...]
    """Entries that wait; the first is what the others are compared with."""
    kills: int
    lease: float
    """Seconds, of replicas that are killed."""
    idle: float
    """Seconds without an upload."""


LONG = Effort(
    rounds=5,
    cards=16,
    replicas=(1, 2),
    more_replicas=(2, 4),
    loaded=8,
    latencies=60,
    entries=400,
    backlogs=(10, 1_000, 100_000),
    kills=5,
    lease=10.0,
    idle=20.0,
)
SHORT = Effort(
    rounds=1,
    cards=1,
    replicas=(1,),
    more_replicas=(),
    loaded=2,
    latencies=10,
    entries=50,
    backlogs=(10, 2_000),
    kills=1,
    lease=4.0,
    idle=2.0,
)


@dataclass(frozen=True, slots=True)
class Bench:
    """The servers, the cards and the effort."""

    stack: DevStack
    cards: Sequence[Card]
    """So many as are read in a round."""
    effort: Effort

    @property
    def servers(self) -> Tree:
        """The processes of the servers."""
        return Tree(tuple(server.pid for server in self.stack.servers if server.pid is not None))

    def say(self, line: str) -> None:
        """Tell how far it is."""
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


Measure = Callable[[Bench], Iterable[Line]]
