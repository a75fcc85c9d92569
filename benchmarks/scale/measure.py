"""More replicas than cores; and backlogs from ten entries to a hundred thousand."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack

from benchmarks.lines import Line, at_most, over_rounds, ratio
from benchmarks.measure import Bench
from benchmarks.scale.backlog import Backlog, Cost
from benchmarks.scale.looks import look_at
from benchmarks.scale.replicas import rates_of_replicas
from benchmarks.servers import OwnQueue

FLAT = at_most(1.1)
MILLISECONDS = 1000
IN_WORK = 2
"""Entries in somebody's hands during a look: as many as two replicas hold."""
KINDS = {
    "CPU an entry, replica": "replica_cpu",
    "CPU an entry, servers": "servers_cpu",
    "time an entry": "wall",
}
"""Fields of `Cost` by what the table calls them."""
REDIS_ENTRY, POSTGRESQL_ROW = "Redis, an entry that waits", "PostgreSQL, an upload that waits"


def measure(bench: Bench) -> Iterator[Line]:
    """All of it."""
    yield from rates_of_replicas(bench)
    with ExitStack() as opened:
        backlogs = [_filled(bench, opened, size) for size in bench.effort.backlogs]
        yield from _sizes(backlogs[-1])
        yield from _costs(bench, backlogs)
        yield from _looks(bench, backlogs)


def _filled(bench: Bench, opened: ExitStack, size: int) -> Backlog:
    bench.say(f"  a backlog of {size:,} entries")
    queue = OwnQueue(bench.stack.environment, "scale")
    opened.callback(queue.redis.delete, queue.keys.stream)
    return Backlog(queue, size)


def _costs(bench: Bench, backlogs: Sequence[Backlog]) -> Iterator[Line]:
    costs: dict[int, list[Cost]] = {each.size: [] for each in backlogs}
    for number in range(bench.effort.rounds):
        for backlog in backlogs:
            cost = backlog.cost(bench.servers, bench.effort.entries)
            costs[backlog.size].append(cost)
            bench.say(
                f"  round {number + 1}: {cost.replica_cpu * MILLISECONDS:.1f} ms of CPU an entry "
                f"with {backlog.size:,} waiting"
            )
    for what, name in KINDS.items():
        found = {size: [getattr(each, name) for each in taken] for size, taken in costs.items()}
        yield from _beside_the_first(what, found)


def _looks(bench: Bench, backlogs: Sequence[Backlog]) -> Iterator[Line]:
    for backlog in backlogs:
        queue = backlog.queue
        queue.redis.xreadgroup(queue.keys.group, "held", {queue.keys.stream: ">"}, count=IN_WORK)
    looks: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(bench.effort.rounds):
        for backlog in backlogs:
            looked = asyncio.run(look_at(backlog.queue, backlog.size))
            for name, seconds in looked.at_the_queue.items():
                looks[f"one look, {name}"][backlog.size].append(seconds)
            for name, seconds in looked.at_each_entry.items():
                looks[f"{name}, an entry"][backlog.size].append(seconds)
    for what, found in looks.items():
        yield from _beside_the_first(what, found)


def _beside_the_first(what: str, found: Mapping[int, Sequence[float]]) -> Iterator[Line]:
    """Milliseconds with each backlog, and what the longest costs beside the shortest."""
    for size, seconds in found.items():
        taken = [MILLISECONDS * each for each in seconds]
        yield over_rounds(f"{what}, {size:,} waiting", taken, "ms")
    first, last = min(found), max(found)
    yield ratio(f"{what}, {last:,} / {first:,} waiting", found[last], found[first], FLAT)


def _sizes(backlog: Backlog) -> Iterator[Line]:
    """Bytes that an upload takes which waits."""
    queue = backlog.queue
    used = queue.redis.memory_usage(queue.keys.stream, samples=0) or 0
    yield over_rounds(REDIS_ENTRY, [used / backlog.size], "bytes")
    with queue.database() as database:
        row = database.execute("SELECT pg_total_relation_size('uploads')").fetchone()
    yield over_rounds(POSTGRESQL_ROW, [(row[0] if row else 0) / backlog.size], "bytes")
