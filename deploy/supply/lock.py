"""The lock file: what is installed, to the byte."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

LOCK = Path("requirements.lock")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class LockBroken(ValueError):
    """A line of the lock leaves open what is installed."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of the lock."""

    name: str
    """Normalised: `pyyaml`."""
    version: str
    hashes: tuple[str, ...]
    """SHA-256 in hex, of each wheel and of the source."""
    applies: bool
    """Whether it is installed on this platform and this Python."""


def read_lock(text: str) -> list[Pin]:
    """The pins, in the order of the file.

    Args:
        text: in the form of pip's requirement files.

    Raises:
        LockBroken: a requirement is not pinned to one version, or has no hash.
    """
    joined = re.sub(r"\\\n\s*", " ", text)
    lines = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    return [_pin(line) for line in lines]


def pins_in_force(pins: list[Pin]) -> Mapping[str, Pin]:
    """Those of this platform, by name."""
    return {pin.name: pin for pin in pins if pin.applies}


def _pin(line: str) -> Pin:
    said = line.partition(" --hash")[0]
    try:
        requirement = Requirement(said)
    except InvalidRequirement as error:
        raise LockBroken(f"{said}: {error}") from None
    specifiers = list(requirement.specifier)
    if len(specifiers) != 1 or specifiers[0].operator != "==" or "*" in specifiers[0].version:
        raise LockBroken(f"{said} is not pinned to one version.")
    hashes = tuple(_HASH.findall(line))
    if not hashes:
        raise LockBroken(f"{said} has no hash.")
    applies = requirement.marker is None or requirement.marker.evaluate()
    return Pin(canonicalize_name(requirement.name), specifiers[0].version, hashes, applies)
