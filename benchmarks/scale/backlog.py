"""A backlog that stays as long as it is, however much of it is read."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from benchmarks.processes import Tree, spending
from benchmarks.queue.measure import EMPTY_APP, NOTHING
from benchmarks.servers import PATIENCE, OwnQueue, Unfinished

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

    def cost(self, servers: Tree, entries: int) -> Cost:
        """What one replica and the servers spend on an entry while so many wait.

        Raises:
            Unfinished: it does not get on.
        """
        uploads = self.queue.record([NOTHING] * (WARM + entries))
        spare = self.queue.messages_for(uploads)
        with self.queue.replica(EMPTY_APP) as process:
            self.queue.await_ready(process)
            self._feed(spare[:WARM])
            tree = Tree((process.pid,))
            with spending(servers) as by_servers, spending(tree) as by_replica:
                self._feed(spare[WARM:])
        costs = (by_replica.seconds, by_replica.cpu_seconds, by_servers.cpu_seconds)
        return Cost(*(each / entries for each in costs))

    def settle(self) -> None:
        """From now on the reconciler looks at all that waits, as ever; some are in work."""
        with self.queue.database() as database:
            database.execute("UPDATE uploads SET updated_at = now() WHERE updated_at > now()")
        redis, keys = self.queue.redis, self.queue.keys
        redis.xreadgroup(keys.group, "held", {keys.stream: ">"}, count=IN_WORK)

    def _feed(self, spare: Sequence[bytes]) -> None:
        """Add an entry for each that has gone, until all are added."""
        added, until = 0, time.monotonic() + PATIENCE
        while added < len(spare):
            time.sleep(FEED)
            missing = max(self.size - int(self.queue.redis.xlen(self.queue.keys.stream)), 0)
            if missing:
                self.queue.add(spare[added : added + missing])
                added += missing
            if time.monotonic() > until:
                raise Unfinished(f"{self.queue.name} does not get on.")
