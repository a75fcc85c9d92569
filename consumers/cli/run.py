"""`cricksy-ocr run`: replicas on this machine, against the servers that are set."""

import asyncio
import json
import os
import signal
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from consumers.cli.autoscale import autoscale
from consumers.cli.replicas import Line, Replicas
from consumers.cli.scaling import Bounds
from consumers.settings import Settings, load_settings

LOUD = {"warning": "yellow", "error": "red", "critical": "bold red"}
QUIET = {"event", "level", "timestamp", "logger", "trace", "entry", "consumer"}
"""What a terminal's line leaves out."""


def run(
    replicas: Annotated[
        int | None, typer.Option("--replicas", "-n", min=1, help="How many; 1 unless told.")
    ] = None,
    scale: Annotated[
        str | None,
        typer.Option(
            "--autoscale", metavar="MIN,MAX", help="As many as the backlog asks for, in bounds."
        ),
    ] = None,
    quiet: Annotated[
        float,
        typer.Option(
            "--quiet-seconds",
            min=1,
            help="With --autoscale: how long one is to spare before it leaves.",
        ),
    ] = 60,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print their log as it is, one JSON object a line.")
    ] = False,
) -> None:
    """Run replicas against the servers that are set, until Ctrl-C; one that dies is started again.

    With --autoscale each reads one upload at a time unless CRICKSY_CONCURRENCY is set. One more is
    started while over two uploads wait for each slot, memory allowing; one that is to spare for a
    minute finishes what it has and leaves: nothing is lost or read again.

    A deployment needs only `faststream run consumers.app:app`; this is that, several times.

    Example: cricksy-ocr run --autoscale 1,4
    """
    bounds = _bounds(replicas, scale)
    if scale is not None:
        os.environ.setdefault("CRICKSY_CONCURRENCY", "1")
    settings = load_settings()
    console = Console()
    raw = as_json or not console.is_terminal
    asyncio.run(_run(console, settings, bounds, timedelta(seconds=quiet), raw=raw))


def _bounds(replicas: int | None, scale: str | None) -> Bounds:
    if scale is None:
        return Bounds(replicas or 1, replicas or 1)
    if replicas is not None:
        raise typer.BadParameter("--autoscale says how many: leave --replicas out")
    try:
        return Bounds.parse(scale)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--autoscale") from None


async def _run(
    console: Console, settings: Settings, bounds: Bounds, quiet: timedelta, *, raw: bool
) -> None:
    def say(number: int, line: Line) -> None:
        if raw:
            print(json.dumps({**line, "replica_number": number}), flush=True)
        else:
            say_line(console, number, line)

    def decided(what: str, why: str) -> None:
        if raw:
            print(
                json.dumps({"event": f"autoscale {what}", "level": "info", "why": why}), flush=True
            )
        else:
            console.print(f"autoscale  {what}: {why}", style="bold", markup=False)

    async with Replicas(bounds.fewest, os.environ, say) as replicas:
        leave = asyncio.create_task(_told_to_leave())
        work = {leave}
        if bounds.most > bounds.fewest:
            work.add(asyncio.create_task(autoscale(replicas, settings, bounds, quiet, decided)))
        done, rest = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for each in rest:
            each.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
    for each in done:
        each.result()


async def _told_to_leave() -> None:
    """Wait for SIGTERM or Ctrl-C; a second one ends this process at once.

    Also where a shell had it ignored: it does so for what it starts in the background.
    """
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, told.set)
    await told.wait()
    for number in signals:
        loop.remove_signal_handler(number)


def say_line(console: Console, number: int, line: Line) -> None:
    """Print one log event of a replica for people."""
    style = LOUD.get(str(line.get("level")), "")
    rest = " ".join(f"{key}={value}" for key, value in line.items() if key not in QUIET)
    console.print(f"replica {number}  {line['event']}  {rest}", style=style, markup=False)
