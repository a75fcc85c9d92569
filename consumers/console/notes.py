"""A sentence that the next page shows once: what an action did."""

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse

from consumers.console.security.session import is_tls
from consumers.console.service import console_of

COOKIE = "cricksy_note"
LIFE = 60
"""Seconds."""
LONGEST = 1000
"""A cookie has 4,096 bytes."""


def go_to(request: Request, path: str, note: str = "") -> RedirectResponse:
    """Lead the browser to a page after a write, with a sentence of what was done."""
    answer = RedirectResponse(path, 303)
    if note:
        answer.set_cookie(
            COOKIE,
            str(_serializer(request).dumps(note[:LONGEST])),
            max_age=LIFE,
            secure=is_tls(request),
            httponly=True,
            samesite="strict",
        )
    return answer


def take_note(request: Request) -> str:
    """The sentence to show; nothing where there is none."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return ""
    try:
        return str(_serializer(request).loads(cookie, max_age=LIFE))
    except BadSignature:
        return ""


def _serializer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(console_of(request).cookie_key, salt="cricksy-console-note")
