"""What comes of opening an attempt: it is open, or there is nothing to be read."""

from dataclasses import dataclass, field

from pipeline.storage.attempts.earlier import Earlier


@dataclass(frozen=True, slots=True)
class Opened:
    """The attempt is open: read the object and settle it with this fence."""

    fence: int
    bucket: str
    """Empty where the row has none, as `key` is."""
    key: str
    filename: str
    content_type: str
    file_size: int | None
    """Bytes, as the backend recorded them."""
    transient_failures: int
    """Earlier attempts that ended in a transient failure."""
    deaths: int
    """Earlier attempts whose worker vanished. Counted here, they outlive a Redis that lost all."""
    before: Earlier | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AlreadyCommitted:
    """The scorecard is there: only acknowledge the entry."""

    fence: int
    revision: int
    """0 where the backend has applied a card that was not committed from here."""
    before: Earlier | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AlreadyDead:
    """The upload has failed for good: it is not read again.

    Where the entry is the one it died of, or has taken that one's place, its dead letter is still
    to be written; another entry of the same upload has none coming.
    """

    fence: int
    error_code: str
    error: str
    entry_id: str
    """Of the entry it died of."""
    death: int
    """Fence of the attempt that ended it."""
    before: Earlier | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The upload was cancelled: only acknowledge the entry."""

    fence: int
    before: Earlier | None = field(default=None, compare=False)


Opening = Opened | AlreadyCommitted | AlreadyDead | Cancelled
