"""Panels: boxes and bands of one colour on a page, such as the tab that holds a total.

The paper around a letter is usually told by the median of its neighbourhood. In a box hardly larger
than its text that median is the colour outside, and the box itself would come out as ink. A panel's
own colour tells better.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.picture import Grey, Picture

_STEP: Final = 14
"""Difference of two neighbours, of 255 in any channel, over which no panel goes on."""
_NEAR, _UNIFORM = 12, 0.85
"""How near to a panel's colour, of 255, which share of its pixels are: a shadow is no panel."""
_LEAST_HEIGHT, _LEAST_WIDTH = 1.7, 2.0
"""Of a panel, in digit heights."""
_LARGEST: Final = 0.25
"""Share of the page that a panel covers at most: the paper itself is none."""
_SIDES: Final = 0.75
"""Share of each side that is of the panel's colour: no letters reach there, corners are round."""
_TOUCHED: Final = 0.25
"""The same of a side at which letters stand close."""
_THICKEST: Final = 1.2
"""Digit heights of print in its thinner direction, with the blur of its edges."""
_OTHERWISE: Final = 16
"""Difference from the paper that was found, of 255, from which a panel says otherwise."""
_MOST: Final = 400
"""Panels that are looked at, the largest first."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle of one colour."""

    left: int
    top: int
    right: int
    bottom: int
    colour: NDArray[np.uint8]
    """(C,), of as many channels as the picture has."""
    mask: NDArray[np.bool_]
    """(bottom - top, right - left): the panel and its letters, but no panel within it."""


def find_panels(picture: Picture | Grey, digit_height: float) -> Iterator[Panel]:
    """The panels of a page, the largest first.

    Args:
        picture: (H, W, 3), or (H, W) grey; small, so that a digit is a few pixels high.
        digit_height: in its pixels.
    """
    channels = picture[:, :, None] if picture.ndim == 2 else picture
    least = _LEAST_HEIGHT * digit_height, _LEAST_WIDTH * digit_height
    if channels.shape[0] < least[0] or channels.shape[1] < least[1]:
        return
    count, labels, stats, _ = cv2.connectedComponentsWithStats(_smooth(channels), connectivity=4)
    page = channels.shape[0] * channels.shape[1]
    fitting = [
        number
        for number in range(1, count)
        if stats[number, cv2.CC_STAT_HEIGHT] >= least[0]
        and stats[number, cv2.CC_STAT_WIDTH] >= least[1]
        and least[0] * least[1] / 2 <= stats[number, cv2.CC_STAT_AREA] <= _LARGEST * page
    ]
    fitting.sort(key=lambda number: -int(stats[number, cv2.CC_STAT_AREA]))
    for number in fitting[:_MOST]:
        left, top, width, height = (int(value) for value in stats[number, :4])
        inside = labels[top : top + height, left : left + width] == number
        colours = channels[top : top + height, left : left + width][inside]
        colour = np.median(colours, axis=0).astype(np.uint8)
        apart = np.abs(colours.astype(np.int16) - colour.astype(np.int16)).max(axis=1)
        if _is_framed(inside) and float((apart <= _NEAR).mean()) >= _UNIFORM:
            mask = _with_letters(inside, digit_height)
            yield Panel(left, top, left + width, top + height, colour, mask)


def lay_panels(paper: Picture | Grey, picture: Picture | Grey, digit_height: float) -> None:
    """Gives each panel its own colour as paper, where another one was found there.

    Args:
        paper: (H, W, 3) or (H, W), the paper that was found; written to.
        picture: what it was found on, of the same size.
        digit_height: in their pixels.
    """
    for panel in find_panels(picture, digit_height):
        part = paper[panel.top : panel.bottom, panel.left : panel.right]
        apart = np.abs(part.astype(np.int16) - panel.colour.astype(np.int16).reshape(-1))
        if int(apart.max()) > _OTHERWISE:
            part[panel.mask] = panel.colour if part.ndim > 2 else panel.colour[0]


def _smooth(channels: Picture) -> Grey:
    """Where a pixel is like the next ones to its right and below, in every channel."""
    like = np.ones(channels.shape[:2], np.uint8)
    across = _apart(channels[:, 1:], channels[:, :-1]) > _STEP
    down = _apart(channels[1:], channels[:-1]) > _STEP
    like[:, 1:][across] = 0
    like[:, :-1][across] = 0
    like[1:][down] = 0
    like[:-1][down] = 0
    return like


def _apart(one: Picture, other: Picture) -> Grey:
    """The largest difference over the channels, pixel by pixel."""
    return np.asarray(reduce(cv2.max, cv2.split(cv2.absdiff(one, other))), np.uint8)


def _with_letters(inside: NDArray[np.bool_], digit_height: float) -> NDArray[np.bool_]:
    """A panel with what stands on it: print is thinner than it is high, a panel is not."""
    side = round(_THICKEST * digit_height) | 1
    framed = cv2.copyMakeBorder(
        inside.astype(np.uint8), side, side, side, side, cv2.BORDER_CONSTANT, value=(1,)
    )
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.asarray(closed[side:-side, side:-side] > 0, np.bool_)


def _is_framed(inside: NDArray[np.bool_]) -> bool:
    """Whether a component reaches along the sides of its rectangle; letters may touch one."""
    sides = sorted(
        float(side.mean()) for side in (inside[0], inside[-1], inside[:, 0], inside[:, -1])
    )
    return sides[0] >= _TOUCHED and sides[1] >= _SIDES
