"""All uploads, with filters; and one upload's whole story."""

from contextlib import suppress
from datetime import date, datetime
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from consumers.console.rendering import render
from consumers.console.service import console_of
from consumers.console.timeline import timeline
from consumers.operations import tell
from consumers.operations.story import trace_link
from pipeline.storage.audit import records
from pipeline.storage.browsing import Place, Search, error_codes, search_uploads
from pipeline.storage.digests import earlier_reading
from pipeline.storage.uploads import UploadStatus, count_by_status

PAGE = 50


async def uploads(request: Request) -> Response:
    """The newest first, filtered as the address says."""
    console = console_of(request)
    asked = request.query_params
    if named := asked.get("id", "").strip():
        return RedirectResponse(f"/uploads/{quote(named, safe='')}", 303)
    search = Search(
        status=_status(asked.get("status", "")),
        error_code=asked.get("error") or None,
        game_id=asked.get("game", "").strip() or None,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )
    behind = _place(asked.get("behind", ""))
    found = await search_uploads(console.database, search, limit=PAGE + 1, behind=behind)
    shown = found[:PAGE]
    return render(
        request,
        "uploads.html",
        uploads=shown,
        older=_written(shown[-1].place) if len(found) > PAGE else "",
        paging=behind is not None,
        filtered=search != Search(),
        statuses=list(UploadStatus),
        counts=await count_by_status(console.database),
        codes=await error_codes(console.database),
    )


async def upload(request: Request) -> Response:
    """What was asked for, what was delivered, what came of it."""
    console = console_of(request)
    upload_id = request.path_params["upload_id"]
    story = await tell(console.client, console.keys, console.database, upload_id, console.rules)
    record = story.evidence.record
    if record is not None and record.upload is None and not record.attempts:
        raise HTTPException(404, story.answer.text)
    attempts = record.attempts if record else ()
    asked_at = story.publications[0].published_at if story.publications else None
    receipts = [each async for each in records(console.database, only=upload_id)]
    return render(
        request,
        "upload.html",
        upload_id=upload_id,
        story=story,
        upload=record.upload if record else None,
        card=record.scorecard if record else None,
        deliveries=timeline(attempts, asked_at),
        receipt=receipts[0] if receipts else None,
        earlier=await earlier_reading(console.database, upload_id),
        traces=[(each, trace_link(console.trace_url, each)) for each in story.trace_ids],
    )


def _status(text: str) -> UploadStatus | None:
    with suppress(ValueError):
        return UploadStatus(text)
    return None


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _place(text: str) -> Place | None:
    """As `_written` gave it; anything else is the beginning."""
    at, _, upload_id = text.partition("_")
    with suppress(ValueError):
        return Place(datetime.fromisoformat(at), upload_id)
    return None


def _written(place: Place) -> str:
    return f"{place.created_at.isoformat()}_{place.upload_id}"
