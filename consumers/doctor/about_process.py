"""This process: whose it is, and who else can read its secrets."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from consumers.doctor.check import Check, Subject

PROCESS = Subject("process")
ENVIRONMENT_FILES = (Path(".env"), Path("/etc/cricksy-ocr/cricksy-ocr.env"))
"""Where compose.yaml and the systemd units look for theirs."""
_GAP = r"[ \t]*"
_SECRET = re.compile(
    rf"^{_GAP}(?:export )?(?:DATABASE_URL|CRICKSY_\w*(?:URL|KEY|TOKEN|PASSWORD)){_GAP}={_GAP}\S",
    re.MULTILINE,
)


def examine_process(
    user: int | None = None, files: Iterable[Path] = ENVIRONMENT_FILES
) -> list[Check]:
    """Look at the account and at the files that hold secrets.

    Args:
        user: the account's number; that of this process where None.
        files: those that may hold our variables; ones that are not there are left out.
    """
    return [_account(os.geteuid() if user is None else user), *_files(files)]


def _account(user: int) -> Check:
    if user != 0:
        return PROCESS.good("account", f"user {user}, not root")
    text = "This command runs as root. Replicas read files from strangers, and should not."
    remedy = "User= in the unit, USER in the image, runAsNonRoot: true in the pod."
    return PROCESS.hint("account", text, remedy)


def _files(files: Iterable[Path]) -> Iterator[Check]:
    for path in files:
        try:
            rights = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if not rights & stat.S_IROTH:
            yield PROCESS.good(str(path), f"rights {rights:04o}: not for everybody")
        elif _SECRET.search(path.read_text(errors="replace")):
            text = f"Every account of this machine may read its secrets: rights {rights:04o}."
            yield PROCESS.warning(str(path), text, f"chmod 600 {path.absolute()}")
        else:
            yield PROCESS.good(str(path), "holds no secret of ours")
