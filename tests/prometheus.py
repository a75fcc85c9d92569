"""Debian's `prometheus` package: `promtool`, and a server that scrapes a running replica."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from deploy.devstack.ports import choose_ports
from tests.wait import wait_until

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "prometheus" / "prometheus.yml"


def tool(name: str) -> str:
    """Path of `promtool` or `prometheus`; where it is missing, no test passes unnoticed."""
    return shutil.which(name) or _missing(name)


def _missing(name: str) -> NoReturn:
    sentence = f"{name} is not installed, so this was NOT TESTED: apt-get install prometheus"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def complaints(*command: str | Path, stdin: str | None = None) -> str:
    """What `promtool` finds wrong; nothing where all is well."""
    done = subprocess.run(
        [tool("promtool"), *command],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return "" if done.returncode == 0 and not done.stderr else done.stdout + done.stderr


@dataclass(frozen=True)
class Prometheus:
    """A server that is up."""

    url: str

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The series that an expression gives now."""
        with urlopen(f"{self.url}/api/v1/query?{urlencode({'query': expression})}") as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return result

    def values(self, expression: str) -> list[float]:
        """Of those series, without those that are no number."""
        found = [float(series["value"][1]) for series in self.query(expression)]
        return [value for value in found if not isnan(value)]


@contextmanager
def running_prometheus(target: int) -> Iterator[Prometheus]:
    """A server with our scrape configuration, but quick and for one port of this machine."""
    port = choose_ports(("prometheus",), kept={}, asked={})["prometheus"]
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "prometheus.yml"
        configuration.write_text(
            CONFIGURATION.read_text()
            .replace("localhost:9464", f"127.0.0.1:{target}")
            .replace("scrape_interval: 15s", "scrape_interval: 1s")
        )
        process = subprocess.Popen(
            [
                tool("prometheus"),
                f"--config.file={configuration}",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ],
            stdin=subprocess.DEVNULL,
        )
        try:
            prometheus = Prometheus(f"http://127.0.0.1:{port}")
            wait_until(lambda: _is_scraping(prometheus), timeout=30, message="scraping")
            yield prometheus
        finally:
            process.terminate()
            process.wait(timeout=20)


def _is_scraping(prometheus: Prometheus) -> bool:
    try:
        return prometheus.values("up") == [1.0]
    except URLError:
        return False
