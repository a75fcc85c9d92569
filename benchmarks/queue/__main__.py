"""`python -m benchmarks.queue`: how soon an upload is worked on, and how many pass in a second."""

import argparse
import os
import sys
from dataclasses import replace
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.measure import LONG, Bench
from benchmarks.queue.measure import Figures, figures
from benchmarks.servers import running_servers


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__)
    parser.add_argument("--uploads", type=int, default=200, help="of which the latency counts")
    parser.add_argument("--entries", type=int, default=500, help="a round, for entries a second")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    latencies = max(asked.uploads // asked.rounds, 1)
    effort = replace(LONG, rounds=asked.rounds, latencies=latencies, entries=asked.entries)
    with running_servers() as stack:
        ours, old = figures(Bench(stack, (), effort))
    _print({"ours": ours, "celery": old}, asked.entries)
    return 0


def _print(found: dict[str, Figures], entries: int) -> None:
    table = Table(box=None, pad_edge=False)
    headings = ("way", "p50 ms", "p95 ms", "p99 ms", "entries a second", "least", "most", "ours is")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name, each in found.items():
        percentiles = np.percentile(np.ravel(each.latencies), (50, 95, 99))
        rates = (median(each.rates), min(each.rates), max(each.rates))
        pairs = zip(found["ours"].rates, each.rates, strict=True)
        ratio = median(ours / other for ours, other in pairs)
        cells = (*(f"{took:.1f}" for took in percentiles), *(f"{rate:.0f}" for rate in rates))
        table.add_row(name, *cells, f"{ratio:.2f} x")
    console = Console()
    console.print(
        "From the announcement until it is worked on, on an idle system; then "
        f"{entries} entries a round, one process each, {os.cpu_count()} cores"
    )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
