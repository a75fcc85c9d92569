"""Turns a page by quarters, and tells whether its text lines run up or down.

Which of the two ways is up cannot be told from lines alone; that takes reading.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components, Ints, neighbours
from pipeline.imaging.page import FlatPage
from pipeline.imaging.picture import Matrix

_LEAST_LETTER, _MOST_LETTER = 6, 80
"""Pixels, along the longer side."""
_SLIMMEST = 6
"""How many times as long as wide a letter is; a rule is slimmer."""
_REACH = 0.35
"""Of a letter's longer side: letters of a word are this near, lines of text and columns are not."""
_MOST_UNLIKE = 2.2
_LEAST_OVERLAP = 0.5
_LEAST_LINKS = 30
_MOST_LETTERS = 20_000
"""More are texture, and pairing them would take memory without end."""
_CLEARLY = 5.0
"""How many times as often letters stand beside as above one another, or the other way about."""
_MIDDLE = (0.3, 0.7)
"""Of width and height: the part that is looked at first, and mostly is enough."""


def is_sideways(pieces: Components, width: int, height: int) -> bool:
    """Whether a page's text lines surely run up or down.

    Args:
        pieces: of its ink.
        width: of the page, in pixels.
        height: of the page, in pixels.
    """
    longer = _longer(pieces)
    slim = longer > _SLIMMEST * np.minimum(pieces.width, pieces.height)
    letters = pieces.where((longer >= _LEAST_LETTER) & (longer <= _MOST_LETTER) & ~slim)
    for part in (_in_the_middle(letters, width, height), letters):
        across, down = _links(part)
        if across + down >= _LEAST_LINKS and max(across, down) >= _CLEARLY * min(across, down):
            return down > across
    return False


def _in_the_middle(letters: Components, width: int, height: int) -> Components:
    least, most = _MIDDLE
    return letters.where(
        (letters.left >= least * width)
        & (letters.right <= most * width)
        & (letters.top >= least * height)
        & (letters.bottom <= most * height)
    )


def _links(letters: Components) -> tuple[int, int]:
    """How many letters have another one right beside, and how many right below them."""
    if len(letters) > _MOST_LETTERS:
        return 0, 0
    return _linked(letters), _linked(_mirrored(letters))


def turned(page: FlatPage, quarters: int) -> FlatPage:
    """The page turned counter-clockwise.

    Args:
        page: the page.
        quarters: how many right angles, 0 to 3.
    """
    height, width = page.picture.shape[:2]
    picture = np.ascontiguousarray(np.rot90(page.picture, quarters))
    return FlatPage(picture, page.to_picture @ _turn_back(quarters, width, height))


def _turn_back(quarters: int, width: int, height: int) -> Matrix:
    """From the pixels of a turned page to those of the page, which has that width and height."""
    turns = (
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
    )
    return np.array(turns[quarters], np.float64)


def _linked(letters: Components) -> int:
    """How many letters are followed by one of about their size, on their line."""
    longer = _longer(letters)
    i, j = neighbours(letters, _REACH * longer.astype(np.float64))
    overlap = np.minimum(letters.bottom[i], letters.bottom[j]) - np.maximum(
        letters.top[i], letters.top[j]
    )
    on_line = overlap >= _LEAST_OVERLAP * np.minimum(letters.height[i], letters.height[j])
    alike = np.maximum(longer[i], longer[j]) <= _MOST_UNLIKE * np.minimum(longer[i], longer[j])
    first: NDArray[np.intp] = i[on_line & alike]
    return len(np.unique(first))


def _longer(pieces: Components) -> Ints:
    return np.maximum(pieces.width, pieces.height)


def _mirrored(pieces: Components) -> Components:
    """Across for down: what stood below now stands beside."""
    return Components(
        left=pieces.top,
        top=pieces.left,
        right=pieces.bottom,
        bottom=pieces.right,
        area=pieces.area,
        label=pieces.label,
    )
