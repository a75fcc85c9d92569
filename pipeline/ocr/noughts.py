"""Noughts by their outline, for those that are read as something else.

A nought with a dot or a stroke inside, as typewriters and terminals print it, is read as 6, 8 or 9
where it is small and blurred, surely and every time, and so the page's own digits agree on it. But
its outline gives it away: that of a nought bulges all the way round, an 8 has a waist, and 6 and 9
are notched on one side. A blurred 9 has hardly a notch either, but a dark middle: so that counts
for a nought only on a page whose noughts are dark inside.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components
from pipeline.imaging.picture import Grey

ROUND_DIGITS: Final = "0689"
"""What the outline can tell apart."""
_WIDTH, _HEIGHT = 28, 24
"""Pixels that a digit is brought to, with its margins."""
_MARGIN = 2
"""Pixels of the page beside a digit, so that the blur of its edge is seen."""
_LEVEL = 0.5
"""Share of a digit's darkest ink at which its edge lies."""
_ENDS = 2
"""Rows at the top and at the bottom that are left out: there the outline turns."""
_DEEPEST = 0.025
"""Depth of notches on both sides together, as a share of the height, that blur and noise make."""
_OPEN, _DARK = 0.35, 0.5
"""Ink in the middle of a nought, as a share of its darkest: of an open one at most, of one with
something inside at least."""
_MUCH_DARKER = 2.0
"""Ink in the middle of an open nought against that of the page's other ones, at most."""
_FEWEST = 6
"""Digits with the outline of a nought that show what a page's noughts look like."""

Patches = NDArray[np.float32]
"""(N, height, width) ink, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """What the outlines of some pieces of ink look like; arrays of one length."""

    bulging: NDArray[np.bool_]
    """Whether an outline bulges all the way round."""
    darkness: NDArray[np.float32]
    """Of the ink in the middle, as a share of the piece's darkest."""


def outlines_of(grey: Grey, pieces: Components) -> Outlines:
    """Measures the outlines of pieces of ink.

    Args:
        grey: (H, W) the level page's print.
        pieces: of about a digit's size.
    """
    if len(pieces) == 0:
        return Outlines(np.zeros(0, np.bool_), np.zeros(0, np.float32))
    ink = _patches(grey, pieces)
    darkest = np.maximum(np.percentile(ink, 95, axis=(1, 2)), 1e-6)
    breadth = (pieces.right - pieces.left + 2 * _MARGIN) / _WIDTH
    middle = ink[:, _HEIGHT // 2 - 2 : _HEIGHT // 2 + 2, _WIDTH // 2 - 2 : _WIDTH // 2 + 2]
    return Outlines(
        bulging=_notches(ink, darkest) * breadth / pieces.height <= _DEEPEST,
        darkness=middle.mean(axis=(1, 2)) / darkest,
    )


def are_noughts(outlines: Outlines, read: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pieces of ink are noughts, if each may be one of `ROUND_DIGITS`.

    Args:
        outlines: of the pieces.
        read: (N,) those that were read as one; they show what the page's noughts look like.

    Returns:
        (N,) bool; none on a page that shows too few to tell.
    """
    bulging, darkness = outlines.bulging, outlines.darkness
    if (bulging & read).sum() < _FEWEST:
        return np.zeros(len(bulging), np.bool_)
    usual = float(np.median(darkness[bulging & read]))
    if usual >= _DARK:
        return np.asarray(bulging & (darkness >= _DARK), np.bool_)
    # Open ones are read rightly; the outline tells only of those on which the readings differ.
    lightest = min(_OPEN, _MUCH_DARKER * usual)
    return np.asarray(bulging & ~read & (darkness <= lightest), np.bool_)


def _patches(grey: Grey, digits: Components) -> Patches:
    page = cv2.copyMakeBorder(grey, 0, 0, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=255)
    prints = np.stack(
        [
            cv2.resize(
                page[top:bottom, left : right + 2 * _MARGIN],
                (_WIDTH, _HEIGHT),
                interpolation=cv2.INTER_LINEAR,
            )
            for left, top, right, bottom in zip(
                digits.left, digits.top, digits.right, digits.bottom, strict=True
            )
        ]
    )
    return np.asarray(1 - prints.astype(np.float32) / np.float32(255), np.float32)


def _notches(ink: Patches, darkest: NDArray[np.float32]) -> NDArray[np.float32]:
    """How deep the outline is notched on its left and its right together, in pixels of a patch."""
    level = (_LEVEL * darkest)[:, None]
    rows = ink[:, _ENDS:-_ENDS]
    return _depth(rows, level) + _depth(rows[:, :, ::-1], level)


def _depth(rows: Patches, level: NDArray[np.float32]) -> NDArray[np.float32]:
    """The deepest notch of the outline's left side."""
    at = np.argmax(rows >= level[:, :, None], axis=2)
    inside = np.take_along_axis(rows, at[:, :, None], axis=2)[:, :, 0]
    outside = np.take_along_axis(rows, np.maximum(at - 1, 0)[:, :, None], axis=2)[:, :, 0]
    rise = np.maximum(inside - outside, 1e-6)
    # The edge lies between two pixels.
    outward = -(at - np.clip((inside - level) / rise, 0, 1))
    above = np.maximum.accumulate(outward, axis=1)
    below = np.maximum.accumulate(outward[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((np.minimum(above, below) - outward).max(axis=1), np.float32)
