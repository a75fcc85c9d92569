"""What compose.yaml says of our own services, done: each starts, answers and leaves.

Commands, environments and health checks are those of the file, resolved with an .env as its example
makes it; only addresses and ports are the dev stack's.
"""
# ruff: noqa: T201 -- the table is for people

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import pytest

from deploy.devstack.ports import choose_ports
from tests.acceptance.probes import Probes
from tests.acceptance.system import System
from tests.compose import ROOT, environment_of, ours, services
from tests.wait import wait_until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CARD = next((ROOT / "tests" / "cards" / "images").glob("*.png"))
OF_THE_STACK = ("DATABASE_URL", "CRICKSY_REDIS_URL", "CRICKSY_S3_ENDPOINT_URL")
OF_THE_TEST = ("CRICKSY_S3_ACCESS_KEY", "CRICKSY_S3_SECRET_KEY", "CRICKSY_STREAM")
STARTS_WITHIN = 60.0
LEAVES_WITH = {"console": -signal.SIGTERM}
"""Exit codes other than 0: uvicorn raises the signal again once it has closed."""


@dataclass
class Stage:
    """Where the services of compose.yaml play: the dev stack, and ports that are free."""

    environment: dict[str, str]
    ports: dict[str, str]
    """By those of compose.yaml."""
    table: list[tuple[str, str, str, str]] = field(default_factory=list)

    def words(self, command: list[str]) -> list[str]:
        """A command of the file, for this machine."""
        program, *rest = (self.ports.get(word, word) for word in command)
        return [str(Path(sys.executable).with_name(program)), *rest]

    def variables(self, service: str) -> dict[str, str]:
        """A service's environment and nothing else, for this machine."""
        theirs = environment_of(service)
        assert set(OF_THE_STACK) <= set(theirs)
        # There is no collector here, and nothing of ours needs one.
        theirs.pop("OTEL_EXPORTER_OTLP_ENDPOINT")
        if "CRICKSY_PROBE_PORT" in theirs:
            theirs["CRICKSY_PROBE_PORT"] = self.ports[theirs["CRICKSY_PROBE_PORT"]]
        return {"PATH": os.environ["PATH"], **theirs, **self.environment}

    def run(self, service: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Runs a command in a service's environment to its end."""
        return subprocess.run(
            self.words(command),
            env=self.variables(service),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=STARTS_WITHIN,
            check=False,
        )

    def finishes(self, service: str) -> str:
        """Runs a one-shot; gives what it says."""
        done = self.run(service, services()[service]["command"])
        assert done.returncode == 0, done.stderr
        self.note(service, "exit 0", shorten(done.stdout, 60, placeholder=" …"))
        return done.stdout

    @contextmanager
    def started(self, service: str) -> Iterator[None]:
        """Has a service run for a while; it leaves within its grace when it is told to."""
        with subprocess.Popen(
            self.words(services()[service]["command"]),
            env=self.variables(service),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                yield
                assert process.poll() is None
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=15) == LEAVES_WITH.get(service, 0)
            finally:
                process.kill()

    def wait_until_it_answers(self, port: str, path: str) -> None:
        """Spares this machine a health check every few milliseconds."""
        probes = Probes(int(self.ports[port]))
        wait_until(lambda: probes.ask(path)[0] == 200, timeout=STARTS_WITHIN, message=path)

    def is_healthy(self, service: str) -> bool:
        """What the service's own health check says."""
        kind, *check = services()[service]["healthcheck"]["test"]
        assert kind == "CMD"
        return self.run(service, check).returncode == 0

    def note(self, service: str, came_up: str, answered: str) -> None:
        """A row of the table."""
        self.table.append((service, " ".join(services()[service]["command"]), came_up, answered))

    def show(self) -> None:
        """Prints the table, for `pytest -s`."""
        print()
        for row in [("service", "command", "came up", "answered"), *self.table]:
            print("{:<8}  {:<52}  {:<8}  {}".format(*row))


@pytest.fixture
def stage(environment: dict[str, str], s3_client: "S3Client") -> Iterator[Stage]:
    ports = choose_ports(("8080", "9464"), kept={}, asked={})
    bucket = f"{environment['CRICKSY_S3_BUCKET']}-made"
    kept = {name: environment[name] for name in (*OF_THE_STACK, *OF_THE_TEST)}
    stage = Stage(
        kept | {"CRICKSY_S3_BUCKET": bucket},
        {name: str(port) for name, port in ports.items()},
    )
    yield stage
    with suppress(s3_client.exceptions.NoSuchBucket):
        s3_client.delete_bucket(Bucket=bucket)


def test_every_service_of_ours_starts_answers_and_leaves_as_compose_says(stage: Stage) -> None:
    system = System({**os.environ, **stage.environment})

    assert "applied 0001" in stage.finishes("migrate")
    assert "made" in stage.finishes("bucket")
    assert "is there" in stage.run("bucket", services()["bucket"]["command"]).stdout

    with stage.started("console"):
        # The watcher stands in while there is no replica.
        with stage.started("watcher"), system.redis as redis:
            watches = lambda: redis.exists(system.keys.watcher)  # noqa: E731
            wait_until(watches, timeout=STARTS_WITHIN, message="watching")
            stage.note("watcher", "yes", "holds the watcher's lock")
        with stage.started("worker"):
            stage.wait_until_it_answers("9464", "/readyz")
            assert stage.is_healthy("worker")
            system.wait_until_parsed(system.publish(CARD.read_bytes()))
            stage.note("worker", "yes", "its health check; read a card")
        stage.wait_until_it_answers("8080", "/sign-in")
        assert stage.is_healthy("console")
        stage.note("console", "yes", "its health check")

    stage.show()
    assert {row[0] for row in stage.table} == set(ours())


def test_wrong_keys_end_the_making_of_the_bucket_at_once_with_the_reason(stage: Stage) -> None:
    stage.environment["CRICKSY_S3_SECRET_KEY"] = "wrong"

    done = stage.run("bucket", services()["bucket"]["command"])

    assert done.returncode == 1
    assert "Forbidden" in done.stderr
