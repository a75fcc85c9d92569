"""What the queue alone costs: how soon an upload is worked on, and how many pass in a second.

The reading takes no time, so what is left is claim, lease, attempt, S3, commit, acknowledgement.
Beside it the old worker with a reading that takes no time either.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.lines import Line, at_least, at_most, over_rounds, percentile, ratio
from benchmarks.measure import Bench
from benchmarks.pace import TURN, there_and_back
from benchmarks.throughput.celerys import OldWorker
from benchmarks.throughput.loads import System
from benchmarks.throughput.ours import Ours

NOTHING = b"no picture"
EMPTY_APP = "benchmarks.queue.empty_app:app"
IDLE = 0.1
"""Seconds between uploads of which the latency counts."""
P50, P99 = at_most(5), at_most(25)
OVER_CELERY = at_least(2)
MILLISECONDS = 1000


@dataclass
class Figures:
    """Of one way, round by round."""

    latencies: list[list[float]] = field(default_factory=list)
    """Milliseconds from the queue until an upload is being worked on."""
    rates: list[float] = field(default_factory=list)
    """Entries a second."""


def measure(bench: Bench) -> Iterator[Line]:
    """All of it."""
    ours, old = figures(bench)
    for share, target in ((50, P50), (95, None), (99, P99)):
        yield percentile(
            f"ours: publish to handler p{share}, idle", ours.latencies, share, "ms", target
        )
    for share in (50, 95, 99):
        yield percentile(f"celery: publish to task p{share}, idle", old.latencies, share, "ms")
    yield over_rounds("ours, one replica", ours.rates, "entries/s")
    yield over_rounds("celery, one process", old.rates, "entries/s")
    yield ratio("ours / celery, entries a second", ours.rates, old.rates, OVER_CELERY)


def figures(bench: Bench) -> tuple[Figures, Figures]:
    """Of ours and of Celery, in turn."""
    servers = bench.stack.environment
    with ExitStack() as opened:
        ours = opened.enter_context(Ours(servers, 1, NOTHING, EMPTY_APP))
        old = opened.enter_context(OldWorker(servers, 1, NOTHING, tuned=True, task="do_nothing"))
        told = Figures(), Figures()
        for number in range(bench.effort.rounds):
            for system, found in zip((ours, old), told, strict=True):
                found.latencies.append(_latencies(system, bench.effort.latencies))
            for found, rate in zip(told, _rates((ours, old), bench.effort.entries), strict=True):
                found.rates.append(rate)
            rates = " and ".join(f"{found.rates[-1]:.0f}" for found in told)
            bench.say(f"  round {number + 1}: {rates} entries a second, ours and Celery's")
    return told


def _rates(systems: Sequence[System], entries: int) -> list[float]:
    """Entries a second of each."""
    turns, turn = max(entries // TURN, 1), min(TURN, entries)
    seconds = dict.fromkeys(systems, 0.0)
    for system in there_and_back(systems, turns):
        seconds[system] += system.burst([NOTHING] * turn).seconds
    return [turns * turn / taken for taken in seconds.values()]


def _latencies(system: System, count: int) -> list[float]:
    uploads, sent = system.queue.record([NOTHING] * count), []
    for upload in uploads:
        sent.append(system.announce([upload]))
        time.sleep(IDLE)
    system.queue.ends_of(uploads)
    starts = system.starts_of(uploads)
    return [MILLISECONDS * (began - at) for began, at in zip(starts, sent, strict=True)]
