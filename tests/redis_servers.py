"""Valkey as a primary with a replica and sentinels, and as a Cluster; started for one test."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from deploy.devstack.ports import LOOPBACK, choose_ports
from deploy.devstack.wheels import valkey_server
from tests.wait import wait_until

SERVICE = "cards"
"""The name of the primary that the sentinels watch."""


@dataclass
class Server:
    """One process of Valkey."""

    port: int
    process: "subprocess.Popen[bytes]"

    def ask(self, *command: str) -> object:
        with Redis(port=self.port, socket_timeout=2, decode_responses=True) as client:
            return client.execute_command(*command)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def role(self) -> str:
        with Redis(port=self.port, socket_timeout=2, decode_responses=True) as client:
            return str(client.info("replication")["role"])

    def follows(self) -> bool:
        """Whether it has all that its primary has."""
        with Redis(port=self.port, socket_timeout=2, decode_responses=True) as client:
            told = client.info("replication")
        return bool(told["role"] == "slave" and told["master_link_status"] == "up")


@contextmanager
def valkey(
    folder: Path, port: int, *arguments: str, program: Path | None = None
) -> Iterator[Server]:
    """A server that answers."""
    folder.mkdir(parents=True)
    always = ["--bind", LOOPBACK, "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(
        [str(program or valkey_server()), *arguments, "--port", str(port), *always],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    server = Server(port, process)
    try:
        wait_until(lambda: _answers(server))
        yield server
    finally:
        process.kill()
        process.wait()


@contextmanager
def encrypted(users: Path, redis_server: Path) -> Iterator[tuple[Server, str]]:
    """Debian's Redis behind TLS, with users of an ACL file, and the way to it without a login.

    The wheel's Valkey is built without TLS.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cricksy-tests-")))
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        _certify(certificate, key)
        plain, port = _ports(2)
        options = {
            "aclfile": users,
            "tls-port": port,
            "tls-cert-file": certificate,
            "tls-key-file": key,
            "tls-ca-cert-file": certificate,
            "tls-auth-clients": "no",
            "appendonly": "yes",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        server = stack.enter_context(valkey(folder / "0", plain, *arguments, program=redis_server))
        yield server, f"rediss://{LOOPBACK}:{port}/0?ssl_ca_certs={certificate}"


def _certify(certificate: Path, key: Path) -> None:
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=localhost", "-addext", f"subjectAltName=IP:{LOOPBACK}"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*asked, *named, *files], check=True, capture_output=True)


@contextmanager
def watched_pair(sentinels: int = 3) -> Iterator[tuple[Server, Server, str]]:
    """A primary, its replica, and the URL by which sentinels lead to whichever is in charge."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cricksy-tests-")))
        ports = _ports(2 + sentinels)
        first = stack.enter_context(valkey(folder / "0", ports[0], "--appendonly", "yes"))
        follow = ("--appendonly", "yes", "--replicaof", LOOPBACK, str(ports[0]))
        second = stack.enter_context(valkey(folder / "1", ports[1], *follow))
        wait_until(second.follows)
        for number, port in enumerate(ports[2:], 2):
            written = folder / f"sentinel-{number}.conf"
            written.write_text(
                f"sentinel monitor {SERVICE} {LOOPBACK} {ports[0]} {sentinels // 2 + 1}\n"
                f"sentinel down-after-milliseconds {SERVICE} 1000\n"
                f"sentinel failover-timeout {SERVICE} 5000\n"
            )
            stack.enter_context(valkey(folder / str(number), port, str(written), "--sentinel"))
        wait_until(lambda: _knows(ports[2], sentinels), timeout=20)
        hosts = ",".join(f"{LOOPBACK}:{port}" for port in ports[2:])
        yield first, second, f"redis+sentinel://{hosts}/{SERVICE}"


@contextmanager
def cluster() -> Iterator[tuple[Server, Server, str]]:
    """A primary with all slots, its replica, and the URL of the Cluster."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cricksy-tests-")))
        ports = _ports(4)
        servers = []
        for number, (port, bus) in enumerate(zip(ports[:2], ports[2:], strict=True)):
            options = ("--cluster-enabled", "yes", "--cluster-port", str(bus))
            servers.append(stack.enter_context(valkey(folder / str(number), port, *options)))
        first, second = servers
        first.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        second.ask("CLUSTER", "MEET", LOOPBACK, str(ports[0]), str(ports[2]))
        name = str(first.ask("CLUSTER", "MYID"))
        wait_until(lambda: name in str(second.ask("CLUSTER", "NODES")))
        wait_until(lambda: _accepted(second, "CLUSTER", "REPLICATE", name))
        wait_until(second.follows)
        wait_until(lambda: "cluster_state:ok" in str(second.ask("CLUSTER", "INFO")))
        hosts = ",".join(f"{LOOPBACK}:{port}" for port in ports[:2])
        yield first, second, f"redis+cluster://{hosts}"


def free_port() -> int:
    """A port that nobody listens on."""
    return _ports(1)[0]


def _ports(count: int) -> list[int]:
    names = tuple(str(number) for number in range(count))
    return list(choose_ports(names, kept={}, asked={}).values())


def _answers(server: Server) -> bool:
    assert server.process.poll() is None, "it has ended"
    return _accepted(server, "PING")


def _accepted(server: Server, *command: str) -> bool:
    try:
        server.ask(*command)
    except AuthenticationError:
        # It answers, and lets nobody in who has no login.
        return True
    except RedisError:
        return False
    return True


def _knows(port: int, sentinels: int) -> bool:
    with Redis(port=port, decode_responses=True) as client:
        told = client.execute_command("SENTINEL", "MASTER", SERVICE)
    told = told if isinstance(told, dict) else dict(zip(told[::2], told[1::2], strict=True))
    return int(told["num-slaves"]) == 1 and int(told["num-other-sentinels"]) == sentinels - 1


def seconds_until(condition: object, *, timeout: float) -> float:
    """How long it takes until `condition()` is true."""
    began = time.monotonic()
    wait_until(condition, timeout=timeout)  # type: ignore[arg-type]
    return time.monotonic() - began
