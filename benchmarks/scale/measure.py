"""More replicas than cores; and backlogs from ten entries to a hundred thousand."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from statistics import mean
from typing import NamedTuple

from benchmarks.lines import Line, at_most, over_rounds, ratio
from benchmarks.measure import Bench
from benchmarks.pace import TURN, there_and_back
from benchmarks.scale.backlog import Backlog, Cost
from benchmarks.scale.looks import look_at
from benchmarks.scale.replicas import rates_of_replicas
from benchmarks.servers import OwnQueue

FLAT = at_most(1.1)


class Unit(NamedTuple):
    """Of time."""

    name: str
    seconds: float


MILLISECONDS, MICROSECONDS = Unit("ms", 1e-3), Unit("µs", 1e-6)
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
    """In many short turns."""
    turns = 2 * max(bench.effort.entries // TURN, 1)
    costs: dict[int, list[Cost]] = {each.size: [] for each in backlogs}
    for number in range(bench.effort.rounds):
        found: dict[int, list[Cost]] = {each.size: [] for each in backlogs}
        with ExitStack() as opened:
            readers = {
                each.size: opened.enter_context(each.read_in_turns(turns)) for each in backlogs
            }
            for size in there_and_back(list(readers), turns):
                found[size].append(readers[size].take(bench.servers))
        for size, taken in found.items():
            cost = Cost(*map(mean, zip(*taken, strict=True)))
            costs[size].append(cost)
            bench.say(
                f"  round {number + 1}: {cost.replica_cpu / MILLISECONDS.seconds:.1f} ms of CPU "
                f"an entry with {size:,} waiting"
            )
    for what, name in KINDS.items():
        by_size = {size: [getattr(each, name) for each in taken] for size, taken in costs.items()}
        yield from _beside_the_first(what, by_size)


def _looks(bench: Bench, backlogs: Sequence[Backlog]) -> Iterator[Line]:
    for backlog in backlogs:
        backlog.settle()
    looks: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    searches: dict[int, list[float]] = defaultdict(list)
    for _ in range(bench.effort.rounds):
        for backlog in backlogs:
            looked = asyncio.run(look_at(backlog.queue))
            for name, seconds in looked.looks.items():
                looks[name][backlog.size].append(seconds)
            searches[backlog.size].append(looked.search / backlog.size)
    for name, found in looks.items():
        yield from _beside_the_first(f"one look, {name}", found)
    yield from _beside_the_first("search for lost entries, an entry", searches, MICROSECONDS)


def _beside_the_first(
    what: str, found: Mapping[int, Sequence[float]], unit: Unit = MILLISECONDS
) -> Iterator[Line]:
    """What each backlog costs, and the longest beside the shortest."""
    for size, seconds in found.items():
        taken = [each / unit.seconds for each in seconds]
        yield over_rounds(f"{what}, {size:,} waiting", taken, unit.name)
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
