"""A backlog that stays as long as it is, however much of it is read."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from benchmarks.pace import TURN
from benchmarks.processes import Tree, spending
from benchmarks.queue.measure import EMPTY_APP, NOTHING
from benchmarks.servers import OwnQueue
from benchmarks.waiting import PATIENCE, Unfinished, wait_until
from consumers.stream import HANDED_BACK

FEED = 0.01
"""Seconds between looks how many are missing: in that time, fewer pass than ever wait."""
WARM = 300
"""Entries that do not count: meanwhile a replica does what it does once, such as a first search for
lost entries that does not rest."""
AT_ONCE = timedelta(0)
"""The reconciler looks at what waits, as ever."""
IN_WORK = 2
"""Entries in somebody's hands during a look: as many as two replicas hold."""


class Cost(NamedTuple):
    """What an entry took, in seconds."""

    wall: float
    replica_cpu: float
    servers_cpu: float


class Backlog:
    """So many entries with an empty reading, in a queue of their own.

    Args:
        queue: empty.
        size: entries that wait, always.
    """

    def __init__(self, queue: OwnQueue, size: int) -> None:
        self.queue = queue
        self.size = size
        queue.announce(queue.record([NOTHING] * size, unseen_for=AT_ONCE))

    @contextmanager
    def read_in_turns(self, turns: int) -> "Iterator[Turns]":
        """A replica that reads some of it whenever it is its turn.

        Args:
            turns: that are taken at most.

        Raises:
            Unfinished: it does not get on.
        """
        uploads = self.queue.record([NOTHING] * (WARM + turns * TURN))
        spare = self.queue.messages_for(uploads)
        with self.queue.replica(EMPTY_APP) as process:
            self.queue.await_ready(process)
            taken = Turns(self, Tree((process.pid,)), spare[WARM:])
            self.feed(spare[:WARM])
            taken.pause()
            try:
                yield taken
            finally:
                taken.resume()

    def settle(self) -> None:
        """From now on the reconciler looks at all that waits, as ever; some are in work."""
        with self.queue.database() as database:
            database.execute("UPDATE uploads SET updated_at = now() WHERE updated_at > now()")
        redis, keys = self.queue.redis, self.queue.keys
        redis.xreadgroup(keys.group, "held", {keys.stream: ">"}, count=IN_WORK)

    def length(self) -> int:
        """Entries that wait or are in work."""
        return int(self.queue.redis.xlen(self.queue.keys.stream))

    def feed(self, spare: Sequence[bytes]) -> None:
        """Add an entry for each that has gone, until all are added.

        Raises:
            Unfinished: none goes.
        """
        added, until = 0, time.monotonic() + PATIENCE
        while added < len(spare):
            time.sleep(FEED)
            missing = max(self.size - self.length(), 0)
            if missing:
                self.queue.add(spare[added : added + missing])
                added += missing
            if time.monotonic() > until:
                raise Unfinished(f"{self.queue.name} does not get on.")


class Turns:
    """Those of one replica; between them it claims nothing, as if an operator had paused it.

    Args:
        backlog: that it reads.
        replica: its processes.
        spare: messages of what is added to the backlog, in place of what is read.
    """

    def __init__(self, backlog: Backlog, replica: Tree, spare: Sequence[bytes]) -> None:
        self._backlog = backlog
        self._replica = replica
        self._spare = spare
        self._redis, self._keys = backlog.queue.redis, backlog.queue.keys

    def take(self, servers: Tree) -> Cost:
        """Have it read as many entries as a turn has, and tell what one of them took.

        Raises:
            Unfinished: it does not get on.
        """
        spare, self._spare = self._spare[:TURN], self._spare[TURN:]
        length = self._backlog.length()
        with spending(servers) as by_servers, spending(self._replica) as by_replica:
            self.resume()
            # It looks four times a second whether it may.
            self._await(lambda: self._backlog.length() < length)
            began = time.perf_counter()
            self._backlog.feed(spare)
            self.pause()
            seconds = time.perf_counter() - began
        read = length + len(spare) - self._backlog.length()
        costs = (seconds, by_replica.cpu_seconds, by_servers.cpu_seconds)
        return Cost(*(each / read for each in costs))

    def pause(self) -> None:
        """Have it claim no more; returns when nothing is in work.

        Raises:
            Unfinished: what it had in work does not end.
        """
        self._redis.set(self._keys.paused, "{}")
        self._await(self._nothing_in_work)

    def resume(self) -> None:
        """Have it claim again."""
        self._redis.delete(self._keys.paused)

    def _nothing_in_work(self) -> bool:
        pending = self._redis.xpending(self._keys.stream, self._keys.group)
        return {each["name"] for each in pending["consumers"]} <= {HANDED_BACK.encode()}

    def _await(self, condition: Callable[[], bool]) -> None:
        wait_until(condition, FEED, f"{self._backlog.queue.name} does not get on.")
