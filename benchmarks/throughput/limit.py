"""The limit: our own stages in plain processes, with no Redis, S3 or PostgreSQL around them."""

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.pool import Pool
from types import TracebackType
from typing import Self

from benchmarks.throughput.loads import Reads, Round
from consumers.child_memory import keep_memory
from pipeline.options import ReadingOptions
from pipeline.stages import read


def prepare(warm: bytes) -> None:
    """Make a process ready as a replica's child is."""
    keep_memory()
    read_card(warm)


def read_card(content: bytes) -> float:
    """Read one card and forget it.

    Returns:
        CPU seconds that it took.
    """
    began = time.process_time()
    read(content, ReadingOptions())
    return time.process_time() - began


class Limit(Reads):
    """So many warm processes.

    Args:
        processes: that read side by side, a card at a time.
        warm: read once by each before anything counts.
    """

    name = "limit"

    def __init__(self, processes: int, warm: bytes) -> None:
        super().__init__(processes, warm)
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        # Spawned, as a replica's children are.
        self._pool = multiprocessing.get_context("spawn").Pool(
            self.processes, initializer=prepare, initargs=(self.warm,)
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.terminate()

    def burst(self, cards: Sequence[bytes]) -> Round:
        """All of them, from the first to the last."""
        assert self._pool is not None  # noqa: S101  # it has been entered
        began = time.perf_counter()
        cpu_seconds = sum(self._pool.imap_unordered(read_card, cards, chunksize=1))
        return Round(time.perf_counter() - began, cpu_seconds)
