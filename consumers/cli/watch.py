"""`cricksy-ocr watch`: the watcher alone."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Callable
from typing import Annotated

import typer

from consumers.alerts.finding import Alert
from consumers.alerts.forms import Form, body
from consumers.cli.servers import Servers, with_servers
from consumers.watchpost import Watchpost

PROBLEM = 1


def watch(
    once: Annotated[
        bool, typer.Option("--once", help="Only say what is wrong now; exits with 1 if anything.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object an alert.")
    ] = False,
) -> None:
    """Watch the queue until Ctrl-C: raise alerts, publish lost uploads again, send canaries.

    Every replica does the same, one at a time. Only who lives can tell that no replica does: on a
    system with one replica, or for certainty, run this beside them. It watches while none of them
    does.

    Example: cricksy-ocr watch --once --json
    """
    found = with_servers(
        lambda servers: _watch(servers, once=once, as_json=as_json), tells_of_absence=True
    )
    raise typer.Exit(PROBLEM if found else 0)


async def _watch(servers: Servers, *, once: bool, as_json: bool) -> list[Alert]:
    show = _printer(servers.settings.stream, as_json=as_json)
    name = f"watch on {socket.gethostname()}, process {os.getpid()}"
    post = Watchpost(
        servers.settings, servers.database, servers.objects, name, show, stands_in=True
    )
    if once:
        found = await post.look_once()
        for alert in found:
            show(alert)
        if not found and not as_json:
            print("Nothing is wrong.")
        return found
    watching = asyncio.create_task(post.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, watching.cancel)
    try:
        await watching
    except asyncio.CancelledError:
        return []
    return []


def _printer(stream: str, *, as_json: bool) -> Callable[[Alert], None]:
    def show(alert: Alert) -> None:
        if as_json:
            print(json.dumps(body(Form.JSON, alert, stream, alert.fired_at)), flush=True)
        elif alert.resolved_at is not None:
            print(f"{alert.resolved_at:%H:%M:%S}  resolved  {alert.name}", flush=True)
        else:
            line = f"{alert.fired_at:%H:%M:%S}  {alert.severity}  {alert.name}: {alert.text}"
            print(f"{line}\n          next: {alert.command}", flush=True)

    return show
