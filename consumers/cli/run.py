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
    # SIGTERM ends it as Ctrl-C does: replicas finish what they have in work.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    console = Console()
    raw = as_json or not console.is_terminal
    try:
        asyncio.run(_run(console, replicas, raw=raw))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


async def _run(console: Console, count: int, *, raw: bool) -> None:
    def say(number: int, line: Line) -> None:
        if raw:
            print(json.dumps({**line, "replica_number": number}), flush=True)
        else:
            say_line(console, number, line)

    async with Replicas(count, os.environ, say):
        await asyncio.Event().wait()


def say_line(console: Console, number: int, line: Line) -> None:
    """Print one log event of a replica for people."""
    style = LOUD.get(str(line.get("level")), "")
    rest = " ".join(f"{key}={value}" for key, value in line.items() if key not in QUIET)
    console.print(f"replica {number}  {line['event']}  {rest}", style=style, markup=False)
