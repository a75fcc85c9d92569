"""The API as an application of its own, with its description at `/api/openapi.json`."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from starlette.responses import Response

from consumers.console.api import uploads
from consumers.console.service import Console
from pipeline.errors import Transient

PREFIX = "/api"


def build_api(console: Console) -> FastAPI:
    """The API; who may call it is decided before a request comes here."""
    api = FastAPI(
        title="Cricksy uploads",
        summary="Scorecards in, checked readings out.",
        version=version("cricksy-ocr"),
        # Their pages come from another site.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={RequestValidationError: _misunderstood, Transient: _away},
        dependencies=[Security(HTTPBearer(auto_error=False, description="CRICKSY_CONSOLE_TOKEN"))],
    )
    api.include_router(uploads.router)
    api.state.console = console
    return api


async def _misunderstood(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError("This handler is for RequestValidationError alone.")
    return JSONResponse({"detail": sentence_of(error.errors())}, 422)


def sentence_of(problems: Sequence[Any]) -> str:
    """What is wrong with a request, for people."""
    told = []
    for each in problems:
        field = ".".join(str(part) for part in each["loc"][1:])
        where = f"{field}: " if field and each["type"] != "json_invalid" else ""
        told.append(f"{where}{str(each['msg']).rstrip('.')}")
    return "; ".join(told) + "."


async def _away(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 503, {"Retry-After": "5"})
