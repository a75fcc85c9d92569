"""One thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it is."""

    GOOD = "good"
    HINT = "hint"
    """Fine for development; to be thought of before production."""
    WARNING = "warning"
    """It works, and may cost uploads or time one day."""
    BAD = "bad"
    """Uploads are not read, or can be lost."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and what mends it."""

    subject: str
    """`redis`, `postgresql`, `s3`, `tesseract`, `clocks`, `settings`, `process`."""
    name: str
    verdict: Verdict
    text: str
    remedy: str = ""
    """What to type or to set; empty where nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Makes the checks of one subject."""

    name: str

    def good(self, name: str, text: str) -> Check:
        """It is as it should be."""
        return Check(self.name, name, Verdict.GOOD, text)

    def hint(self, name: str, text: str, remedy: str) -> Check:
        """Fine for development; to be thought of before production."""
        return Check(self.name, name, Verdict.HINT, text, remedy)

    def warning(self, name: str, text: str, remedy: str) -> Check:
        """It works, and may cost something one day."""
        return Check(self.name, name, Verdict.WARNING, text, remedy)

    def bad(self, name: str, text: str, remedy: str) -> Check:
        """It has to be mended."""
        return Check(self.name, name, Verdict.BAD, text, remedy)
