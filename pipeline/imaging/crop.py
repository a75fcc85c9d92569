"""A run of text as a picture of its own, as Tesseract likes it."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.picture import Grey
from pipeline.imaging.runs import Run

_MARGIN = 0.3
_BORDER = 10
"""White pixels around the crop."""
_LINE_HEIGHT, _LINE_DIGIT, _LINE_BORDER = 36, 20.0, 3
"""Pixels: the height that Tesseract's network looks at, a digit's in it, and white at the ends."""
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Crop:
    """A run's picture, and how its pixels lie on the page."""

    image: Grey
    left: float
    """Where on the page the image's left edge lies, in pixels of the page."""
    top: float
    scale: float
    """Pixels of the image for one of the page."""


def crop_run(print_: Grey, labels: NDArray[np.int32], run: Run, digit_height: float) -> Crop:
    """Cuts a run out, paints over what is not its own, and scales it.

    Args:
        print_: (H, W) normalised print of the level page.
        labels: (H, W) each pixel's piece of ink.
        run: the run.
        digit_height: in the crop, in pixels. Tesseract reads 20 to 48 about equally well.
    """
    margin = max(2, round(_MARGIN * run.digit_height))
    image, left, top = _cut_out(print_, labels, run, margin)
    image, scale = _scaled(image, digit_height / run.digit_height)
    image = _framed(image, (_BORDER, _BORDER), _BORDER)
    return Crop(image, left - _BORDER / scale, top - _BORDER / scale, scale)


def crop_line(print_: Grey, labels: NDArray[np.int32], run: Run) -> Crop:
    """Cuts a run out as the one line that Tesseract's network itself looks at.

    Nothing is left for Tesseract to find or to scale, and its network's time grows with the
    width: a line costs two thirds of what it does with room around it.

    Args:
        print_: (H, W) normalised print of the level page.
        labels: (H, W) each pixel's piece of ink.
        run: the run.
    """
    image, left, top = _cut_out(print_, labels, run, 0)
    fits = _LINE_HEIGHT / image.shape[0]
    image, scale = _scaled(image, min(_LINE_DIGIT / run.digit_height, fits))
    above = max(0, (_LINE_HEIGHT - image.shape[0]) // 2)
    below = max(0, _LINE_HEIGHT - image.shape[0] - above)
    image = _framed(image, (above, below), _LINE_BORDER)
    return Crop(image, left - _LINE_BORDER / scale, top - above / scale, scale)


def _cut_out(
    print_: Grey, labels: NDArray[np.int32], run: Run, margin: int
) -> tuple[Grey, int, int]:
    """A run with so many pixels around it, without what is not its own; its left and top."""
    top, bottom = max(0, run.top - margin), min(print_.shape[0], run.bottom + margin)
    left, right = max(0, run.left - margin), min(print_.shape[1], run.right + margin)
    window = labels[top:bottom, left:right]
    foreign = np.full(int(window.max()) + 1, 255, np.uint8)
    foreign[0] = 0
    foreign[run.labels] = 0
    around = cv2.dilate(foreign[window], np.ones((3, 3), np.uint8))
    return np.asarray(cv2.max(print_[top:bottom, left:right], around), np.uint8), left, top


def _scaled(image: Grey, scale: float) -> tuple[Grey, float]:
    scale = min(scale, float(np.sqrt(_MOST_PIXELS / image.size)))
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    resized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
    return np.asarray(resized, np.uint8), scale


def _framed(image: Grey, above_and_below: tuple[int, int], beside: int) -> Grey:
    """The picture with so many white pixels around it."""
    above, below = above_and_below
    framed = cv2.copyMakeBorder(
        image, above, below, beside, beside, cv2.BORDER_CONSTANT, value=(255,)
    )
    return np.asarray(framed, np.uint8)


def sharpened(crop: Crop) -> Crop:
    """The same crop with its edges drawn after: for print that was blurred."""
    soft = cv2.GaussianBlur(crop.image, (0, 0), crop.scale)
    sharp = cv2.addWeighted(crop.image, 2.0, soft, -1.0, 0)
    return replace(crop, image=np.asarray(sharp, np.uint8))
