"""Values that steer the reading; made from the settings at the entry points."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before it is decoded."""

    max_bytes: int = 25 * 1024 * 1024
    max_pixels: int = 80_000_000
    """Pixels of one page."""
    max_pages: int = 20


class Look(StrEnum):
    """What is looked at again after a page's first reading; each costs time and can be left out."""

    UPRIGHT = "upright"
    """Some runs read the other way up: is the page upside down?"""
    LINE_OF_DIGITS = "line of digits"
    """A line of text that is mostly digits, as large as a number."""
    NUMBER_IN_TEXT = "number in text"
    """A doubtful number in a line of text, cut out and larger."""
    OPINION = "opinion"
    """The page's own digits, compared with what was read."""
    OUTLINE = "outline"
    """Noughts by their outline; a part of the page's opinion."""
    CLOSER = "closer"
    """A doubtful number, larger and sharper."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a file is read."""

    engine: str = "auto"
    """`tesserocr`, `pytesseract`, or `auto`: the first that works, in that order."""
    languages: str = "eng"
    """As Tesseract writes it: `eng+hin`."""
    limits: Limits = field(default_factory=Limits)
    looks: frozenset[Look] = frozenset(Look)
    """Those that are taken; fewer only to measure what each is worth."""
