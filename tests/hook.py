"""A small receiver of webhooks: what an operator's endpoint would get, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Hook:
    """What was posted so far."""

    url: str = ""
    posts: list[Any] = field(default_factory=list)
    refusals: int = 0
    """Posts that are to be answered with 503 before one is taken."""

    def of(self, alert: str) -> list[str]:
        """What was posted of one alert, in our own form: `firing`, `resolved`."""
        return [each["status"] for each in list(self.posts) if each["alert"] == alert]


@contextmanager
def webhook_receiver() -> Iterator[Hook]:
    """Listens on a free loopback port."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if hook.refusals:
                hook.refusals -= 1
                self.send_response(503)
            else:
                hook.posts.append(posted)
                self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
