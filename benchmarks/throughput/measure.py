"""Uploads a minute, CPU and memory a card, and how long a card takes, beside the limit and Celery.

The ways to read cards take their turns, round after round; what a round has in common falls out of
the ratios.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack

from benchmarks.cards import Card, share_right
from benchmarks.lines import Line, at_least, over_rounds, ratio
from benchmarks.measure import Bench
from benchmarks.throughput.celerys import OF_DEBIAN, OldWorker
from benchmarks.throughput.documents import documents_of
from benchmarks.throughput.latency import latencies
from benchmarks.throughput.limit import Limit
from benchmarks.throughput.loads import Reads, System
from benchmarks.throughput.ours import Ours
from benchmarks.throughput.turns import Turns, take_turns

WAYS = ("limit", "ours", "celery tuned", "celery as shipped")
SLOWEST = WAYS[-1]
"""Whose latencies would take minutes, and are not asked for."""
POSSIBLE = tuple(name for name in WAYS if OF_DEBIAN or name != SLOWEST)
"""On this machine."""
OVER_LIMIT = at_least(0.95)
OVER_CELERY = {"celery tuned": at_least(1.2), "celery as shipped": at_least(5)}


def open_ways(
    opened: ExitStack, servers: Mapping[str, str], names: Sequence[str], processes: int, warm: bytes
) -> list[Reads]:
    """Start so many processes of each way; they end with the stack of contexts."""
    made: list[Reads] = []
    for name in names:
        match name:
            case "limit":
                made.append(opened.enter_context(Limit(processes, warm)))
            case "ours":
                made.append(opened.enter_context(Ours(servers, processes, warm)))
            case _:
                worker = OldWorker(servers, processes, warm, tuned=name == "celery tuned")
                made.append(opened.enter_context(worker))
    return made


def measure(bench: Bench) -> Iterator[Line]:
    """All of it."""
    *fewer, most = bench.effort.replicas
    for processes in fewer:
        with ExitStack() as opened:
            ways = _open(bench, opened, ("limit", "ours"), processes)
            yield from _rates(take_turns(bench, ways), len(bench.cards), processes)
    with ExitStack() as opened:
        ways = _open(bench, opened, POSSIBLE, most)
        turns = take_turns(bench, ways)
        yield from _rates(turns, len(bench.cards), most)
        systems = [way for way in ways if isinstance(way, System)]
        yield from _costs(turns, len(bench.cards))
        yield from _numbers(bench.cards, systems, turns)
        timed = [each for each in systems if each.name != SLOWEST]
        yield from latencies(bench, timed, turns)


def _open(bench: Bench, opened: ExitStack, names: Sequence[str], processes: int) -> list[Reads]:
    warm = bench.cards[0].content
    return open_ways(opened, bench.stack.environment, names, processes, warm)


def _rates(turns: Turns, cards: int, processes: int) -> Iterator[Line]:
    by = f"{processes} process{'es' if processes > 1 else ''}"
    rates = {name: turns.rates(name, cards) for name in turns.rounds}
    for name, each in rates.items():
        yield over_rounds(f"{name}, {by}", each, "uploads/min")
    for name, each in rates.items():
        if name != "ours":
            target = OVER_CELERY.get(name, OVER_LIMIT)
            yield ratio(f"ours / {name}, {by}", rates["ours"], each, target)


def _costs(turns: Turns, cards: int) -> Iterator[Line]:
    for name, rounds in turns.rounds.items():
        a_card = [each.cpu_seconds / cards for each in rounds]
        yield over_rounds(f"{name}: CPU a card", a_card, "s")
    ours = [each.cpu_seconds for each in turns.rounds["ours"]]
    tuned = [each.cpu_seconds for each in turns.rounds["celery tuned"]]
    yield ratio("ours / celery tuned: CPU a card", ours, tuned)
    for name, rounds in turns.rounds.items():
        if name != "limit":
            a_card = [each.servers_cpu_seconds / cards for each in rounds]
            yield over_rounds(f"{name}: CPU of the servers a card", a_card, "s")


def _numbers(cards: Sequence[Card], systems: Sequence[System], turns: Turns) -> Iterator[Line]:
    for system in systems:
        last = turns.rounds[system.name][-1]
        right = share_right(cards, documents_of(system.queue, last.uploads))
        if right is not None:
            yield over_rounds(f"{system.name}: numbers right", [100 * right], "%")
