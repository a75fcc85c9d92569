"""`python -m benchmarks.queue`: how soon an upload is worked on, and how many pass in a second.

The reading takes no time, so what is left is the queue: claim, lease, attempt, S3, commit,
acknowledgement. Beside it the old worker with a reading that takes no time either.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from benchmarks.throughput.celerys import OldWorker
from benchmarks.throughput.ours import Ours
from deploy.devstack import DevStack

NOTHING = b"no picture"
IDLE = 0.1
"""Seconds between uploads of which the latency counts."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__)
    parser.add_argument("--uploads", type=int, default=200, help="of which the latency counts")
    parser.add_argument("--entries", type=int, default=500, help="a round, for entries a second")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="cricksy-bench-")))
        folder.chmod(0o711)
        servers = opened.enter_context(DevStack(folder / "stack", environment={})).environment
        ours = opened.enter_context(Ours(servers, 1, NOTHING, "benchmarks.queue.empty_app:app"))
        old = opened.enter_context(OldWorker(servers, 1, NOTHING, tuned=True, task="do_nothing"))
        took = [1000 * each for each in ours.latencies(asked.uploads, IDLE)]
        entries = [NOTHING] * asked.entries
        rates: dict[str, list[float]] = {"ours": [], "celery": []}
        for _ in range(asked.rounds):
            rates["ours"].append(len(entries) / ours.seconds(entries))
            rates["celery"].append(len(entries) / old.seconds(entries))
    _print(took, rates, asked.entries)
    return 0


def _print(took: list[float], rates: dict[str, list[float]], entries: int) -> None:
    console = Console()
    hundredths = quantiles(took, n=100)
    console.print(
        f"From the announcement until it is worked on, {len(took)} uploads on an idle system: "
        f"p50 {median(took):.1f} ms, p95 {hundredths[94]:.1f} ms, p99 {hundredths[98]:.1f} ms"
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("way", "entries a second", "least", "most", "ours is"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name, each in rates.items():
        figures = (f"{figure:.0f}" for figure in (median(each), min(each), max(each)))
        pairs = zip(rates["ours"], each, strict=True)
        ratio = median(ours / other for ours, other in pairs)
        table.add_row(name, *figures, f"{ratio:.2f} x")
    console.print(f"{entries} entries a round, one process each, {os.cpu_count()} cores")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
