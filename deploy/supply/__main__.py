"""`python -m deploy.supply licences|sbom|audit`: for releases, and whenever the lock changes."""

import argparse
import sys
from importlib.metadata import version
from pathlib import Path

from deploy.supply.licences import as_markdown, licences_of, refused
from deploy.supply.lock import LOCK, pins_in_force, read_lock
from deploy.supply.sbom import bill_of_materials
from deploy.supply.shipped import OURSELVES, shipped_packages
from deploy.supply.vulnerabilities import OSV, NotAsked, look_up

PROBLEM = 1
NOT_ASKED = 3
"""Apart from 1, so that a service that is away is not taken for a finding, nor for none."""


def main() -> int:
    """Do what was asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.supply", description=__doc__)
    parser.add_argument("what", choices=["licences", "sbom", "audit"])
    parser.add_argument("--out", type=Path, help="write it there, not to standard output")
    parser.add_argument("--service", default=OSV, help="of vulnerabilities, with OSV's API")
    asked = parser.parse_args()
    if asked.what == "audit":
        return _audit(asked.service)
    return _licences(asked.out) if asked.what == "licences" else _sbom(asked.out)


def _licences(out: Path | None) -> int:
    found = licences_of(shipped_packages())
    _put(as_markdown(found), out)
    for each in refused(found):
        what = f"{each.library} in {each.package}" if each.library else each.package
        print(f"{what} may not ship: its licence is {each.licence}.", file=sys.stderr)  # noqa: T201
    return PROBLEM if refused(found) else 0


def _sbom(out: Path | None) -> int:
    pins = pins_in_force(read_lock(LOCK.read_text()))
    _put(bill_of_materials(version(OURSELVES), shipped_packages(), pins), out)
    return 0


def _audit(service: str) -> int:
    try:
        found = look_up(LOCK, service)
    except NotAsked as error:
        print(f"Not looked up: {error}", file=sys.stderr)  # noqa: T201
        return NOT_ASKED
    for line in found.vulnerabilities:
        print(line)  # noqa: T201
    told = f"{len(found.vulnerabilities)} known vulnerabilities in {found.packages} packages"
    print(told, file=sys.stderr)  # noqa: T201
    return PROBLEM if found.vulnerabilities else 0


def _put(text: str, out: Path | None) -> None:
    if out is None:
        print(text)  # noqa: T201
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
