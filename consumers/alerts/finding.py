"""What a condition can find, and what an alert carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from consumers.queue import Snapshot
from consumers.stuck import Patience

SHOWN_UPLOADS = 20
"""An alert names no more; the command that it gives shows all."""
RUNBOOK = "docs/operations.md#"


class Severity(StrEnum):
    """Whether somebody has to come now."""

    CRITICAL = "critical"
    """Uploads do not get on."""
    WARNING = "warning"
    """They do, but not as they should, or not for long."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong now."""

    text: str
    """What, and of what cause, in plain English."""
    command: str
    """What to type next."""
    uploads: tuple[str, ...] = ()
    consumer: str = ""
    lasts: timedelta = timedelta(0)
    """For how long it has been so already."""


class Sight(Enum):
    """What a condition that cannot be judged gives."""

    UNKNOWN = "unknown"


UNKNOWN = Sight.UNKNOWN
Judgement = Finding | Sight | None


@dataclass(frozen=True, slots=True)
class Away:
    """A server that does not answer the watcher."""

    error: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class CanaryRound:
    """How the last canary fared."""

    good: bool
    text: str
    """What it found, in a sentence."""
    upload_id: str
    seconds_since_good: float | None
    """Since one was last read rightly; None where none has been."""


@dataclass(frozen=True, slots=True)
class View:
    """All that conditions are judged by."""

    snapshot: Snapshot
    patience: Patience
    away: Mapping[str, Away] = field(default_factory=dict)
    """By the server's name: `postgresql`, `s3`."""
    canary: CanaryRound | None = None
    """None until the first has ended, or where none is sent."""
    firing: frozenset[str] = frozenset()
    """Names of the alerts that fire: what fires may have a lower limit."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that can be wrong."""

    name: str
    severity: Severity
    find: Callable[[View], Judgement]
    raise_after: timedelta = timedelta(0)
    """It has to hold for so long before it is raised."""
    clear_after: timedelta = timedelta(seconds=5)
    """It has to be gone for so long before it is resolved."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A condition that was raised, as it is told."""

    name: str
    severity: str
    text: str
    command: str
    uploads: tuple[str, ...]
    more_uploads: int
    """How many are concerned beside those that are named."""
    consumer: str
    since: datetime
    """Since when it has been so."""
    fired_at: datetime
    seen_by: str
    """Who watches."""
    resolved_at: datetime | None = None

    @property
    def runbook(self) -> str:
        """The section of the handbook that tells what to do."""
        return f"{RUNBOOK}{self.name.replace('_', '-')}"


def raised(condition: Condition, finding: Finding, now: datetime, seen_by: str) -> Alert:
    """The alert that a finding comes to."""
    return Alert(
        name=condition.name,
        severity=condition.severity,
        text=finding.text,
        command=finding.command,
        uploads=finding.uploads[:SHOWN_UPLOADS],
        more_uploads=max(len(finding.uploads) - SHOWN_UPLOADS, 0),
        consumer=finding.consumer,
        since=now - finding.lasts,
        fired_at=now,
        seen_by=seen_by,
    )
