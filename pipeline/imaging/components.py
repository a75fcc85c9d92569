"""The connected pieces of ink on a page, and which stand beside which."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.picture import Mask

Ints = NDArray[np.int64]

_LEAST_HEIGHT = 5
"""Pixels; what is lower is a dot, a dash or grain, and tells nothing about the text's size."""
_USUAL_DIGIT = 18.0
_FULL = 0.7
"""Ink of a dot as a share of its box, at least: of a full circle it is 0.79."""
_MOST_OBLONG = 1.35
"""Longer side of a dot by its shorter one."""
_LEAST_DOTS_IN_DIGIT = 2.5
"""Heights of a dot in that of a digit, at least: in print they are about five."""


@dataclass(frozen=True, slots=True)
class Components:
    """Boxes of connected ink; arrays of one length, in pixels, right and bottom exclusive."""

    left: Ints
    top: Ints
    right: Ints
    bottom: Ints
    area: Ints
    """Pixels of ink."""
    label: Ints
    """The piece's number in the page's labels."""

    @property
    def width(self) -> Ints:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> Ints:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def __add__(self, other: "Components") -> "Components":
        """These and then the others."""
        return joined((self, other))

    def __len__(self) -> int:
        return len(self.left)

    def where(self, kept: NDArray[np.bool_] | Ints | slice) -> "Components":
        """Those for which a mask holds, or of these indexes."""
        return Components(
            self.left[kept],
            self.top[kept],
            self.right[kept],
            self.bottom[kept],
            self.area[kept],
            self.label[kept],
        )


def joined(parts: Sequence[Components]) -> Components:
    """The pieces of all, of at least one, in their order."""
    return Components(
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.top for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.bottom for part in parts]),
        np.concatenate([part.area for part in parts]),
        np.concatenate([part.label for part in parts]),
    )


def find_components(ink: Mask) -> tuple[Components, NDArray[np.int32]]:
    """The pieces of ink, and (H, W) int32 with each pixel's piece (0 = paper)."""
    labels, stats = labelled(ink)
    left, top, width, height, area = stats[1:].astype(np.int64).T
    label = np.arange(1, len(stats), dtype=np.int64)
    found = Components(left, top, left + width, top + height, area, label)
    return found, labels


def labelled(ink: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The connected pieces of a mask, corners touching.

    Source: the decision trees of Grana, Borghesani and Cucchiara 2010, in OpenCV half the time of
    the algorithm that it takes by itself.

    Returns:
        (H, W) with each pixel's piece, 0 = none; (pieces + 1, 5) with the left, top, width, height
        and area of each, in OpenCV's order, the first of what is no piece.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        ink, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def neighbours(pieces: Components, reach: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Pairs (i, j) where j begins to the right of i's middle and at most `reach[i]` after its end.

    Only the horizontal is looked at. Fast for pages of some thousands of pieces: j is found by
    bisection over the sorted left edges.
    """
    order = np.argsort(pieces.left, kind="stable")
    lefts = pieces.left[order]
    first = np.searchsorted(lefts, (pieces.left + pieces.right) / 2, side="right")
    last = np.searchsorted(lefts, pieces.right + reach, side="right")
    counts = np.maximum(last - first, 0)
    i = np.repeat(np.arange(len(pieces)), counts)
    offsets = np.arange(len(i)) - np.repeat(np.cumsum(counts) - counts, counts)
    return i, order[np.repeat(first, counts) + offsets]


def digit_height(pieces: Components) -> float:
    """Height of a digit in the page's ordinary text, in pixels.

    Only pieces count that have a neighbour of the same height on the same line, as letters have
    and texture has not. Small letters are the most frequent; digits, capitals and ascenders, all
    of one height, make the upper third. The dots that lead from a name to its number stand like
    letters, and may be more than these: they are told by the much larger print that is left
    without them.
    """
    letters = pieces.where((pieces.height >= _LEAST_HEIGHT) & (pieces.width < 3 * pieces.height))
    found = _upper_third(letters)
    without_dots = _upper_third(letters.where(~_are_full(letters)))
    if found is not None and without_dots is not None:
        return without_dots if without_dots >= _LEAST_DOTS_IN_DIGIT * found else found
    return found or _USUAL_DIGIT


def _upper_third(letters: Components) -> float | None:
    """Height that the upper third of the letters reach that stand in words; None: too few do."""
    if len(letters) == 0:
        return None
    height = letters.height.astype(np.float64)
    i, j = neighbours(letters, 1.5 * height)
    alike = (np.abs(height[i] - height[j]) <= np.maximum(1, 0.12 * height[i])) & (
        np.abs(letters.bottom[i] - letters.bottom[j]) <= np.maximum(1.5, 0.25 * height[i])
    )
    paired = np.unique(np.concatenate([i[alike], j[alike]]))
    return float(np.percentile(height[paired], 70)) if len(paired) >= 10 else None


def _are_full(pieces: Components) -> NDArray[np.bool_]:
    """Which pieces are as wide as high and full of ink, as dots are."""
    longer = np.maximum(pieces.width, pieces.height)
    shorter = np.minimum(pieces.width, pieces.height)
    full = pieces.area >= _FULL * longer * shorter
    return np.asarray(full & (longer <= _MOST_OBLONG * shorter), np.bool_)
