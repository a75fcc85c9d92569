"""The arrays that the imaging modules pass on, and a page of a file before it is read."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(H, W, 3) uint8, red, green, blue."""

Grey = NDArray[np.uint8]
"""(H, W) uint8, black = 0, white = 255."""

Mask = NDArray[np.uint8]
"""(H, W) uint8, ink = 255, everything else 0."""

Matrix = NDArray[np.float64]
"""(3, 3) homography on column vectors (x, y, 1), in pixels."""


LARGE_PAGE: Final = 6_000_000
"""Pixels of a page that is so large that its print is fine and its pixels are what takes time."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a PDF's own text, in pixels of its sheet.

    Top and bottom are those of its ink, left and right those of the room that it takes.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a file, the right way up: a picture, or the text that the file itself holds."""

    number: int
    """From 1."""
    of: int
    """How many pages the file has."""
    width: int
    height: int
    picture: Picture | None
    """(height, width, 3); None where the page brings its own text."""
    glyphs: tuple[Glyph, ...] = ()
    """The page's own text in the file's order; a space separates words."""
    shrunk: float = 1.0
    """Pixels of the upright page in the file for one of `picture`, along a side."""
