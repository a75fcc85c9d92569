"""Known vulnerabilities of what the lock names, by pip-audit.

pip-audit says "none found" with exit code 0 also where an index answered for no package, and ends
with a traceback where nobody answers. Here the two are told apart from a clean lock.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

# Not PyPI's own service, which pip-audit asks by itself: mirrors of PyPI do not pass it on.
OSV = "https://api.osv.dev/v1/query"
PATIENCE = 600
"""Seconds for all of it."""


class _Vulnerability(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    aliases: list[str] = Field(default_factory=list)
    fix_versions: list[str] = Field(default_factory=list)


class _Package(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    version: str = ""
    skip_reason: str | None = None
    vulns: list[_Vulnerability] = Field(default_factory=list)


class _Report(BaseModel):
    model_config = ConfigDict(extra="ignore")

    dependencies: list[_Package]


class NotAsked(Exception):
    """The vulnerability service does not answer, or not for every package."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the service knows."""

    packages: int
    """That it was asked about."""
    vulnerabilities: list[str]
    """A line each: package, version, id, what mends it."""


def look_up(lock: Path, service: str = OSV) -> Found:
    """Ask about each package of the lock.

    Args:
        lock: the file.
        service: an address that speaks OSV's API.

    Raises:
        NotAsked: nothing can be said about some package.
    """
    command = [
        sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip",
        "--vulnerability-service", "osv", "--osv-url", service, "--timeout", "15",
        "--format", "json", "--progress-spinner", "off",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603  # of our own making
        command, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    try:
        report = _Report.model_validate_json(done.stdout)
    except ValidationError:
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing."])[-1]
        raise NotAsked(f"{service} was not reached: {last}") from None
    return _judge(report)


def _judge(report: _Report) -> Found:
    skipped = [each.name for each in report.dependencies if each.skip_reason]
    if skipped or not report.dependencies:
        raise NotAsked(f"Nothing is known about {', '.join(skipped) or 'any package'}.")
    lines = [
        f"{package.name} {package.version}: {each.id} ({', '.join(each.aliases) or 'no alias'}), "
        f"mended in {', '.join(each.fix_versions) or 'no version yet'}"
        for package in report.dependencies
        for each in package.vulns
    ]
    return Found(len(report.dependencies), lines)
