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
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Protocol

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.throughput.celerys import OldWorker
from benchmarks.throughput.limit import Limit
from benchmarks.throughput.ours import Ours
from deploy.devstack import DevStack

CARDS = Path(__file__).parents[2] / "tests" / "cards" / "images"
PICTURES = {".png", ".jpg"}
WAYS = ("limit", "ours", "celery tuned", "celery as shipped")


class Way(Protocol):
    """One way to read cards."""

    @property
    def name(self) -> str:
        """As the table calls it."""

    def seconds(self, cards: list[bytes]) -> float:
        """How long all of them take."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--cards", type=Path, default=CARDS, help="a folder of pictures")
    parser.add_argument("--count", type=int, default=20, help="cards a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--json", type=Path, help="write the figures there")
    asked = parser.parse_args()
    pictures = sorted(path for path in asked.cards.iterdir() if path.suffix in PICTURES)
    cards = [pictures[number % len(pictures)].read_bytes() for number in range(asked.count)]
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="cricksy-bench-")))
        folder.chmod(0o711)
        stack = opened.enter_context(DevStack(folder / "stack", environment={}))
        ways = _ways(opened, stack, asked.ways, asked.processes, cards[0])
        seconds: dict[str, list[float]] = {way.name: [] for way in ways}
        for _ in track(range(asked.rounds), "Rounds", console=Console(stderr=True), transient=True):
            for way in ways:
                seconds[way.name].append(way.seconds(cards))
    rates = {name: [60 * len(cards) / each for each in took] for name, took in seconds.items()}
    _print(rates, asked.processes, len(cards))
    if asked.json:
        told = {"cards": len(cards), "processes": asked.processes, "uploads_a_minute": rates}
        asked.json.write_text(json.dumps({**told, "machine": platform.platform()}, indent=2))
    return 0


def _ways(
    opened: ExitStack, stack: DevStack, names: list[str], processes: int, warm: bytes
) -> list[Way]:
    made: list[Way] = []
    for name in names:
        match name:
            case "limit":
                made.append(opened.enter_context(Limit(processes, warm)))
            case "ours":
                made.append(opened.enter_context(Ours(stack.environment, processes, warm)))
            case _:
                tuned = name == "celery tuned"
                worker = OldWorker(stack.environment, processes, warm, tuned=tuned)
                made.append(opened.enter_context(worker))
    return made


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
