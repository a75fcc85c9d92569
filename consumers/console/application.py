"""The console as an ASGI application: guards, pages, static files."""

from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from consumers.console import pages
from consumers.console.api.application import PREFIX, build_api
from consumers.console.live import Live, events
from consumers.console.rendering import render
from consumers.console.review import routes as review
from consumers.console.review.pictures import Pictures
from consumers.console.security.access import Access
from consumers.console.security.headers import SecurityHeaders, content_policy
from consumers.console.security.limits import BodyLimit, RateLimit
from consumers.console.security.origin import SameOrigin
from consumers.console.security.refusal import refuse
from consumers.console.security.session import Sessions
from consumers.console.service import Console
from consumers.console.sight import Sight
from consumers.console.static_files import KeptFiles
from pipeline.errors import Transient


def build(console: Console, object_store_origin: str = "") -> Starlette:
    """The application.

    Args:
        console: what it works on.
        object_store_origin: where presigned links lead, `scheme://host:port`; pages may put files
            there.
    """
    routes: list[BaseRoute] = [
        *pages.routes(),
        *review.routes(),
        Route("/live", events),
        Mount(PREFIX, build_api(console)),
        Mount("/static", KeptFiles()),
    ]
    application = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders, policy=content_policy(object_store_origin)),
            Middleware(RateLimit),
            Middleware(Access, token=console.token, sessions=Sessions(console.cookie_key)),
            Middleware(SameOrigin),
            Middleware(BodyLimit),
        ],
        exception_handlers={
            HTTPException: _told,
            Transient: _away,
            RedisError: _without_redis,
        },
    )
    application.state.console = console
    application.state.sight = sight = Sight(console)
    application.state.pictures = Pictures(console.objects, console.limits)
    application.state.live = Live(console.client, console.keys, sight.forget)
    return application


async def _told(request: Request, error: Exception) -> Response:
    """A page for what cannot be shown."""
    if not isinstance(error, HTTPException):
        raise TypeError("This handler is for HTTPException alone.")
    if error.status_code < 400:
        return PlainTextResponse("", error.status_code, error.headers)
    answer = _problem(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


async def _away(request: Request, error: Exception) -> Response:
    """A server behind the console does not answer; it will again."""
    answer = _problem(request, 503, str(error))
    answer.headers["Retry-After"] = "5"
    return answer


async def _without_redis(request: Request, error: Exception) -> Response:
    answer = _problem(request, 503, f"Redis does not answer: {error}")
    answer.headers["Retry-After"] = "5"
    return answer


def _problem(request: Request, status: int, sentence: str) -> Response:
    if request.url.path.startswith(f"{PREFIX}/"):
        # A path of the API that does not even lead to it: one with a line break in it.
        return refuse(request, status, sentence)
    return render(request, "problem.html", status, code=status, sentence=sentence)
