"""Signing in with the token and a name; signing out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from consumers.console.rendering import render
from consumers.console.security.access import is_same
from consumers.console.security.person import LONGEST_NAME
from consumers.console.security.session import Sessions
from consumers.console.service import console_of


async def ask(request: Request) -> Response:
    """The form."""
    if not console_of(request).token:
        return RedirectResponse("/", 303)
    return _form(request)


async def sign_in(request: Request) -> Response:
    """Begin a session."""
    console = console_of(request)
    form = await request.form()
    name, token = str(form.get("name", "")).strip(), str(form.get("token", ""))
    if not console.token or not is_same(token, console.token):
        return _form(request, name, "This is not the token.", 403)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return _form(request, name, f"Give a name of up to {LONGEST_NAME} letters.", 400)
    answer = RedirectResponse(_inside(str(form.get("next", ""))), 303)
    Sessions(console.cookie_key).begin(request, answer, name)
    return answer


async def sign_out(request: Request) -> Response:
    """End the session on this browser."""
    answer = RedirectResponse("/sign-in", 303)
    Sessions.end(request, answer)
    return answer


def _form(request: Request, name: str = "", problem: str = "", status: int = 200) -> Response:
    target = request.query_params.get("next", "")
    return render(
        request, "sign_in.html", status, name=name, problem=problem, target=_inside(target)
    )


def _inside(target: str) -> str:
    """A path of this console: no link can lead through the form to another site."""
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/") and not target.startswith("//") else "/"
