"""What processes cost, with all that they have started: CPU seconds and memory."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

EVERY = 0.5
"""Seconds between looks at the memory: one look costs milliseconds."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Processes by their ids, and their descendants."""

    roots: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """User and system time so far, of descendants that have ended too."""
        total = 0.0
        for process in self._living():
            # One that has just ended is its parent's by the next look.
            with suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])
        return total

    def pss(self) -> int:
        """Bytes of memory; what processes share is divided among them."""
        total = 0
        for process in self._living():
            with suppress(psutil.NoSuchProcess):
                total += process.memory_full_info().pss
        return total

    @contextmanager
    def watched(self) -> "Iterator[list[int]]":
        """Looks at the memory meanwhile; the list holds every look's bytes."""
        seen = [self.pss()]
        stopping = threading.Event()

        def look() -> None:
            while not stopping.wait(EVERY):
                seen.append(self.pss())

        watching = threading.Thread(target=look, daemon=True)
        watching.start()
        try:
            yield seen
        finally:
            stopping.set()
            watching.join()

    def _living(self) -> list[psutil.Process]:
        found = []
        for pid in self.roots:
            with suppress(psutil.NoSuchProcess):
                root = psutil.Process(pid)
                found += [root, *root.children(recursive=True)]
        return found


@dataclass(slots=True)
class Spent:
    """What a tree has used in a while."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0


@contextmanager
def spending(tree: Tree) -> Iterator[Spent]:
    """Filled in at the end."""
    spent = Spent()
    cpu, began = tree.cpu_seconds(), time.perf_counter()
    yield spent
    spent.seconds = time.perf_counter() - began
    spent.cpu_seconds = tree.cpu_seconds() - cpu
