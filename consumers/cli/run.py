"""`cricksy-ocr run`: replicas on this machine, against the servers that are set."""

import asyncio
import json
import os
import signal
from typing import Annotated

import typer
from rich.console import Console

from consumers.cli.replicas import Line, Replicas
from consumers.settings import load_settings

LOUD = {"warning": "yellow", "error": "red", "critical": "bold red"}
QUIET = {"event", "level", "timestamp", "logger", "trace", "entry", "consumer"}
"""What a terminal's line leaves out."""


def run(
    replicas: Annotated[int, typer.Option("--replicas", "-n", min=1, help="How many.")] = 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print their log as it is, one JSON object a line.")
    ] = False,
) -> None:
    """Run replicas against the servers that are set, until Ctrl-C; one that dies is started again.

    A deployment needs only `faststream run consumers.app:app`; this is that, several times.

    Example: cricksy-ocr run --replicas 2
    """
    load_settings()
    console = Console()
    asyncio.run(_run(console, replicas, raw=as_json or not console.is_terminal))


async def _run(console: Console, count: int, *, raw: bool) -> None:
    def say(number: int, line: Line) -> None:
        if raw:
            print(json.dumps({**line, "replica_number": number}), flush=True)
        else:
            say_line(console, number, line)

    async with Replicas(count, os.environ, say):
        await _told_to_leave()


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
