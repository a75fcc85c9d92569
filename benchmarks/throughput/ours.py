"""The whole system: replicas that claim, fetch, read, commit and acknowledge."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from benchmarks.processes import Tree
from benchmarks.servers import OwnQueue
from benchmarks.throughput.loads import System


class Ours(System):
    """So many replicas of one slot each, with a stream and a database of their own.

    Args:
        servers: environment that leads to them.
        replicas: how many.
        warm: read before anything counts, twice a replica at first.
        app: that `faststream run` starts.
    """

    name = "ours"

    def __init__(
        self,
        servers: Mapping[str, str],
        replicas: int,
        warm: bytes,
        app: str = "consumers.app:app",
    ) -> None:
        super().__init__(replicas, warm)
        self._app = app
        self._running = ExitStack()
        self.queue = OwnQueue(servers, "ours")

    def __enter__(self) -> Self:
        started = [
            self._running.enter_context(self.queue.replica(self._app))
            for _ in range(self.processes)
        ]
        self.tree = Tree(tuple(process.pid for process in started))
        self.queue.await_ready(*started)
        self.warm_up(2)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._running.close()

    def announce(self, uploads: Sequence[str]) -> float:
        """Add their entries."""
        return self.queue.announce(uploads)

    def starts_of(self, uploads: Sequence[str]) -> list[float]:
        """When each upload's first attempt was opened."""
        return self.queue.starts_of(uploads)
