"""How a request is refused before it comes to a route: a sentence, as JSON or as text."""

from collections.abc import Mapping

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response


def refuse(
    connection: HTTPConnection,
    status: int,
    sentence: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a request that goes no further."""
    more = {**({"WWW-Authenticate": "Bearer"} if status == 401 else {}), **(headers or {})}
    if connection.url.path.startswith("/api/"):
        return JSONResponse({"detail": sentence}, status, more)
    return PlainTextResponse(f"{sentence}\n", status, more)
