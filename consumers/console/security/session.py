"""The session: a signed cookie that names the person; nothing is kept on the server."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from consumers.console.security.person import LONGEST_NAME, Person

LIFE = timedelta(hours=12)
_PLAIN = "cricksy_session"
# Browsers take a cookie of this prefix over TLS alone, for this host alone.
_OVER_TLS = "__Host-cricksy_session"


class Sessions:
    """Issues and reads sessions.

    Args:
        key: signs them; another key ends them all.
    """

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="cricksy-console-session")

    def person_of(self, connection: HTTPConnection) -> Person | None:
        """Who has signed in; None where nobody has, or it is too long ago."""
        cookie = connection.cookies.get(_name(connection))
        if not cookie:
            return None
        try:
            name = self._serializer.loads(cookie, max_age=int(LIFE.total_seconds()))
        except BadSignature:  # an expired one, too
            return None
        return Person(str(name), signed_in=True)

    def begin(self, connection: HTTPConnection, response: Response, name: str) -> None:
        """Have the browser remember who has signed in."""
        response.set_cookie(
            _name(connection),
            str(self._serializer.dumps(name[:LONGEST_NAME])),
            max_age=int(LIFE.total_seconds()),
            secure=is_tls(connection),
            httponly=True,
            # Links in alerts lead here from elsewhere; writes are looked at by `SameOrigin`.
            samesite="lax",
        )

    @staticmethod
    def end(connection: HTTPConnection, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(
            _name(connection), secure=is_tls(connection), httponly=True, samesite="lax"
        )


def is_tls(connection: HTTPConnection) -> bool:
    """Whether the browser's connection is encrypted, here or by the proxy before this process."""
    return connection.url.scheme == "https"


def _name(connection: HTTPConnection) -> str:
    return _OVER_TLS if is_tls(connection) else _PLAIN
