"""`cricksy-ocr dev`: the whole system on this machine, on real servers from wheels."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from consumers.cli.demo import run_demo
from consumers.cli.files import files_in
from consumers.cli.replicas import Replicas
from consumers.cli.run import say_line


def dev(
    replicas: Annotated[int, typer.Option(min=1, help="How many replicas to run.")] = 2,
    folder: Annotated[Path, typer.Option(help="Where the servers keep their data.")] = Path(".dev"),
    demo: Annotated[
        Path | None,
        typer.Option(help="Submit this file or folder, show how it is read, and end."),
    ] = None,
) -> None:
    """Start real servers and replicas on this machine; Ctrl-C stops them.

    Valkey, PostgreSQL and S3 (SeaweedFS) come from wheels; a server that CRICKSY_REDIS_URL,
    DATABASE_URL or CRICKSY_S3_ENDPOINT_URL names is used in place of its embedded one.

    Example: cricksy-ocr dev --replicas 3
    """
    try:
        from deploy.devstack import DevStack, DevStackError
    except ModuleNotFoundError as missing:
        print(
            f"The dev stack's servers are not installed ({missing.name}): "
            "pip install 'cricksy-ocr[dev]'",
            file=sys.stderr,
        )
        raise typer.Exit(1) from None
    files = files_in([demo]) if demo else []
    # SIGTERM ends it as Ctrl-C does: servers and replicas are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    # A shell has it ignored for what it starts in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    console = Console()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("deploy.devstack").setLevel(logging.INFO)
    try:
        with DevStack(folder=folder, environment=os.environ) as stack:
            os.environ.update(stack.environment)
            os.environ.setdefault("CRICKSY_CONCURRENCY", str(slots_of_each(replicas)))
            _say_servers(console, stack.environment)
            if files:
                good = asyncio.run(run_demo(console, files, replicas))
            else:
                good = asyncio.run(_stay(console, replicas))
    except DevStackError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("stopped")
        raise typer.Exit(0) from None
    raise typer.Exit(0 if good else 1)


def slots_of_each(replicas: int) -> int:
    """Children a replica, so that all replicas together have one a core."""
    return max(1, (os.cpu_count() or 1) // replicas)


def _say_servers(console: Console, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        console.print(f"export {name}={value}", style="dim", soft_wrap=True, highlight=False)


async def _stay(console: Console, count: int) -> bool:
    async with Replicas(count, os.environ, partial(say_line, console)):
        console.print("Submit cards from another terminal, with the variables above:")
        console.print("  cricksy-ocr submit PATH… --wait", style="bold")
        console.print("or drop them on a page, and review them there:")
        console.print("  cricksy-ocr console", style="bold")
        await asyncio.Event().wait()
    return True
