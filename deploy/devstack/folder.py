"""The data folder: what the stack keeps between its runs, and who holds it."""

import fcntl
import json
import os
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from deploy.devstack.accounts import owner
from deploy.devstack.errors import FolderInUse, FolderUnreachable

_IDENTITY = "identity.json"

_PATIENCE = timedelta(seconds=30)
"""How long servers whose supervisor was killed are given to end."""


class DataFolder:
    """The folder of one dev stack, which at most one stack at a time may hold.

    The lock is a descriptor that every server inherits. It is free only once all of them are
    gone: two servers never work on the same files.
    """

    def __init__(self, path: Path) -> None:
        """Names the folder; `hold` makes it and takes it."""
        self.path = path.resolve()
        self._lock: int | None = None

    @property
    def lock(self) -> int:
        """The descriptor of the lock that is held."""
        if self._lock is None:
            raise FolderInUse(f"The data folder {self.path} is not held: start the stack first.")
        return self._lock

    @property
    def identity(self) -> str:
        """What tells this folder from one that stood, or will stand, under the same name."""
        kept = self.recall(_IDENTITY)
        if not kept:
            kept = {"identity": uuid.uuid4().hex}
            self.keep(_IDENTITY, kept)
        return str(kept["identity"])

    def hold(self, *, patience: timedelta = _PATIENCE) -> None:
        """Makes the folder where it is missing and takes it.

        Args:
            patience: how long to wait for the servers of a stack that was killed.

        Raises:
            FolderInUse: another stack holds it; the message says which.
            FolderUnreachable: it cannot be made or written to, or is another user's.
        """
        try:
            _make(self.path)
            _require_ours(self.path)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FolderUnreachable(
                f"The data folder {self.path} cannot be used ({error.strerror}): choose another "
                "with --folder."
            ) from error
        try:
            self._take(lock, patience)
        except BaseException:
            os.close(lock)
            raise
        self._lock = lock

    def release(self) -> None:
        """Gives the folder up. Does nothing where it is not held."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def room(self, name: str) -> Path:
        """A folder in it that is only ours; made where it is missing."""
        path = self.path / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    def recall(self, name: str) -> dict[str, Any]:
        """What was kept under `name`; empty where nothing was."""
        try:
            values: dict[str, Any] = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            raise FolderUnreachable(
                f"{self.path / name} is damaged: remove the data folder {self.path}."
            ) from None
        return values

    def keep(self, name: str, values: dict[str, Any]) -> None:
        """Keeps `values` under `name`, readable for us only."""
        written = self.path / f"{name}.new"
        write_private(written, json.dumps(values, indent=1))
        written.replace(self.path / name)

    def _take(self, lock: int, patience: timedelta) -> None:
        end = time.monotonic() + patience.total_seconds()
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                supervisor = _recorded(lock)
                if supervisor is not None:
                    raise FolderInUse(
                        f"The data folder {self.path} is held by another dev stack, process "
                        f"{supervisor.pid}: stop that one, or choose another with --folder."
                    ) from None
                if time.monotonic() > end:
                    raise FolderInUse(self._what_is_left()) from None
                time.sleep(0.05)
            else:
                _record(lock)
                return

    def _what_is_left(self) -> str:
        left = [
            f"{process.info['name']} (process {process.info['pid']})"
            for process in psutil.process_iter(["pid", "name", "open_files"])
            if any(
                file.path == str(self.path / "lock") for file in process.info["open_files"] or ()
            )
            and process.info["pid"] != os.getpid()
        ]
        return (
            f"Of a dev stack that was killed over {self.path} still run: "
            f"{', '.join(left) or 'processes of another user'}. End them, then start again."
        )


def write_private(path: Path, text: str) -> None:
    """Writes a file that only we may read, from its first moment on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _make(path: Path) -> None:
    if path.is_dir():
        return
    path.mkdir(parents=True)
    # Root lets the account that PostgreSQL runs as through to its own folder.
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _require_ours(path: Path) -> None:
    """Servers of two users over one folder would lock each other out of their files."""
    keeper = owner(path)
    if keeper.uid != os.geteuid():
        raise FolderUnreachable(
            f"The data folder {path} belongs to {keeper.name}: start the stack as {keeper.name}, "
            "or choose another folder with --folder."
        )


def _record(lock: int) -> None:
    """Writes into the lock who holds it."""
    us = psutil.Process()
    os.ftruncate(lock, 0)
    os.pwrite(lock, json.dumps({"pid": us.pid, "since": us.create_time()}).encode(), 0)


def _recorded(lock: int) -> psutil.Process | None:
    """The supervisor that holds the lock; None where it is gone or not recorded yet."""
    with suppress(ValueError, KeyError, psutil.NoSuchProcess):
        holder = json.loads(os.pread(lock, 1024, 0))
        process = psutil.Process(holder["pid"])
        # A process id is given anew; a process id with its start is not.
        if process.create_time() == holder["since"] and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
