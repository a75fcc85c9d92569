"""Finds a sheet of paper or a screen in a photo and turns it flat."""

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.picture import Grey, Mask, Matrix, Picture

Corners = NDArray[np.float64]
"""(4, 2): top left, top right, bottom right, bottom left, in pixels."""

_SEARCH_SIDE = 640
"""The longer side of the small picture that is searched."""
_LEAST_SIDE = 16
"""Of the small picture's shorter side: a strip thinner than that is no photo of a sheet."""
# A wrong sheet cuts names off, none at all costs little: every one of these must hold.
_LEAST_AREA = 0.25
_LEAST_SUPPORT = 0.85
"""Share of each side along which the picture changes across it."""
_LEAST_ANGLE, _MOST_ANGLE = 60.0, 120.0
_LEAST_STEP = 12
"""Of 255: how much brighter or darker the sheet is than what lies beside it."""
_LEAST_TILT = 0.008
"""Of the search side: a level rectangle is part of a screenshot, and there is nothing to mend."""
_CLEARANCE = 0.006
"""Of the search side: a sheet that touches the picture's rim is cut off, its corners unknown."""


@dataclass(frozen=True, slots=True)
class FlatPage:
    """The sheet, seen from straight above."""

    picture: Picture
    to_picture: Matrix
    """From its pixels to those of the picture that was given."""


def flatten(picture: Picture) -> FlatPage:
    """The sheet on a photo, flat; the picture itself where there surely is none."""
    corners = find_sheet(picture)
    if corners is None:
        return FlatPage(picture, np.eye(3))
    width = max(_length(corners[0], corners[1]), _length(corners[3], corners[2]))
    height = max(_length(corners[0], corners[3]), _length(corners[1], corners[2]))
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    to_flat = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    warped = cv2.warpPerspective(
        picture, to_flat, (round(width), round(height)), flags=cv2.INTER_CUBIC
    )
    to_picture = np.asarray(np.linalg.inv(to_flat), np.float64)
    return FlatPage(np.asarray(warped, np.uint8), to_picture)


def find_sheet(picture: Picture) -> Corners | None:
    """The corners of the one sheet on a photo, or None where it is not certain.

    Source: Otsu on each channel and closed edges give outlines; of those with four corners the
    largest wins that is nearly a rectangle and has a visible edge along all of its sides.
    """
    scale = min(1.0, _SEARCH_SIDE / max(picture.shape[:2]))
    if scale * min(picture.shape[:2]) < _LEAST_SIDE:
        return None
    small = np.asarray(
        cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    small = np.asarray(cv2.medianBlur(small, 5), np.uint8)
    steps = _steps(small)
    best: Corners | None = None
    for mask in _candidates(small):
        for corners in _quadrilaterals(mask):
            if _is_sheet(corners, small.shape[:2], steps) and (
                best is None or _area(corners) > _area(best)
            ):
                best = corners
    return None if best is None else best / scale


def _candidates(small: Picture) -> list[Mask]:
    """Masks of what could be the sheet."""
    masks = []
    channels = [*cv2.split(small), cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[:, :, 1]]
    for channel in channels:
        _, bright = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        masks += [bright, cv2.bitwise_not(bright)]
    edges = cv2.Canny(small, 30, 90)
    masks.append(cv2.dilate(edges, np.ones((3, 3), np.uint8)))
    kernel = np.ones((7, 7), np.uint8)
    return [np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), np.uint8) for mask in masks]


def _quadrilaterals(mask: Mask) -> list[Corners]:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:2]:
        hull = cv2.convexHull(outline)
        around = cv2.arcLength(hull, closed=True)
        for tolerance in (0.01, 0.02, 0.035):
            corners = cv2.approxPolyDP(hull, tolerance * around, closed=True)
            if len(corners) == 4:
                found.append(_in_order(corners.reshape(4, 2).astype(np.float64)))
                break
    return found


def _in_order(corners: Corners) -> Corners:
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    around = corners[np.argsort(angles)]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)


def _is_sheet(corners: Corners, shape: tuple[int, ...], steps: Grey) -> bool:
    height, width = shape
    clear = _CLEARANCE * _SEARCH_SIDE
    inside = (corners > clear).all() and (corners < (width - clear, height - clear)).all()
    large = _area(corners) >= _LEAST_AREA * width * height
    ring = [*corners, corners[0]]
    return bool(
        inside
        and large
        and _tilt(corners) >= _LEAST_TILT * _SEARCH_SIDE
        and all(_LEAST_ANGLE < angle < _MOST_ANGLE for angle in _angles(corners))
        and all(_support(steps, a, b) >= _LEAST_SUPPORT for a, b in pairwise(ring))
    )


def _tilt(corners: Corners) -> float:
    """How far a corner is from that of the upright box around them, in pixels."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    box = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    return float(np.abs(corners - box).max())


def _area(corners: Corners) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def _length(a: Corners, b: Corners) -> float:
    return float(np.hypot(*(a - b)))


def _angles(corners: Corners) -> list[float]:
    """The four inner angles, in degrees."""
    forward = np.roll(corners, -1, axis=0) - corners
    backward = np.roll(corners, 1, axis=0) - corners
    cosine = (forward * backward).sum(axis=1) / (
        np.hypot(*forward.T) * np.hypot(*backward.T) + 1e-9
    )
    return [float(angle) for angle in np.degrees(np.arccos(np.clip(cosine, -1, 1)))]


def _steps(small: Picture) -> Grey:
    """How much the picture changes within a few pixels, in the channel where that is most."""
    kernel = np.ones((5, 5), np.uint8)
    change = cv2.subtract(cv2.dilate(small, kernel), cv2.erode(small, kernel))
    return np.asarray(reduce(cv2.max, cv2.split(change)), np.uint8)


def _support(steps: Grey, a: Corners, b: Corners) -> float:
    """Share of a side's points at which the picture changes."""
    along = np.linspace(0.02, 0.98, 100)[:, None]
    points = np.rint(a + (b - a) * along).astype(int)
    x = points[:, 0].clip(0, steps.shape[1] - 1)
    y = points[:, 1].clip(0, steps.shape[0] - 1)
    return float((steps[y, x] >= _LEAST_STEP).mean())
