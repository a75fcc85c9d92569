"""Every deed is asked about first: what it would do, then a button that does it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from consumers.console.deeds import DEEDS, Deed
from consumers.console.notes import go_to
from consumers.console.rendering import render
from consumers.console.security.person import person_of
from consumers.console.service import console_of

LONGEST_TARGET = 300


async def ask(request: Request) -> Response:
    """The question, as a page; a page with a script shows it in a dialog."""
    deed = _deed(request)
    target = _target(request.query_params.get("target", ""))
    outlook = await deed.foresee(console_of(request), target)
    return render(
        request,
        "question.html",
        deed=deed,
        name=request.path_params["deed"],
        target=target,
        title=deed.title.format(target=target),
        outlook=outlook,
        back=deed.back(target),
    )


async def do(request: Request) -> Response:
    """The answer was yes."""
    deed = _deed(request)
    target = _target(str((await request.form()).get("target", "")))
    said = await deed.do(console_of(request), target, person_of(request))
    request.app.state.sight.forget()
    return go_to(request, deed.back(target), said)


def _deed(request: Request) -> Deed:
    deed = DEEDS.get(request.path_params["deed"])
    if deed is None:
        raise HTTPException(404, "Nothing is done under this name.")
    return deed


def _target(text: str) -> str:
    if len(text) > LONGEST_TARGET:
        raise HTTPException(404, "Nothing is called that.")
    return text
