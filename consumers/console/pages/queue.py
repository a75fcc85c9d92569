"""Who works, what waits, and what was given up."""

import re

from starlette.requests import Request
from starlette.responses import Response

from consumers.console.rendering import render
from consumers.console.service import console_of
from consumers.queue import newest_letters
from consumers.queue.line import postponed_entries, waiting_entries

PAGE = 100
ENTRY_ID = re.compile(r"\d{1,20}-\d{1,20}")


async def workers(request: Request) -> Response:
    """Each replica: its slots, what they work on, its vitals."""
    console = console_of(request)
    queue = (await request.app.state.sight.overview()).snapshot
    held = {
        replica.name: [each for each in queue.pending if replica.owns(each.consumer)][:PAGE]
        for replica in queue.replicas
    }
    strays = [
        each
        for each in queue.consumers
        if each.pending and not any(replica.owns(each.name) for replica in queue.replicas)
    ]
    return render(
        request,
        "workers.html",
        queue=queue,
        held=held,
        strays=strays,
        patience=console.rules.in_work,
    )


async def pending(request: Request) -> Response:
    """What is in work, what waits for its turn, what waits for another try."""
    console = console_of(request)
    queue = (await request.app.state.sight.overview()).snapshot
    return render(
        request,
        "pending.html",
        queue=queue,
        in_work=queue.pending[:PAGE],
        waiting=await waiting_entries(console.client, console.keys, PAGE),
        postponed=await postponed_entries(console.client, console.keys, PAGE),
        patience=console.rules.in_work,
        lease=console.rules.lease,
    )


async def dead(request: Request) -> Response:
    """The dead letters, the newest first."""
    console = console_of(request)
    before = request.query_params.get("before", "")
    before = before if ENTRY_ID.fullmatch(before) else ""
    reason = request.query_params.get("reason", "")
    letters = await newest_letters(
        console.client, console.keys, PAGE + 1, before=before, reason=reason
    )
    return render(
        request,
        "dead.html",
        letters=letters[:PAGE],
        older=letters[PAGE - 1].letter_id if len(letters) > PAGE else "",
        total=await console.client.xlen(console.keys.dead),
        reason=reason,
        before=before,
    )
