"""Takes the ruled lines out of a page's ink."""

import cv2
import numpy as np

from pipeline.imaging.picture import Mask

# In digit heights: longer than any letter's stroke, the vertical one shorter because rows are low.
_LEAST_ACROSS = 5.0
_LEAST_DOWN = 2.4
_MOST_THICK = 0.4


def ruled_lines(ink: Mask, digit_height: float) -> Mask:
    """The thin long straight lines of a level page, a pixel wider than they are.

    Args:
        ink: (H, W).
        digit_height: of ordinary text, in pixels.
    """
    across = _lines(ink, round(_LEAST_ACROSS * digit_height), 1, digit_height)
    down = _lines(ink, 1, round(_LEAST_DOWN * digit_height), digit_height)
    return np.asarray(cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8)), np.uint8)


def _lines(ink: Mask, width: int, height: int, digit_height: float) -> Mask:
    long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    # What is long and also thick is a band or a picture, not a rule.
    thick = max(3, round(_MOST_THICK * digit_height))
    block = np.ones((thick, 1) if width > 1 else (1, thick), np.uint8)
    bands = cv2.dilate(cv2.morphologyEx(long, cv2.MORPH_OPEN, block), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(long, bands), np.uint8)
