"""Values that steer the reading; made from the settings at the entry points."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before it is decoded."""

    max_bytes: int = 25 * 1024 * 1024
    max_pixels: int = 80_000_000
    """Pixels of one page."""
    max_pages: int = 20


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a file is read."""

    engine: str = "auto"
    """`tesserocr`, `pytesseract`, or `auto`: the first that works, in that order."""
    languages: str = "eng"
    """As Tesseract writes it: `eng+hin`."""
    limits: Limits = field(default_factory=Limits)
