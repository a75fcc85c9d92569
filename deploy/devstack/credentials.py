"""Passwords of the stack's own servers: made once, kept in the data folder."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.devstack.folder import DataFolder

_FILE = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the servers. Loopback is no wall between the users of one machine."""

    valkey: str = field(repr=False)
    postgres: str = field(repr=False)
    s3_access_key: str
    s3_secret_key: str = field(repr=False)


def credentials_of(folder: DataFolder, environment: Mapping[str, str]) -> Credentials:
    """The credentials kept in `folder`, made where there are none yet.

    Keys for S3 that `environment` sets are the embedded server's keys.
    """
    kept = folder.recall(_FILE)
    if not kept:
        kept = {name: secrets.token_hex(16) for name in ("valkey", "postgres", "s3_secret_key")}
        kept["s3_access_key"] = f"dev{secrets.token_hex(6)}"
        folder.keep(_FILE, kept)
    return Credentials(
        valkey=kept["valkey"],
        postgres=kept["postgres"],
        s3_access_key=environment.get("CRICKSY_S3_ACCESS_KEY") or kept["s3_access_key"],
        s3_secret_key=environment.get("CRICKSY_S3_SECRET_KEY") or kept["s3_secret_key"],
    )
