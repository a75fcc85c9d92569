"""The console as an operator starts it, before servers of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.devstack.ports import choose_ports
from tests.acceptance.system import COMMAND, System
from tests.wait import wait_until


@dataclass(frozen=True, slots=True)
class Site:
    """A console that answers, and the system behind it."""

    address: str
    system: System

    def status_of(self, upload_id: str) -> str:
        """Of an upload, as PostgreSQL has it."""
        upload = self.system.upload(upload_id)
        return upload.status if upload else "missing"

    def told(self, *arguments: str) -> Any:
        """What `cricksy-ocr` prints with `--json`."""
        done = subprocess.run(
            [COMMAND, *arguments, "--json"],
            env=self.system.environment,
            stdout=subprocess.PIPE,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)


@contextmanager
def running_console(system: System) -> Iterator[Site]:
    """`cricksy-ocr console`; stopped at the end."""
    port = choose_ports(("console",), kept={}, asked={})["console"]
    site = Site(f"http://127.0.0.1:{port}", system)
    with subprocess.Popen(
        [COMMAND, "console", "--port", str(port)],
        env=system.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_until(lambda: _answers(site.address), timeout=30, message="the console answers")
            yield site
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/static/mark.svg").is_success
    except httpx.TransportError:
        return False
