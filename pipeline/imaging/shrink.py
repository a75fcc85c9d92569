"""Makes pictures smaller by their areas, in less time."""

import cv2
import numpy as np

from pipeline.imaging.picture import LARGE_PAGE, Grey, Picture


def shrunk(picture: Picture | Grey, width: int, height: int) -> Picture | Grey:
    """A picture of that size, each of its pixels the mean of those that it stands for.

    OpenCV halves a picture in a tenth of the time that other factors take, so with a large one as
    much of the way as can be is gone by halves.

    Args:
        picture: (H, W, 3), or (H, W) grey.
        width: in pixels, at most W.
        height: in pixels, at most H.
    """
    across, down = width / picture.shape[1], height / picture.shape[0]
    is_large = picture.shape[0] * picture.shape[1] >= LARGE_PAGE
    while is_large and max(across, down) <= 1 / 2:
        picture = _resized(_even(picture), 0.5, 0.5)
        across, down = 2 * across, 2 * down
    # By factors, not to a size: of an odd side the half reaches beyond the picture.
    return _resized(picture, across, down)[:height, :width]


def _resized(picture: Picture | Grey, across: float, down: float) -> Picture | Grey:
    return np.asarray(
        cv2.resize(picture, None, fx=across, fy=down, interpolation=cv2.INTER_AREA), np.uint8
    )


def _even(picture: Picture | Grey) -> Picture | Grey:
    """The picture with its last row and column once more where their number is odd."""
    height, width = picture.shape[:2]
    if height % 2 == 0 and width % 2 == 0:
        return picture
    return np.asarray(
        cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8
    )
