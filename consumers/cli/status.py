"""`cricksy-ocr status` and `workers`: the queue as a whole, and who lives."""

import asyncio
import json
from contextlib import nullcontext, suppress
from typing import Annotated

import typer
from redis.exceptions import RedisError
from rich.console import Console, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from consumers.cli.board import board, owned
from consumers.cli.servers import Servers, with_servers
from consumers.cli.told import overview_told, replica_told
from consumers.cli.wording import some
from consumers.console.wording import size, span
from consumers.operations.overview import Overview, take_overview
from consumers.queue import Replica, Snapshot, take_snapshot

PROBLEM = 1

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def status(
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Keep it up to date until Ctrl-C.")
    ] = False,
    every: Annotated[float, typer.Option(help="Seconds between looks with --watch.", min=0.2)] = 2,
    as_json: AsJson = False,
) -> None:
    """Show the whole queue on one screen: what waits, who reads, what is wrong.

    Exits with 1 when an alert fires or PostgreSQL does not answer.

    Example: cricksy-ocr status --watch
    """
    if watch:
        with suppress(KeyboardInterrupt):
            with_servers(
                lambda servers: _watch(servers, every, as_json=as_json), tells_of_absence=True
            )
        return
    problem = with_servers(lambda servers: _once(servers, as_json=as_json), tells_of_absence=True)
    raise typer.Exit(PROBLEM if problem else 0)


def workers(as_json: AsJson = False) -> None:
    """Show who lives: each replica, its process, and what it works on.

    Exits with 1 when no replica lives or one is silent.

    Example: cricksy-ocr workers
    """
    snapshot = with_servers(
        lambda servers: take_snapshot(servers.client, servers.keys, servers.database),
        tells_of_absence=True,
    )
    if as_json:
        print(json.dumps([replica_told(each, owned(snapshot, each)) for each in snapshot.replicas]))
    else:
        _print_workers(Console(), snapshot)
    alive = snapshot.replicas and all(each.lives for each in snapshot.replicas)
    raise typer.Exit(0 if alive else PROBLEM)


async def _look(servers: Servers) -> Overview:
    return await take_overview(servers.client, servers.keys, servers.database)


async def _once(servers: Servers, *, as_json: bool) -> bool:
    overview = await _look(servers)
    if as_json:
        print(json.dumps(overview_told(overview)))
    else:
        Console().print(board(overview, servers.keys.stream))
    return overview.problem


async def _watch(servers: Servers, every: float, *, as_json: bool) -> None:
    console = Console()
    live = Live(console=console, screen=True, auto_refresh=False)
    with live if console.is_terminal and not as_json else nullcontext():
        while True:
            seen = await _seen(servers, as_json=as_json)
            if live.is_started:
                live.update(seen, refresh=True)
            else:
                console.print(seen, soft_wrap=as_json, markup=False, highlight=False)
            await asyncio.sleep(every)


async def _seen(servers: Servers, *, as_json: bool) -> RenderableType:
    try:
        overview = await _look(servers)
    except (RedisError, OSError) as error:
        return json.dumps({"error": str(error)}) if as_json else Text(f"Redis: {error}", "bold red")
    if as_json:
        return json.dumps(overview_told(overview))
    return board(overview, servers.keys.stream)


def _print_workers(console: Console, snapshot: Snapshot) -> None:
    if not snapshot.replicas:
        console.print("No replica lives; start one: faststream run consumers.app:app", style="red")
        return
    for replica in snapshot.replicas:
        console.print(_headline(replica))
        works = owned(snapshot, replica)
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
        for each in works:
            since = span(each.age) if each.age is not None else "just claimed"
            table.add_row(
                escape(each.consumer.removeprefix(f"{replica.name}-")),
                escape(each.upload_id or "an entry that names no upload"),
                str(each.stage or "between two stages"),
                since,
            )
        if works:
            console.print(table)


def _headline(replica: Replica) -> Text:
    line = Text(replica.name, style="bold" if replica.lives else "bold red")
    line.append(f"  {replica.host}, process {replica.pid}", style="not bold")
    if not replica.lives:
        line.append(f", SILENT for {span(replica.silent_for)}")
        return line
    for name, since in replica.obstacles.items():
        line.append(f", {name} for {span(since)}", style="yellow")
    line.append("\n  ")
    slots = "OCR switched off" if not replica.slots else some(replica.slots, "slot")
    line.append(slots, style="not bold")
    if replica.vitals is not None:
        vitals = replica.vitals
        line.append(
            f", version {vitals.version}, up {span(vitals.uptime)}, memory {size(vitals.memory)}, "
            f"{some(vitals.done, 'upload')} done, {vitals.replaced} children replaced",
            style="not bold",
        )
    return line
