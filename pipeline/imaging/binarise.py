"""Grey print -> ink or no ink."""

import cv2
import numpy as np

from pipeline.imaging.picture import Grey, Mask

# Otsu on a page with hardly any ink, or nothing but texture, runs off to an end.
_LOWEST, _HIGHEST = 90, 190


def binarise(print_: Grey) -> Mask:
    """The ink of normalised print.

    Args:
        print_: (H, W), paper 255, as `normalise` gives it: one threshold serves the whole page.

    Source: Otsu 1979, bounded.
    """
    threshold, _ = cv2.threshold(print_, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    threshold = min(max(threshold, _LOWEST), _HIGHEST)
    return np.asarray(cv2.threshold(print_, threshold, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
