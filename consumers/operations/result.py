"""What came of an operator's wish about one upload."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """Whether something was done."""

    DONE = "done"
    NOTHING = "nothing"
    """It is so already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it."""

    upload_id: str
    effect: Effect
    text: str
    """One sentence."""
    entry_id: str | None = None
    """Of the entry that was published for it."""
