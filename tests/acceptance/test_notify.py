"""systemd hears from a real replica when it can read, that it lives, and that it leaves."""

import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.replica import running_replica, started_replica
from tests.acceptance.system import System
from tests.wait import wait_until

APP = "tests.acceptance.wedged_app:app"
READY, WATCHDOG, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"
ALLOWED = 2.0
"""Seconds: a watchdog that hears nothing for so long starts the replica anew."""


class ServiceManager:
    """Keeps what it hears, with the time by the monotonic clock."""

    def __init__(self, address: Path) -> None:
        self.heard: list[tuple[float, list[str]]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(address))
        self.environment = {
            "NOTIFY_SOCKET": str(address),
            "WATCHDOG_USEC": str(int(ALLOWED * 1_000_000)),
        }
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while message := self._socket.recv(4096):
            self.heard.append((time.monotonic(), message.decode().split("\n")))

    def times(self, line: str) -> list[float]:
        return [at for at, lines in list(self.heard) if line in lines]

    def silent_for(self) -> float:
        """Seconds since the last sign of life."""
        return time.monotonic() - self.times(WATCHDOG)[-1]

    def close(self) -> None:
        # An empty message ends the thread; a socket that is closed under it would not.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.environment["NOTIFY_SOCKET"])
        self._socket.close()


@pytest.fixture
def manager() -> Iterator[ServiceManager]:
    # pytest's own folders have longer names than a socket's address may have.
    with tempfile.TemporaryDirectory(prefix="cricksy-") as folder:
        manager = ServiceManager(Path(folder) / "notify")
        yield manager
        manager.close()


def test_a_replica_that_waits_for_postgresql_asks_for_time_and_is_not_ready(
    system: System, manager: ServiceManager
) -> None:
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    with started_replica({**system.environment, **manager.environment, **nowhere}, APP) as replica:
        replica.wait_for("waiting for postgresql")
        wait_until(lambda: len(manager.times("EXTEND_TIMEOUT_USEC=60000000")) >= 3)
        replica.stop()

    (_, last) = manager.heard[-1]
    assert last[0] == STOPPING
    assert manager.times(READY) == []
    assert any("STATUS=Reads nothing: starting" in lines[-1] for _, lines in manager.heard)


def test_the_watchdog_is_fed_once_uploads_can_be_read_and_starves_with_the_event_loop(
    system: System, manager: ServiceManager
) -> None:
    with running_replica({**system.environment, **manager.environment}, APP) as replica:
        wait_until(lambda: manager.times(READY), message="ready")
        system.wait_until_parsed(system.publish(b"a card"))
        done = "STATUS=0 of 1 slots read; 1 done."
        wait_until(lambda: len(manager.times(done)) >= 3, message="signs of life")

        replica.tell(signal.SIGUSR1)
        wait_until(lambda: manager.silent_for() > ALLOWED, message="silence")

        # It hangs for longer than systemd would wait.
        os.kill(replica.process.pid, signal.SIGKILL)
