"""Who is let in: with a token set, who shows it or has signed in; else only this machine."""

import hmac
import ipaddress
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from consumers.console.security.person import KEY, Person, local_person
from consumers.console.security.refusal import refuse
from consumers.console.security.session import Sessions

OPEN_PATHS = ("/sign-in", "/static/")
"""What is shown to who has not been let in yet."""
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}
# A proxy before this process answers for everybody: that is not this machine asking.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
PROGRAM = Person("api")


class Access:
    """Refuses who may not come in; an ASGI middleware.

    Args:
        app: what is guarded.
        token: what has to be shown; empty: only this machine is let in.
        sessions: of those who have signed in.
    """

    def __init__(self, app: ASGIApp, token: str, sessions: Sessions) -> None:
        self._app = app
        self._token = token
        self._sessions = sessions
        self._local = local_person()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = self._with_token(connection) if self._token else self._local_only(connection)
        await (refusal or self._app)(scope, receive, send)

    def _local_only(self, connection: HTTPConnection) -> Response | None:
        if not comes_from_here(connection):
            return refuse(
                connection,
                403,
                "This console answers its own machine only. Set CRICKSY_CONSOLE_TOKEN to open it "
                "to others.",
            )
        connection.scope[KEY] = self._local
        return None

    def _with_token(self, connection: HTTPConnection) -> Response | None:
        scheme, _, shown = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if not is_same(shown.strip(), self._token):
                return refuse(connection, 401, "The bearer token is not the right one.")
            connection.scope[KEY] = PROGRAM
            return None
        person = self._sessions.person_of(connection)
        if person is not None:
            connection.scope[KEY] = person
            return None
        path = connection.url.path
        if path.startswith(OPEN_PATHS):
            return None
        if path.startswith("/api/") or connection.scope["method"] != "GET":
            return refuse(
                connection, 401, "Sign in, or show the token: Authorization: Bearer <token>."
            )
        return RedirectResponse(f"/sign-in?next={quote(_target(connection))}", 303)


def comes_from_here(connection: HTTPConnection) -> bool:
    """Whether a browser or program on this machine asks, by a name of this machine.

    The name is looked at because a page from elsewhere may let its own name lead to 127.0.0.1.
    """
    headers = Headers(scope=connection.scope)
    host = headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name not in LOOPBACK_NAMES or any(each in headers for each in FORWARDED):
        return False
    client = connection.client
    try:
        return client is not None and ipaddress.ip_address(client.host).is_loopback
    except ValueError:
        return False


def is_same(shown: str, token: str) -> bool:
    """Whether a token is the right one; takes as long for any."""
    return hmac.compare_digest(shown.encode(), token.encode())


def _target(connection: HTTPConnection) -> str:
    url = connection.url
    return f"{url.path}?{url.query}" if url.query else url.path
