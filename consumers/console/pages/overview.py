"""How the queue fares."""

from starlette.requests import Request
from starlette.responses import Response

from consumers.console.plots import plot
from consumers.console.rendering import render
from consumers.console.service import console_of
from consumers.queue.line import waiting_entries
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.last_hour import last_hour

SHOWN = 12
"""Unfinished uploads; Pending shows all."""


async def overview(request: Request) -> Response:
    """The whole queue at one look; with PostgreSQL away, what Redis tells."""
    console = console_of(request)
    found = await request.app.state.sight.overview()
    try:
        hour = plot(await last_hour(console.database))
    except DatabaseUnavailable:
        hour = None
    waiting = await waiting_entries(console.client, console.keys, SHOWN)
    return render(
        request,
        "overview.html",
        overview=found,
        queue=found.snapshot,
        hour=hour,
        oldest=found.snapshot.pending[:SHOWN],
        waiting=waiting[: max(SHOWN - len(found.snapshot.pending), 0)],
        patience=console.rules.in_work,
    )
