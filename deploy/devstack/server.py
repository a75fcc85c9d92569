"""The life of one server: started, asked whether it is ready, stopped, killed, started again."""

import signal
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import IO, Protocol

from deploy.devstack.errors import ServerFailed
from deploy.devstack.folder import DataFolder
from deploy.devstack.guarded import GuardedProcess, Launch

_LOG_LIMIT = 10 * 1024 * 1024
"""Bytes; a longer log begins anew, beside the one before it."""

_TAIL_LINES = 15

_PAUSE = 0.02
"""Seconds between two questions to a server that starts."""


class NotReady(Exception):
    """The server does not answer yet; the message says what it did instead."""


class Program(Protocol):
    """What one kind of server needs of the supervisor."""

    @property
    def name(self) -> str:
        """As people call it."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that lead a replica to the server."""

    def prepare(self) -> Launch:
        """Makes everything ready for a start.

        Raises:
            DevStackError: the server cannot be started; the message says what to do.
        """

    def probe(self) -> None:
        """Returns when clients can use the server.

        Raises:
            NotReady: it does not answer yet.
        """

    def clear(self) -> None:
        """Clears away what the ended server has left behind."""


class Server:
    """One of the stack's servers. It keeps its port and its data from one start to the next."""

    def __init__(self, program: Program, folder: DataFolder) -> None:
        """Starts nothing yet."""
        self._program = program
        self._folder = folder
        self._process: GuardedProcess | None = None
        self._wanted = False
        self._given_up = threading.Event()
        self._log_start = 0

    @property
    def name(self) -> str:
        """As people call it: `Valkey`, `PostgreSQL`, `SeaweedFS`."""
        return self._program.name

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that lead a replica to the server."""
        return self._program.environment

    @property
    def log(self) -> Path:
        """What the server has written."""
        return self._folder.path / f"{self.name.lower()}.log"

    @property
    def pid(self) -> int | None:
        """The server's process; None where it does not run."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether the server's process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, timeout: timedelta = timedelta(seconds=60)) -> None:
        """Starts the server and waits until clients can use it. Does nothing where it runs.

        Raises:
            DevStackError: it cannot be started; the message says what to do.
            ServerFailed: it has ended, or does not answer in time.
        """
        if self.running:
            return
        self.stop()
        self._given_up.clear()
        launch = self._program.prepare()
        with self._opened_log() as log:
            self._process = GuardedProcess(launch, log=log, lock=self._folder.lock)
        try:
            self._await_ready(self._process, timeout)
        except BaseException:
            self.stop()
            raise
        self._wanted = True

    def stop(self) -> None:
        """Ends the server as its makers mean it to be ended. Does nothing where it does not run.

        A start that another thread waits for ends with `ServerFailed`.
        """
        self._wanted = False
        self._given_up.set()
        if self._process is not None:
            self._process.stop()
            self._program.clear()

    def kill(self) -> None:
        """Ends the server with SIGKILL. What it has written is there after the next start."""
        self._wanted = False
        if self._process is not None:
            self._process.kill()
            self._program.clear()

    def check(self) -> None:
        """Sees to it that the server runs, unless it was stopped or killed from here.

        Raises:
            ServerFailed: it has ended by itself; the message has the end of its log.
        """
        if self._wanted and self._process is not None:
            code = self._process.poll()
            if code is not None:
                raise self._failure(f"has ended by itself ({_spelt(code)})")

    def _await_ready(self, process: GuardedProcess, timeout: timedelta) -> None:
        end = time.monotonic() + timeout.total_seconds()
        while True:
            if self._given_up.is_set():
                raise self._failure("was stopped as it started")
            try:
                self._program.probe()
            except NotReady as reason:
                refusal = str(reason)
            else:
                refusal = ""
            # Looked at after the probe: another server may have answered in its place.
            code = process.poll()
            if code is not None:
                raise self._failure(f"has ended as it started ({_spelt(code)})")
            if not refusal:
                return
            if time.monotonic() > end:
                seconds = timeout.total_seconds()
                raise self._failure(f"is not ready after {seconds:g} s ({refusal})")
            time.sleep(_PAUSE)

    def _opened_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        log = self.log.open("ab")
        self._log_start = log.tell()
        return log

    def _failure(self, what: str) -> ServerFailed:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]
        tail = "\n".join(f"  {line}" for line in lines) or "  (nothing)"
        return ServerFailed(f"{self.name} {what}. The end of its log, {self.log}:\n{tail}")


def _spelt(code: int) -> str:
    """`exit code 1`, or `SIGKILL` for 137."""
    try:
        return signal.Signals(code - 128).name
    except ValueError:
        return f"exit code {code}"
