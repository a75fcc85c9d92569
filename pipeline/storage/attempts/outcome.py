"""How an attempt can end."""

from enum import StrEnum


class Outcome(StrEnum):
    """The values of `ocr_attempts.outcome`; `migrations/0002_attempts.sql` says what each means."""

    COMMITTED = "committed"
    RETRY = "retry"
    DEAD = "dead"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"
    REVIEWED = "reviewed"
    STALE = "stale"
    RELEASED = "released"
    ABANDONED = "abandoned"
