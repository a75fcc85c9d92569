"""`python -m benchmarks.throughput`: uploads a minute, four ways, side by side in one run.

`limit` is our own stages in plain processes; `ours` the whole system; `celery tuned` and `celery as
shipped` the worker that is replaced. All read the same cards with the same number of processes, in
turn, round after round; what a round has in common falls out of the ratios.
"""

import argparse
import json
import os
import platform
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.cards import PICTURES, Card
from benchmarks.measure import LONG, Bench
from benchmarks.servers import running_servers
from benchmarks.throughput.measure import POSSIBLE, open_ways
from benchmarks.throughput.turns import take_turns

CARDS = Path(__file__).parents[2] / "tests" / "cards" / "images"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--cards", type=Path, default=CARDS, help="a folder of pictures")
    parser.add_argument("--count", type=int, default=20, help="cards a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--ways", nargs="+", choices=POSSIBLE, default=POSSIBLE)
    parser.add_argument("--json", type=Path, help="write the figures there")
    asked = parser.parse_args()
    pictures = sorted(path for path in asked.cards.iterdir() if path.suffix in PICTURES)
    if not pictures:
        parser.error(f"{asked.cards} holds no picture.")
    cards = [Card(pictures[number % len(pictures)].read_bytes()) for number in range(asked.count)]
    with running_servers() as stack, ExitStack() as opened:
        bench = Bench(stack, cards, replace(LONG, rounds=asked.rounds))
        warm = cards[0].content
        ways = open_ways(opened, stack.environment, asked.ways, asked.processes, warm)
        turns = take_turns(bench, ways)
    rates = {name: turns.rates(name, len(cards)) for name in turns.rounds}
    _print(rates, asked.processes, len(cards))
    if asked.json:
        told = {"cards": len(cards), "processes": asked.processes, "uploads_a_minute": rates}
        asked.json.write_text(json.dumps({**told, "machine": platform.platform()}, indent=2))
    return 0


def _print(rates: dict[str, list[float]], processes: int, cards: int) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("way", "uploads a minute", "least", "most", "ours is"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name, each in rates.items():
        row = [name, *(f"{figure:.1f}" for figure in (median(each), min(each), max(each)))]
        if "ours" in rates:
            pairs = zip(rates["ours"], each, strict=True)
            row.append(f"{median(ours / other for ours, other in pairs):.2f} x")
        table.add_row(*row)
    console = Console()
    console.print(f"{cards} cards a round, {len(next(iter(rates.values())))} rounds, ", end="")
    console.print(f"{processes} processes on {os.cpu_count()} cores, {platform.machine()}")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
