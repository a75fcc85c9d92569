"""`/livez`, `/readyz` and `/metrics` of one replica, on a thread of their own.

They answer while the event loop hangs, which is when they are needed. Nothing is asked of a server
because somebody probes: what the replica has last heard is told.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CollectorRegistry, make_wsgi_app

from consumers.health import Health

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger(__name__)

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- probes come from another host
SLOW_CLIENT = 5.0
"""Seconds after which a client that says nothing is left."""
STOPPING = 2.0
"""Seconds."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # As it is, it asks the DNS for this host's name, and may wait long for that.
        TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = SLOW_CLIENT

    def log_message(self, *_: object) -> None:
        """Say nothing: probes come every few seconds."""


class ProbeServer(AbstractContextManager["ProbeServer"]):
    """Answers probes for the length of a `with` block.

    Args:
        port: to listen on; 0 switches it off. One that is taken is logged, and nothing else: what
            the replica does is more than what it tells.
        health: what `/livez` and `/readyz` answer.
        page: what `/metrics` shows.
    """

    def __init__(self, port: int, health: Health, page: CollectorRegistry | None) -> None:
        self._port = port
        self._routes: dict[str, WSGIApplication] = {
            "/livez": _answer(health.ailments),
            "/readyz": _answer(health.obstacles),
        }
        if page is not None:
            self._routes["/metrics"] = make_wsgi_app(page)
        self._server: WSGIServer | None = None

    def __enter__(self) -> Self:
        if self._port:
            try:
                self._server = make_server(
                    EVERYWHERE, self._port, self._route, _Server, handler_class=_Handler
                )
            except OSError as error:
                log.warning("probes not answered", port=self._port, error=str(error))
            else:
                Thread(target=self._server.serve_forever, name="probes", daemon=True).start()
                log.info("probes answered", port=self._port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            stopping = Thread(target=self._server.shutdown, daemon=True)
            stopping.start()
            stopping.join(STOPPING)
            self._server.server_close()

    def _route(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        application = self._routes.get(environ.get("PATH_INFO", ""))
        if application is None:
            return _say(HTTPStatus.NOT_FOUND, sorted(self._routes), start_response)
        return application(environ, start_response)


def _answer(complaints: Callable[[], list[str]]) -> "WSGIApplication":
    """200 and `ok`, or 503 and a complaint a line."""

    def answer(_: Mapping[str, object], start_response: "StartResponse") -> Iterable[bytes]:
        found = complaints()
        status = HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK
        return _say(status, found or ["ok"], start_response)

    return answer


def _say(
    status: HTTPStatus, lines: Iterable[str], start_response: "StartResponse"
) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
    start_response(f"{status.value} {status.phrase}", headers)
    return ["".join(f"{line}\n" for line in lines).encode()]
