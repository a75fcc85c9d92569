"""How much anybody may send, and how often."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consumers.console.security.refusal import refuse

MAX_BODY = 2 * 1024 * 1024
"""Bytes: a scorecard document has some ten thousand; pictures go to S3, not through here."""
REMEMBERED = 10_000
"""Addresses whose rate is known: the longest silent is forgotten first."""


class BodyLimit:
    """Refuses large bodies, announced or not; an ASGI middleware."""

    def __init__(self, app: ASGIApp, most: int = MAX_BODY) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on while it is not too much."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        sentence = f"A request may have {self._most:,} bytes."
        announced = connection.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self._most:
            await refuse(connection, 413, sentence)(scope, receive, send)
            return
        received = 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                raise HTTPException(413, sentence)
            return message

        await self._app(scope, receiving, send)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    burst: float
    per_second: float


ALL = Rate(burst=200, per_second=50)
SIGN_IN = Rate(burst=10, per_second=1 / 6)
"""Attempts: a token cannot be guessed."""


class Allowance:
    """A token bucket for each address.

    Args:
        rate: what each may do.
        clock: seconds that only grow.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Take one; returns the seconds to wait, 0 where none."""
        now = self._clock()
        left, at = self._left.pop(address, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate.per_second
        self._left[address] = (left if wait else left - 1, now)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return wait


class RateLimit:
    """Refuses who asks too often; an ASGI middleware."""

    def __init__(self, app: ASGIApp, rate: Rate = ALL, sign_in: Rate = SIGN_IN) -> None:
        self._app = app
        self._all = Allowance(rate)
        self._sign_in = Allowance(sign_in)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not too often."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        address = connection.client.host if connection.client else ""
        wait = self._all.take(address)
        if scope["path"] == "/sign-in" and scope["method"] == "POST":
            wait = max(wait, self._sign_in.take(address))
        if wait:
            refusal = refuse(
                connection,
                429,
                f"Too many requests; try again in {wait:.0f} s.",
                {"Retry-After": str(max(1, round(wait)))},
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
