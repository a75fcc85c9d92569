"""A page as people look at it: upright, flat and level, so that the boxes of its values fit."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.errors import UnreadableImage
from pipeline.imaging.decode import decode
from pipeline.imaging.pdf import render_page
from pipeline.imaging.picture import Matrix, Picture, Sheet
from pipeline.options import Limits

_QUALITY = 85
"""Of a JPEG, to 100."""
_PAPER = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class ViewedPage:
    """A page as its reading measured it."""

    number: int
    """From 1."""
    width: int
    height: int
    to_picture: Sequence[float] | None
    """Homography, row by row, from its pixels to those of the uploaded picture; None: the same."""


def view_page(content: bytes, page: ViewedPage, limits: Limits, longest_side: int) -> bytes:
    """The page as a JPEG that has its proportions; boxes are to be scaled as its width is.

    Args:
        content: the whole file.
        page: which, and how it lay.
        limits: what is refused before it is decoded.
        longest_side: of the JPEG, in pixels.

    Raises:
        OcrError: the file cannot be read, or has no such page.
    """
    sheet = _sheet(content, page.number, limits)
    scale = min(1.0, longest_side / max(page.width, page.height))
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    if sheet.picture is None:
        picture = render_page(content, page.number, page.width)
        shown = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    else:
        shown = _laid_flat(sheet.picture, _to_sheet(page, sheet), scale, size)
    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(shown, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise UnreadableImage(f"Page {page.number} cannot be shown.")
    return jpeg.tobytes()


def _sheet(content: bytes, number: int, limits: Limits) -> Sheet:
    for sheet in decode(content, limits):
        if sheet.number == number:
            return sheet
    raise UnreadableImage(f"The file has no page {number}.")


def _to_sheet(page: ViewedPage, sheet: Sheet) -> Matrix:
    """From the page's pixels to those of the decoded sheet."""
    if page.to_picture is None:
        return np.eye(3)
    to_picture = np.array(page.to_picture, np.float64).reshape(3, 3)
    # A large picture is decoded at a part of its size.
    return np.diag([1 / sheet.shrunk, 1 / sheet.shrunk, 1.0]) @ to_picture


def _laid_flat(picture: Picture, to_sheet: Matrix, scale: float, size: tuple[int, int]) -> Picture:
    from_view = to_sheet @ np.diag([1 / scale, 1 / scale, 1.0])
    shown = cv2.warpPerspective(
        picture,
        from_view,
        size,
        flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_PAPER,
    )
    return np.asarray(shown, np.uint8)
