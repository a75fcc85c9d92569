"""Any print -> black on white: dark on light, light on dark, coloured, shaded.

Ink is what differs from the paper around it, whichever way: that difference, divided by the
contrast of the neighbourhood, needs no guess which blocks are inverted, and takes shadows out.
"""

import cv2
import numpy as np

from pipeline.imaging.panels import lay_panels
from pipeline.imaging.picture import Grey, Picture
from pipeline.imaging.shrink import shrunk

# Background and contrast change slowly: they are found where a digit is this high.
_COARSE_DIGIT = 6
_PAPER_WINDOW = 3.8
"""Digit heights that the paper's median spans: more than strokes, less than a coloured band."""
_CONTRAST_WINDOW = 5.0
# What is no more than this (of 255) above so many times the neighbourhood's grain is no print.
_LEAST_CONTRAST = 12
_GRAINS = 6.0
_GRAIN_WINDOW = 12.0
_SAMPLE = 8
"""Every so many pixels are looked at for colour."""
_MOST_TINT = 24
"""Of 255, between a pixel's channels: a scanner's or a JPEG's tint, no coloured print."""


def normalise(picture: Picture, digit_height: float) -> Grey:
    """The print as grey on white, in the picture's own size.

    Args:
        picture: (H, W, 3), or (H, W) grey.
        digit_height: of ordinary text, in pixels; a factor of two off does little harm.

    Returns:
        (H, W): paper 255, the neighbourhood's strongest ink 0.
    """
    difference = _difference(_without_colour(picture), digit_height)
    contrast = _contrast(difference, digit_height)
    return _divide(difference, contrast)


def _without_colour(picture: Picture | Grey) -> Picture | Grey:
    """One channel of a picture that has no colour: the other two would tell the same."""
    if picture.ndim == 2:
        return picture
    red, green, blue = (picture[::_SAMPLE, ::_SAMPLE, channel] for channel in range(3))
    most = np.maximum(np.maximum(red, green), blue)
    apart = most - np.minimum(np.minimum(red, green), blue)
    return picture[:, :, 1] if np.percentile(apart, 99.5) <= _MOST_TINT else picture


def _difference(picture: Picture, digit_height: float) -> Grey:
    """How far a pixel is from the paper around it, in the channel where that is most."""
    height, width = picture.shape[:2]
    coarse = _shrink(picture, digit_height)
    window = 2 * round(_PAPER_WINDOW * min(digit_height, _COARSE_DIGIT) / 2) + 1
    paper = np.asarray(cv2.medianBlur(coarse, window), np.uint8)
    lay_panels(paper, coarse, min(digit_height, _COARSE_DIGIT))
    apart = cv2.absdiff(picture, cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR))
    if apart.ndim == 2:
        return np.asarray(apart, np.uint8)
    red, green, blue = cv2.split(apart)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _contrast(difference: Grey, digit_height: float) -> Grey:
    """The strongest difference nearby, smooth, and well above the paper's grain."""
    height, width = difference.shape
    coarse = _shrink(difference, digit_height)
    digit = min(digit_height, _COARSE_DIGIT)
    side = round(_CONTRAST_WINDOW * digit) | 1
    smooth = cv2.blur(cv2.dilate(coarse, np.ones((side, side), np.uint8)), (side, side))
    # Print covers the smaller part of any neighbourhood: the median there is grain.
    grain = cv2.medianBlur(coarse, round(_GRAIN_WINDOW * digit) | 1)
    floor = cv2.addWeighted(grain, _GRAINS, grain, 0, _LEAST_CONTRAST)
    return np.asarray(cv2.resize(cv2.max(smooth, floor), (width, height)), np.uint8)


def _divide(difference: Grey, contrast: Grey) -> Grey:
    # Shrinking evens out thin strokes, so that full ink lies somewhat above "the strongest".
    return np.asarray(255 - cv2.divide(difference, contrast, scale=200), np.uint8)


def _shrink(picture: Picture | Grey, digit_height: float) -> Picture | Grey:
    factor = min(1.0, _COARSE_DIGIT / max(digit_height, 1.0))
    height, width = picture.shape[:2]
    return shrunk(picture, max(1, round(width * factor)), max(1, round(height * factor)))
