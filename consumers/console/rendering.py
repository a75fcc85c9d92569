"""Templates to answers: what every page shows, and how values are written for people."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from consumers.console import wording
from consumers.console.notes import COOKIE, take_note
from consumers.console.security.person import person_of
from consumers.console.service import console_of

STATIC = resources.files("consumers.console") / "static"


@dataclass(frozen=True, slots=True)
class Link:
    """An item of the navigation."""

    path: str
    label: str


NAVIGATION = (
    Link("/", "Overview"),
    Link("/uploads", "Uploads"),
    Link("/upload", "Upload"),
    Link("/workers", "Workers"),
    Link("/pending", "Pending"),
    Link("/dead", "Dead letters"),
)


def render(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page, or a part of one where the template's name begins with an underscore."""
    console = console_of(request)
    page = environment().get_template(template)
    note = take_note(request)
    html = page.render(
        path=request.url.path,
        query=defaultdict(str, request.query_params),
        navigation=NAVIGATION,
        person=person_of(request),
        stream=console.keys.stream,
        trace_url=console.trace_url,
        now=datetime.now(UTC),
        note=note,
        **values,
    )
    answer = HTMLResponse(html, status)
    if note:
        answer.delete_cookie(COOKIE)
    return answer


@cache
def environment() -> Environment:
    """The templates; every value is escaped, whatever the template is called."""
    found = Environment(
        loader=PackageLoader("consumers.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(wording.FILTERS)
    found.globals.update(asset=asset, query_string=query_string)
    return found


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    content = STATIC.joinpath(name).read_bytes()
    return f"/static/{name}?{sha256(content).hexdigest()[:12]}"


def query_string(query: dict[str, str], **changes: str | None) -> str:
    """A query with some of it changed; what is empty is left out."""
    merged = {**query, **changes}
    return "?" + urlencode({name: value for name, value in merged.items() if value})
