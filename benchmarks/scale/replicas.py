"""Uploads a minute of more and more replicas."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.lines import Line, over_rounds, ratio
from benchmarks.measure import Bench
from benchmarks.throughput.loads import System
from benchmarks.throughput.ours import Ours
from benchmarks.throughput.turns import take_turns


def rates_of_replicas(bench: Bench) -> Iterator[Line]:
    """Of each number of replicas, in turn."""
    numbers = bench.effort.more_replicas
    if not numbers:
        return
    with ExitStack() as opened:
        systems = {each: _replicas(bench, opened, each) for each in numbers}
        turns = take_turns(bench, list(systems.values()))
    rates = {each: turns.rates(systems[each].name, len(bench.cards)) for each in numbers}
    for each, found in rates.items():
        yield over_rounds(f"{each} replicas", found, "uploads/min")
    fewest, most = min(numbers), max(numbers)
    yield ratio(f"{most} replicas / {fewest}", rates[most], rates[fewest])


def _replicas(bench: Bench, opened: ExitStack, number: int) -> System:
    system = opened.enter_context(Ours(bench.stack.environment, number, bench.cards[0].content))
    system.name = f"{number} replicas"
    return system
