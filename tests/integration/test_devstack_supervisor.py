"""`python -m deploy.devstack`: however the supervisor ends, its servers end with it."""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import redis

from tests.wait import wait_until

NO_POSTGRES_NO_S3 = {
    "DATABASE_URL": "postgresql://db.example/cricksy",
    "CRICKSY_S3_ENDPOINT_URL": "https://s3.example",
}


@contextmanager
def supervisor(
    folder: Path, *options: str, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """The command; ended at the end, whatever the test does."""
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.devstack", "--folder", folder, *options],
        env=environment or {},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def servers_of(process: "subprocess.Popen[str]") -> dict[str, psutil.Process]:
    """By name: the children of the guards."""
    servers: dict[str, psutil.Process] = {}
    for guard in psutil.Process(process.pid).children():
        # What initdb starts is gone as soon as it is seen.
        with suppress(psutil.NoSuchProcess):
            servers |= {server.name(): server for server in guard.children()}
    return servers


def has_ended(process: psutil.Process) -> bool:
    """Also where nobody has asked for its exit code yet: the system's first process may be slow."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_supervisor_that_is_asked_to_end_ends_its_servers(
    stack_folder: Path, number: signal.Signals
) -> None:
    with supervisor(stack_folder, "--json") as process:
        json.loads(first_line(process))
        servers = list(servers_of(process).values())
        assert len(servers) >= 3
        process.send_signal(number)
        assert process.wait(30) == 0
        assert all(has_ended(server) for server in servers)
    assert "database system is shut down" in (stack_folder / "postgresql.log").read_text()
    for port in json.loads((stack_folder / "ports.json").read_text()).values():
        assert list(Path("/tmp").glob(f"seaweedfs-*-{port}.sock")) == []


def test_a_start_can_be_given_up(stack_folder: Path) -> None:
    with supervisor(stack_folder) as process:
        servers = wait_until(lambda: list(servers_of(process).values()), message="one has begun")
        process.terminate()
        assert process.wait(30) == 0
        assert all(has_ended(server) for server in servers)
        assert process.stdout is not None
        assert process.stdout.read() == ""


def test_servers_end_when_their_supervisor_is_killed(stack_folder: Path) -> None:
    with supervisor(stack_folder, "--json") as process:
        environment = json.loads(first_line(process))
        servers = list(servers_of(process).values())
        with redis.Redis.from_url(environment["CRICKSY_REDIS_URL"]) as client:
            client.xadd("kept", {"data": "1"})
        process.kill()
        process.wait()
    # At once, while the servers still end: the next stack waits for them.
    with supervisor(stack_folder, "--json") as process:
        assert json.loads(first_line(process)) == environment
        assert all(has_ended(server) for server in servers)
        with redis.Redis.from_url(environment["CRICKSY_REDIS_URL"]) as client:
            assert client.xlen("kept") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal is Linux's")
def test_a_server_ends_when_its_guard_is_killed(stack_folder: Path) -> None:
    with supervisor(stack_folder, environment=NO_POSTGRES_NO_S3) as process:
        first_line(process)
        server = servers_of(process)["valkey-server"]
        guard = server.parent()
        assert guard is not None
        guard.kill()
        wait_until(lambda: has_ended(server), message="the server has ended")


def test_the_command_ends_and_tells_why_when_a_server_dies(stack_folder: Path) -> None:
    with supervisor(stack_folder, environment=NO_POSTGRES_NO_S3) as process:
        first_line(process)
        servers_of(process)["valkey-server"].kill()
        assert process.wait(30) == 1
        assert process.stderr is not None
        assert "Valkey has ended by itself (SIGKILL)" in process.stderr.read()


def test_the_variables_are_printed_for_a_shell(stack_folder: Path) -> None:
    odd = NO_POSTGRES_NO_S3 | {"CRICKSY_S3_SECRET_KEY": "it's $HOME"}
    with supervisor(stack_folder, environment=odd) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
    variables = dict(shlex.split(line)[1].split("=", 1) for line in lines)
    assert variables.items() >= odd.items()
    assert variables["CRICKSY_REDIS_URL"].startswith("redis://")


def test_a_folder_that_cannot_be_used_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with supervisor(tmp_path / "file") as process:
        _, told = process.communicate(timeout=10)
    assert process.returncode == 1
    assert told == (
        f"The data folder {tmp_path / 'file'} cannot be used (File exists): choose another with "
        "--folder.\n"
    )
