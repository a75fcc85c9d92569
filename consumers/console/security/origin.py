"""Writes are taken from the console's own pages, and from programs; from no other site."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from consumers.console.security.refusal import refuse

READS = {"GET", "HEAD", "OPTIONS"}


class SameOrigin:
    """Refuses writes that a browser sends for another site's page; an ASGI middleware.

    Source: Fetch Metadata Request Headers (https://www.w3.org/TR/fetch-metadata/), and the Origin
    header for what sends none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "http" and scope["method"] not in READS:
            connection = HTTPConnection(scope)
            if is_foreign(connection):
                refusal = refuse(connection, 403, "This was sent by a page of another site.")
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_foreign(connection: HTTPConnection) -> bool:
    """Whether a browser says that another site's page asks; a program says nothing."""
    headers = connection.headers
    site = headers.get("sec-fetch-site")
    if site is not None:
        # The browser has compared the two itself, whatever proxies have made of the host since.
        return site != "same-origin"
    origin = headers.get("origin")
    return origin is not None and origin != f"{connection.url.scheme}://{headers.get('host', '')}"
