"""A server's process and its guard, seen from the supervisor."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

from deploy.devstack.accounts import Account

_GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True, slots=True)
class Launch:
    """How a server is started and ended."""

    arguments: tuple[str, ...]
    folder: Path
    """The working directory."""
    stop_signal: signal.Signals
    grace: timedelta
    """From the stop signal to SIGKILL."""
    account: Account | None = None
    """Whom the server runs as; ourselves where None."""
    leftovers: tuple[Path, ...] = ()
    """Files that the server may leave behind; their names are patterns."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the server needs beyond a bare environment."""


class GuardedProcess:
    """A running server that ends with this process, however this process ends."""

    def __init__(self, launch: Launch, *, log: IO[bytes], lock: int) -> None:
        """Starts the guard, which starts the server.

        Args:
            launch: what to start.
            log: takes what the server writes.
            lock: descriptor that the server holds open for as long as it lives.
        """
        self._grace = launch.grace
        # A start that is given up is stopped by two threads: its own and the one that gave it up.
        self._ending = threading.Lock()
        self._guard = subprocess.Popen(  # noqa: S603 - our own command
            # -I and -S: neither the user's environment nor installed packages reach the guard.
            [sys.executable, "-I", "-S", str(_GUARD), _order(launch, lock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_bare_environment(launch),
            pass_fds=(lock,),
            # Ctrl-C reaches the terminal's whole process group: only the supervisor is to see it.
            start_new_session=True,
        )
        if self._guard.stdin is None or self._guard.stdout is None:
            raise AssertionError("Popen was given pipes")
        self._pipe = self._guard.stdin
        with self._guard.stdout as answer:
            line = answer.readline()
        self.pid: int | None = int(line) if line else None
        """The server's process id; None where it could not be executed."""

    def poll(self) -> int | None:
        """The server's exit code, 128 + n for signal n; None while it runs."""
        return self._guard.poll()

    def stop(self) -> None:
        """Ends the server with its stop signal, and by SIGKILL once its grace has passed."""
        # Not by closing the pipe alone: a process that was forked from this one may hold it too.
        with self._ending:
            if not self._pipe.closed:
                with suppress(BrokenPipeError), self._pipe:
                    self._pipe.write(b"\n")
        self._wait()

    def kill(self) -> None:
        """Ends the server with SIGKILL: the crash that tests ask for."""
        if self.pid is not None and self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def _wait(self) -> None:
        try:
            self._guard.wait(self._grace.total_seconds() + 5)
        except subprocess.TimeoutExpired:
            # A guard that is stopped itself (SIGSTOP) obeys nothing else.
            if self.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)
            self._guard.kill()
            self._guard.wait()


def _order(launch: Launch, lock: int) -> str:
    account = launch.account
    return json.dumps(
        {
            "arguments": launch.arguments,
            "folder": str(launch.folder),
            "account": None if account is None else [account.uid, account.gid],
            "stop_signal": launch.stop_signal,
            "grace": launch.grace.total_seconds(),
            "supervisor": os.getpid(),
            "lock": lock,
            "leftovers": [str(pattern) for pattern in launch.leftovers],
        }
    )


def _bare_environment(launch: Launch) -> dict[str, str]:
    """No locale, proxy, credentials or configuration of the user's reaches a server."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(launch.folder),
        "LC_ALL": "C",
        **launch.environment,
    }
