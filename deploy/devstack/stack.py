"""Valkey, PostgreSQL and S3 together, on loopback, over one data folder."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from deploy.devstack.credentials import Credentials, credentials_of
from deploy.devstack.errors import NotEmbedded
from deploy.devstack.folder import DataFolder
from deploy.devstack.ports import choose_ports
from deploy.devstack.postgres import Postgres
from deploy.devstack.seaweedfs import PORTS as SEAWEEDFS_PORTS
from deploy.devstack.seaweedfs import Bucket, SeaweedFS, is_usable
from deploy.devstack.server import Program, Server
from deploy.devstack.valkey import Valkey

# For each server, the variables that name another one, the first of those that are set being
# the one that counts.
_NAMED_BY = {
    "valkey": ("CRICKSY_REDIS_URL", "CRICKSY_CELERY_BROKER_URL"),
    "postgres": ("DATABASE_URL",),
    "s3": ("CRICKSY_S3_ENDPOINT_URL",),
}

_S3_VARIABLES = tuple(
    f"CRICKSY_S3_{name}"
    for name in ("ENDPOINT_URL", "ACCESS_KEY", "SECRET_KEY", "BUCKET", "REGION")
)

_PORTS_FILE = "ports.json"


class DevStack:
    """Real servers from wheels, for development and for tests.

        with DevStack(Path(".dev")) as stack:
            subprocess.run(command, env=os.environ | stack.environment)

    A server that the environment names already is not started. The servers end with the block,
    and with this process, however it ends. Ports, passwords and data stay in the folder.
    """

    def __init__(
        self,
        folder: Path = Path(".dev"),
        environment: Mapping[str, str] | None = None,
        *,
        ports: Mapping[str, int] | None = None,
        durable: bool = True,
    ) -> None:
        """Starts nothing yet.

        Args:
            folder: where everything is kept; made where it is missing.
            environment: variables that are set; those of this process where None.
            ports: ports to insist on, by `valkey`, `postgres` and `s3`.
            durable: False spares PostgreSQL its waits for the disk: for tests.
        """
        self._folder = DataFolder(folder)
        self._set = {
            name: value
            for name, value in (os.environ if environment is None else environment).items()
            if value
        }
        self._asked = dict(ports or {})
        self._durable = durable
        self._servers: dict[str, Server] = {}
        self._open = ExitStack()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._folder.path

    @property
    def valkey(self) -> Server:
        """The stack's own Valkey; raises `NotEmbedded` where the environment names one."""
        return self._embedded("valkey")

    @property
    def postgres(self) -> Server:
        """The stack's own PostgreSQL; raises `NotEmbedded` where the environment names one."""
        return self._embedded("postgres")

    @property
    def s3(self) -> Server:
        """The stack's own S3; raises `NotEmbedded` where the environment names one."""
        return self._embedded("s3")

    @property
    def servers(self) -> tuple[Server, ...]:
        """Those that are the stack's own."""
        return tuple(self._servers.values())

    @property
    def environment(self) -> dict[str, str]:
        """Every variable that leads a replica to the servers, the stack's own or not."""
        named = {
            "DATABASE_URL": self._named("postgres"),
            "CRICKSY_REDIS_URL": self._named("valkey"),
            **{name: self._set.get(name) for name in _S3_VARIABLES},
        }
        variables = {name: value for name, value in named.items() if value is not None}
        for server in self._servers.values():
            variables.update(server.environment)
        return variables

    def start(self) -> None:
        """Starts the servers and waits until each can be used.

        Raises:
            DevStackError: something stands in the way; nothing runs then.
        """
        self._folder.hold()
        self._open.callback(self._folder.release)
        try:
            self._servers = {name: Server(p, self._folder) for name, p in self._programs().items()}
            for server in self._servers.values():
                self._open.callback(server.stop)
            self._start_together()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops the servers and gives the folder up. Does nothing where nothing runs."""
        self._open.close()

    def check(self) -> None:
        """Sees to it that the servers that were not stopped on purpose still run.

        Raises:
            ServerFailed: one has ended by itself; the message names it.
        """
        for server in self._servers.values():
            server.check()

    def __enter__(self) -> "DevStack":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _named(self, server: str) -> str | None:
        """What the environment names in place of the stack's own server."""
        return next((self._set[name] for name in _NAMED_BY[server] if name in self._set), None)

    def _embedded(self, server: str) -> Server:
        if server in self._servers:
            return self._servers[server]
        if self._named(server) is not None:
            names = " or ".join(_NAMED_BY[server])
            raise NotEmbedded(f"{names} is set: that server is not the stack's own to handle.")
        raise NotEmbedded("The stack has not been started.")

    def _programs(self) -> dict[str, Program]:
        """The servers that the environment does not name, each with its ports."""
        embedded = [server for server in _NAMED_BY if self._named(server) is None]
        kept = self._folder.recall(_PORTS_FILE)
        ports = choose_ports(
            tuple(server for server in embedded if server != "s3"), kept=kept, asked=self._asked
        )
        if "s3" in embedded:
            ports = choose_ports(SEAWEEDFS_PORTS, kept=ports, asked=self._asked, usable=is_usable)
        if ports != kept:
            self._folder.keep(_PORTS_FILE, ports)
        credentials = credentials_of(self._folder, self._set)
        return {server: self._program(server, ports, credentials) for server in embedded}

    def _program(self, server: str, ports: dict[str, int], credentials: Credentials) -> Program:
        match server:
            case "valkey":
                return Valkey(self._folder, ports["valkey"], credentials.valkey)
            case "postgres":
                return Postgres(
                    self._folder, ports["postgres"], credentials.postgres, durable=self._durable
                )
            case _:
                bucket = Bucket(
                    name=self._set.get("CRICKSY_S3_BUCKET", "cricksy-uploads"),
                    region=self._set.get("CRICKSY_S3_REGION", "us-east-1"),
                    access_key=credentials.s3_access_key,
                    secret_key=credentials.s3_secret_key,
                )
                return SeaweedFS(self._folder, ports, bucket)

    def _start_together(self) -> None:
        servers = self.servers
        if not servers:
            return
        with ThreadPoolExecutor(len(servers)) as pool:
            starts = [pool.submit(server.start) for server in servers]
            try:
                for start in as_completed(starts):
                    start.result()
            except BaseException:
                # A server that is stopped gives up its start: the pool need not wait for it.
                for server in servers:
                    server.stop()
                raise
