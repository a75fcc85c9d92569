"""Whom PostgreSQL runs as when we are root, and what that account can reach.

PostgreSQL refuses to run as root. It is then started under an account that exists already; none
is made, and no folder's rights are opened for it: what it cannot reach is put elsewhere.
"""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.errors import FolderUnreachable, NoAccount

_CANDIDATES = ("postgres", "nobody")

_PERSISTENT_TEMPORARY = Path("/var/tmp")  # noqa: S108 - unlike /tmp it survives a restart
"""Where a refuge is made; the owner of what stands there is checked."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that is not root."""

    name: str
    uid: int
    gid: int


def unprivileged_account() -> Account:
    """The account that PostgreSQL is run under when we are root.

    Raises:
        NoAccount: the system has none of those that are looked for.
    """
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise NoAccount(
        "PostgreSQL refuses to run as root, and this system has none of the accounts "
        f"{', '.join(_CANDIDATES)}: run as an ordinary user, or set DATABASE_URL."
    )


def owner(path: Path) -> Account:
    """The account that `path` belongs to; named by its number where it has no name."""
    status = path.stat()
    try:
        name = pwd.getpwuid(status.st_uid).pw_name
    except KeyError:
        name = str(status.st_uid)
    return Account(name, status.st_uid, status.st_gid)


def barrier(path: Path, account: Account) -> Path | None:
    """The first folder on the way to `path` that `account` may not pass through, if any.

    Folders that do not exist yet are taken as passable. Judged by the mode bits; access control
    lists are not read.
    """
    for folder in reversed(path.resolve().parents):
        if folder.exists() and not _allows(folder, account, stat.S_IXOTH):
            return folder
    return None


def closed_part(tree: Path, account: Account) -> Path | None:
    """The first folder or file in or above `tree` that `account` may not read, if any."""
    above = barrier(tree, account)
    if above is not None:
        return above
    for folder, _, files in os.walk(tree.resolve()):
        here = Path(folder)
        if not _allows(here, account, stat.S_IXOTH | stat.S_IROTH):
            return here
        for file in files:
            if not _allows(here / file, account, stat.S_IROTH):
                return here / file
    return None


def refuge(folder: Path, account: Account) -> Path:
    """A folder that `account` can reach, in place of `folder`, the same one every time.

    Raises:
        FolderUnreachable: there is no such place, or another user has taken it.
    """
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    for temporary in (_PERSISTENT_TEMPORARY, Path(tempfile.gettempdir())):
        place = temporary / f"cricksy-dev-{digest}"
        if temporary.is_dir() and barrier(place, account) is None:
            return _own(place)
    raise FolderUnreachable(
        f"PostgreSQL runs as {account.name}, who may not enter {barrier(folder, account)} and no "
        "folder for temporary files either: choose a data folder that it can reach with --folder."
    )


def _own(place: Path) -> Path:
    """Makes `place`, passable for everyone, or sees to it that it is ours."""
    try:
        place.mkdir()
        place.chmod(0o711)
    except FileExistsError:
        # Anyone may make a folder of this name there, or a link to a folder of ours.
        status = place.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise FolderUnreachable(
                f"{place} was made by another user: remove it, then start again."
            ) from None
    return place


def _allows(path: Path, account: Account, bits: int) -> bool:
    """Whether `account` has the rights `bits`, written as those of "others"."""
    status = path.stat()
    if status.st_uid == account.uid:
        bits <<= 6
    elif status.st_gid == account.gid:
        bits <<= 3
    return status.st_mode & bits == bits
