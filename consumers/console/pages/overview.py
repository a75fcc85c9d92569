"""How the queue fares."""

from starlette.requests import Request
from starlette.responses import Response

from consumers.console.rendering import render
from consumers.console.service import console_of
from consumers.queue import take_snapshot


async def overview(request: Request) -> Response:
    """The whole queue at one look."""
    console = console_of(request)
    queue = await take_snapshot(console.client, console.keys, console.database)
    return render(request, "overview.html", queue=queue)
