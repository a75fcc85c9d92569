"""A replica as a user starts it, and what it logs."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.wait import wait_until

FASTSTREAM = Path(sys.executable).with_name("faststream")


class RunningReplica:
    """One `faststream run …`; the lines of its log are kept.

    Args:
        arguments: of the command.
        environment: of the process.
        folder: where it is started, from which FastStream imports before all other places; here
            where None.
    """

    def __init__(
        self, arguments: list[str], environment: Mapping[str, str], folder: Path | None = None
    ) -> None:
        self.process = subprocess.Popen(
            [FASTSTREAM, "run", *arguments],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as log:
            for line in log:
                self.lines.append(line)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log events of one name, so far."""
        found = []
        for line in list(self.lines):
            if line.startswith("{"):
                event = json.loads(line)
                if event["event"] == name:
                    found.append(event)
        return found

    def wait_for(self, name: str, *, count: int = 1) -> list[dict[str, Any]]:
        """Waits until an event was logged `count` times."""
        wait_until(
            lambda: len(self.events(name)) >= count or self.process.poll() is not None,
            timeout=60,
            message=f"{name!r} logged",
        )
        events = self.events(name)
        assert len(events) >= count, "".join(self.lines)
        return events

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._reader.join(timeout=5)
        return code

    def tell(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Sends a signal and does not wait."""
        self.process.send_signal(number)

    def wait(self, *, timeout: float) -> int:
        """Waits for its end; gives the exit code."""
        code = self.process.wait(timeout)
        self._reader.join(timeout=5)
        return code

    def family(self) -> list[int]:
        """The processes that it has started, itself included, those of dead parents, too."""
        return [
            process.pid
            for process in psutil.process_iter(["status"])
            if process.info["status"] != psutil.STATUS_ZOMBIE
            and _session_of(process.pid) == self.process.pid
        ]


@contextmanager
def started_replica(
    environment: Mapping[str, str], *arguments: str, folder: Path | None = None
) -> Iterator[RunningReplica]:
    """A replica that is not ready yet; stopped at the end."""
    replica = RunningReplica(list(arguments or ["consumers.app"]), environment, folder)
    try:
        yield replica
    finally:
        replica.stop()


@contextmanager
def running_replica(
    environment: Mapping[str, str],
    *arguments: str,
    workers: int = 1,
    folder: Path | None = None,
) -> Iterator[RunningReplica]:
    """A replica that is ready, with so many workers; stopped at the end."""
    with started_replica(environment, *arguments, folder=folder) as replica:
        replica.wait_for("replica ready", count=workers)
        yield replica


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None
