"""`cricksy-ocr pause`, `resume` and `drain`: whether replicas claim."""

import asyncio
import getpass
import json
import socket
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from consumers import operations
from consumers.cli.servers import Servers, with_servers
from consumers.operations.draining import InHands, in_hands
from consumers.queue import take_snapshot

PROBLEM = 1
LOOK_SECONDS = 0.25
CONFIRMED_WITHIN = 5.0
"""Seconds in which live replicas have said that they claim nothing more."""
DEFAULT_DRAIN = 330.0

Reason = Annotated[str, typer.Option(help="Told to those who wonder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def pause(reason: Reason = "", as_json: AsJson = False) -> None:
    """Have every replica claim nothing more, at once; what is in work ends as ever.

    Nothing is lost: what waits is read after `cricksy-ocr resume`. Exits with 1 when a live replica
    does not follow.

    Example: cricksy-ocr pause --reason 'S3 moves'
    """

    async def work(servers: Servers) -> InHands:
        await _pause(servers, reason)
        deadline = asyncio.get_running_loop().time() + CONFIRMED_WITHIN
        held = await _held(servers)
        while held.not_paused and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            held = await _held(servers)
        return held

    held = with_servers(work)
    if as_json:
        print(json.dumps({"paused": True, **_figures(held)}))
    else:
        print(_sentence(held))
    raise typer.Exit(PROBLEM if held.not_paused else 0)


def resume(as_json: AsJson = False) -> None:
    """Have replicas claim again.

    Example: cricksy-ocr resume
    """
    was_paused = with_servers(lambda servers: operations.resume(servers.client, servers.keys))
    if as_json:
        print(json.dumps({"paused": False, "was_paused": was_paused}))
    else:
        print("Replicas claim again." if was_paused else "Nothing was paused.")


def drain(
    timeout: Annotated[float, typer.Option(help="Seconds to wait at most.", min=0)] = DEFAULT_DRAIN,
    reason: Reason = "draining",
    as_json: AsJson = False,
) -> None:
    """Pause, and wait until nothing is in work any more.

    Replicas can be stopped or updated then; claiming stays paused until `cricksy-ocr resume`. Exits
    with 1 when something is still in work after
    --timeout.

    Example: cricksy-ocr drain --timeout 60 && systemctl restart cricksy-ocr
    """
    held = with_servers(lambda servers: _drain(servers, reason, timeout, quiet=as_json))
    if as_json:
        print(json.dumps({"drained": held.drained, **_figures(held)}))
    elif held.drained:
        left = _left_behind(held)
        print(f"Nothing is in work.{left} `cricksy-ocr resume` has replicas claim again.")
    else:
        print(f"{_sentence(held)} It took longer than {timeout:g} s.")
    raise typer.Exit(0 if held.drained else PROBLEM)


async def _drain(servers: Servers, reason: str, patience: float, *, quiet: bool) -> InHands:
    await _pause(servers, reason)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    held = await _held(servers)
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bar:
        line = bar.add_task("in work", total=max(held.in_work, 1))
        most = held.in_work
        deadline = asyncio.get_running_loop().time() + patience
        while not held.drained and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            held = await _held(servers)
            most = max(most, held.in_work)
            bar.update(
                line,
                description=f"{held.in_work} in work",
                total=max(most, 1),
                completed=most - held.in_work,
            )
    return held


async def _pause(servers: Servers, reason: str) -> None:
    await operations.pause(servers.client, servers.keys, by=_who(), reason=reason)


async def _held(servers: Servers) -> InHands:
    lease: timedelta = servers.settings.lease_seconds
    snapshot = await take_snapshot(servers.client, servers.keys, servers.database)
    return in_hands(snapshot, lease)


def _who() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        # An account without a name, as containers have them.
        name = "somebody"
    return f"{name}@{socket.gethostname()}"


def _sentence(held: InHands) -> str:
    work = (
        f"What is in work ({held.in_work}) ends as ever." if held.in_work else "Nothing is in work."
    )
    late = f" {held.not_paused} live replicas do not follow." if held.not_paused else ""
    return f"Paused: nothing more is claimed. {work}{late}{_left_behind(held)}"


def _left_behind(held: InHands) -> str:
    if not held.left_behind:
        return ""
    return f" {held.left_behind} that a replica left unfinished wait until it is resumed."


def _figures(held: InHands) -> dict[str, int]:
    return {
        "in_work": held.in_work,
        "left_behind": held.left_behind,
        "replicas_not_paused": held.not_paused,
    }
