"""Loads that a system is put under, and what came of them, by the clock of its database."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.processes import Tree, spending
from benchmarks.servers import OwnQueue


@dataclass(frozen=True, slots=True)
class Round:
    """What all cards of a round took."""

    seconds: float
    cpu_seconds: float
    """Of the processes that read, with all that they have started."""
    uploads: tuple[str, ...] = ()
    servers_cpu_seconds: float = 0.0

    def __add__(self, other: "Round") -> "Round":
        """Of both, one after the other."""
        return Round(
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            self.uploads + other.uploads,
            self.servers_cpu_seconds + other.servers_cpu_seconds,
        )


class Reads(ABC):
    """One way to read cards.

    Args:
        processes: that read side by side, a card at a time.
        warm: a card that does not count.
    """

    name: str
    """As the table calls it."""

    def __init__(self, processes: int, warm: bytes) -> None:
        self.processes = processes
        self.warm = warm

    @abstractmethod
    def burst(self, cards: Sequence[bytes]) -> Round:
        """All of them at once."""

    def warm_up(self, cards: int = 1) -> None:
        """Read so many cards with each process: what it has given back at rest it takes again."""
        self.burst([self.warm] * cards * self.processes)


class System(Reads):
    """Takes uploads from a queue of its own, and commits what it reads to a database."""

    queue: OwnQueue
    tree: Tree

    @abstractmethod
    def announce(self, uploads: Sequence[str]) -> float:
        """Queue them; the moment before that, as `time.time()`."""

    @abstractmethod
    def starts_of(self, uploads: Sequence[str]) -> list[float]:
        """When each upload was first worked on."""

    def burst(self, cards: Sequence[bytes]) -> Round:
        """From the moment before the first is queued until the last is committed."""
        uploads = self.queue.record(cards)
        with spending(self.tree) as spent:
            began = self.announce(uploads)
            ends = self.queue.ends_of(uploads)
        return Round(max(ends) - began, spent.cpu_seconds, tuple(uploads))

    def alone(self, cards: Sequence[bytes]) -> list[float]:
        """Seconds from the queue to the commit, of one card after the other."""
        took = []
        for upload in self.queue.record(cards):
            began = self.announce([upload])
            took.append(self.queue.end_of(upload) - began)
        return took

    def paced(self, cards: Sequence[bytes], gaps: Sequence[float]) -> list[float]:
        """The same of cards that come with so many seconds between them."""
        uploads, sent = self.queue.record(cards), []
        for upload, gap in zip(uploads, gaps, strict=True):
            time.sleep(gap)
            sent.append(self.announce([upload]))
        return [end - at for end, at in zip(self.queue.ends_of(uploads), sent, strict=True)]
