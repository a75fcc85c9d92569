"""From `faststream run` to the first claim; imports, memory, and what idling costs."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

import psutil

from benchmarks.lines import Line, at_most, over_rounds
from benchmarks.measure import Bench
from benchmarks.processes import Tree, spending
from benchmarks.servers import OwnQueue

MB = 10**6
SETTLED = 5.0
"""Seconds after the last card, before it counts as idle."""
CLAIM, MEMORY, IDLE = at_most(3), at_most(250), at_most(1)
IMPORT = (
    "import time; began = time.process_time(); import consumers.app; "
    "print(time.process_time() - began)"
)


def measure(bench: Bench) -> Iterator[Line]:
    """All of it."""
    queue = OwnQueue(bench.stack.environment, "start")
    imports = [_import_seconds(queue.environment) for _ in range(bench.effort.rounds)]
    yield over_rounds("import of consumers.app, CPU", imports, "s")
    claims = []
    for number in range(bench.effort.rounds):
        claims.append(_seconds_to_claim(bench, queue))
        bench.say(f"  start {number + 1}: first claim after {claims[-1]:.2f} s")
    yield over_rounds("`faststream run` to the first claim", claims, "s", CLAIM)
    with queue.replica() as process:
        queue.await_ready(process)
        yield from _at_rest(bench, queue, process)


def _import_seconds(environment: Mapping[str, str]) -> float:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", IMPORT],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def _seconds_to_claim(bench: Bench, queue: OwnQueue) -> float:
    """A card waits; the replica starts."""
    uploads = queue.record([bench.cards[0].content])
    queue.announce(uploads)
    began = time.time()
    with queue.replica():
        queue.ends_of(uploads)
    return queue.starts_of(uploads)[0] - began


def _at_rest(bench: Bench, queue: OwnQueue, process: psutil.Popen) -> Iterator[Line]:
    """After cards have been read."""
    uploads = queue.record([card.content for card in bench.cards])
    queue.announce(uploads)
    queue.ends_of(uploads)
    time.sleep(SETTLED)
    tree = Tree((process.pid,))
    memory = [tree.pss() / MB]
    yield over_rounds("memory of a replica and its child, PSS", memory, "MB", MEMORY)
    bench.say(f"  idle for {bench.effort.idle:g} s")
    with spending(bench.servers) as servers, spending(tree) as replica:
        time.sleep(bench.effort.idle)
    for what, spent, target in (("replica", replica, IDLE), ("servers", servers, None)):
        share = 100 * spent.cpu_seconds / spent.seconds
        yield over_rounds(f"idle: CPU of the {what}", [share], "% of a core", target)
