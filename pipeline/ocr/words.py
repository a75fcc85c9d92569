"""What an OCR engine finds on a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright page; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Vertical centre, in pixels."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space."""

    text: str
    box: Box
    confidence: float
    """0 to 1, as the engine claims; 1 for a PDF's own text."""
    alternatives: tuple[str, ...] = ()
    """Other readings of the same ink, best first."""


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page and the words on it, in no promised order."""

    number: int
    """From 1."""
    width: int
    height: int
    words: tuple[Word, ...]
    to_picture: tuple[float, ...] | None = None
    """Homography, row by row, from this page's pixels to those of the picture that was uploaded;
    None where they are the same. A page was turned, levelled and cut out of its photo."""
