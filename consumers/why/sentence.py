"""What `why` gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class State(StrEnum):
    """Where an upload can be; stable names for `--json`."""

    UNKNOWN = "unknown"
    ROW_MISSING = "row_missing"
    INITIATED = "initiated"
    PUBLISHING = "publishing"
    UNPUBLISHED = "unpublished"
    WAITING = "waiting"
    WAITING_IN_ARCHIVE = "waiting_in_archive"
    WAITING_FOR_REPLICA = "waiting_for_replica"
    WAITING_FOR_OCR = "ocr_switched_off"
    HELD_UP = "held_up"
    IN_WORK = "in_work"
    IN_WORK_TOO_LONG = "in_work_too_long"
    OWNER_DEAD = "owner_dead"
    OWNER_HUNG = "owner_hung"
    ABANDONED = "abandoned"
    HANDED_BACK = "handed_back"
    RETRY = "retry"
    DEAD = "dead"
    FAILED = "failed"
    PARSED = "parsed"
    REVIEWED = "reviewed"
    CARD_MISSING = "card_missing"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    BACKEND = "backend"
    POSTGRESQL_AWAY = "postgresql_away"
    REDIS_AWAY = "redis_away"
    SERVERS_AWAY = "servers_away"


@dataclass(frozen=True, slots=True)
class Answer:
    """Why an upload is where it is."""

    state: State
    text: str
    """One paragraph."""
    command: str
    """What to type next; nothing where there is nothing to do."""
    problem: bool
    """Whether something is wrong."""
    figures: Mapping[str, float | int | str | None] = field(default_factory=dict)
    """What the text says in numbers and names, for machines."""

    def saying_also(self, text: str) -> "Answer":
        """The same with a sentence more."""
        return replace(self, text=f"{self.text} {text}")
