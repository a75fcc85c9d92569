"""`python -m benchmarks.telemetry`: what traces and metrics cost an upload.

Four replicas run side by side, and read the same card in turn, round after round: with
OpenTelemetry switched off, with a collector (and a scrape a second), with a collector that refuses,
and with one that hangs. What a round has in common, such as the load of the machine, falls out of
the ratios.
"""

import argparse
import asyncio
import random
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from urllib.request import urlopen

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.servers import running_servers
from benchmarks.telemetry.collectors import NOBODY, never_answering, taking_all
from benchmarks.telemetry.replicas import Bench, Sample, running, store
from deploy.devstack.ports import choose_ports

CARD = Path(__file__).parents[2] / "tests" / "cards" / "images" / "tv_clean.png"
BUCKET = "telemetry"
OFF = "off"
WARM_UP = 3
"""Rounds that do not count: caches fill, and the first exports fail."""
LIMIT = 1.02
WIDTH = 88
"""Characters that the table takes."""


def main() -> int:
    """Measure, print, and say by the exit code whether the cost is within the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telemetry", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--card", type=Path, default=CARD)
    asked = parser.parse_args()
    content = asked.card.read_bytes()
    with ExitStack() as opened:
        benches = _benches(opened, content)
        samples = asyncio.run(_measure(benches, content, asked.rounds))
    return _report(samples)


def _benches(opened: ExitStack, content: bytes) -> list[Bench]:
    servers = opened.enter_context(running_servers(durable=False))
    asyncio.run(store(servers.environment, BUCKET, content))
    port = choose_ports(("probes",), kept={}, asked={})["probes"]
    modes: dict[str, Mapping[str, str]] = {
        OFF: {"OTEL_SDK_DISABLED": "true"},
        "collector": {
            "OTEL_EXPORTER_OTLP_ENDPOINT": opened.enter_context(taking_all()),
            "CRICKSY_PROBE_PORT": str(port),
        },
        "refused": {"OTEL_EXPORTER_OTLP_ENDPOINT": NOBODY},
        "hanging": {"OTEL_EXPORTER_OTLP_ENDPOINT": opened.enter_context(never_answering())},
    }
    benches = [
        opened.enter_context(running(mode, servers.environment, telemetry, BUCKET))
        for mode, telemetry in modes.items()
    ]
    stopping = threading.Event()
    opened.callback(stopping.set)
    threading.Thread(target=_scrape, args=(port, stopping), daemon=True).start()
    return benches


def _scrape(port: int, stopping: threading.Event) -> None:
    while not stopping.wait(1):
        try:
            with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
                page.read()
        except OSError:
            continue


async def _measure(benches: list[Bench], content: bytes, rounds: int) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {bench.mode: [] for bench in benches}
    for number in track(range(WARM_UP + rounds), console=Console(stderr=True)):
        # In another order each time: whoever comes first may find the machine cold.
        for bench in random.sample(benches, len(benches)):
            sample = await bench.read_one(content)
            if number >= WARM_UP:
                samples[bench.mode].append(sample)
    return samples


def _report(samples: Mapping[str, list[Sample]]) -> int:
    table = Table(
        title=f"{len(samples[OFF])} uploads each, one at a time",
        caption="CPU: of the replica's own process in a round, the reading left out",
    )
    for column in ("telemetry", "fastest", "median", "quartiles", "of off", "quartiles", "CPU"):
        table.add_column(column, justify="left" if column == "telemetry" else "right", no_wrap=True)
    dear = []
    for mode, found in samples.items():
        seconds = [each.seconds for each in found]
        ratios = [one.seconds / off.seconds for one, off in zip(found, samples[OFF], strict=True)]
        if median(ratios) > LIMIT:
            dear.append(mode)
        table.add_row(
            mode,
            f"{min(seconds):.3f} s",
            f"{median(seconds):.3f} s",
            _quartiles(seconds, "{:.3f}"),
            f"{median(ratios):.2%}",
            _quartiles(ratios, "{:.1%}"),
            f"{1000 * median(each.cpu_seconds for each in found):.0f} ms",
        )
    Console(width=WIDTH).print(table)
    if dear:
        sys.stderr.write(f"Dearer than {LIMIT:.0%} of off: {', '.join(dear)}\n")
    return 1 if dear else 0


def _quartiles(values: list[float], form: str) -> str:
    low, _, high = quantiles(values, n=4)
    return f"{form.format(low)}-{form.format(high)}"


if __name__ == "__main__":
    sys.exit(main())
