"""The health check of containers: what it answers for whatever is asked."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from deploy.container.probe import main
from deploy.devstack.ports import choose_ports


class Answers(BaseHTTPRequestHandler):
    """/well is well, everything else is not."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()
        self.wfile.write(b"redis: away\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


def test_what_answers_200_is_well(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", str(port), "/well"]) == 0
    assert capsys.readouterr().err == ""


def test_what_answers_anything_else_is_not_and_its_words_are_told(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(port), "/readyz"]) == 1
    assert capsys.readouterr().err == "/readyz answers 503: redis: away\n"


def test_where_nobody_answers_it_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = choose_ports(("nobody",), kept={}, asked={})["nobody"]

    assert main(["--port", str(nobody), "/livez"]) == 1
    assert f"Port {nobody} does not answer" in capsys.readouterr().err


def test_a_proxy_of_the_environment_is_not_asked(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert main(["--port", str(port), "/well"]) == 0


def test_a_replica_without_probes_is_not_well_for_a_check_that_asks_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CRICKSY_PROBE_PORT", raising=False)

    assert main(["/livez"]) == 1
    assert "CRICKSY_PROBE_PORT is not set" in capsys.readouterr().err
