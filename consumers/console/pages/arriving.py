"""The page to which files are dropped, and how each fares once it has arrived."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from consumers.console.arrivals import arrival_of
from consumers.console.rendering import render
from consumers.console.service import console_of
from pipeline.imaging.formats import FORMATS
from pipeline.storage.uploads import get_upload


async def upload(request: Request) -> Response:
    """Where files are dropped or chosen."""
    console = console_of(request)
    return render(
        request,
        "arriving.html",
        formats=FORMATS,
        media_types={suffix: each.media_type for each in FORMATS for suffix in each.suffixes},
        max_bytes=console.limits.max_bytes,
        enabled=console.uploads_enabled,
    )


async def arrival(request: Request) -> Response:
    """One upload on its way: its stages, and what was read as soon as it is there."""
    console = console_of(request)
    found = await get_upload(console.database, request.path_params["upload_id"])
    if found is None:
        raise HTTPException(404, "There is no such upload.")
    return render(request, "_arrival.html", arrival=await arrival_of(console, found))
