"""JPEG and PNG through Pillow, which reads a header without decoding and refuses cut-off data."""

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.errors import TooManyPixels, UnreadableImage
from pipeline.imaging.picture import Picture, Sheet
from pipeline.options import Limits

# Our own limit, which the operator sets, stands in for Pillow's fixed one.
Image.MAX_IMAGE_PIXELS = None

_PILLOW_FORMATS = ("JPEG", "PNG")

# What Pillow and the libraries under it raise for broken data.
_BROKEN = (OSError, SyntaxError, ValueError, IndexError, EOFError, OverflowError)


def raster_sheets(content: bytes, limits: Limits) -> Iterator[Sheet]:
    """The one page of a JPEG or PNG; EXIF's orientation is applied here and nowhere else.

    Raises:
        TooManyPixels: the header says more than `limits.max_pixels`; nothing was decoded.
        UnreadableImage: broken or cut off.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_PILLOW_FORMATS) as image:
            check_pixels(*image.size, limits)
            image.load()
            picture = to_rgb(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise UnreadableImage("The picture's header is broken.") from error
    except _BROKEN as error:
        raise UnreadableImage(f"The picture is broken or cut off: {error}") from error
    height, width = picture.shape[:2]
    yield Sheet(number=1, of=1, width=width, height=height, picture=picture)


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Refuses a page of too many pixels.

    Raises:
        TooManyPixels: width times height is above `limits.max_pixels`.
    """
    if width * height > limits.max_pixels:
        raise TooManyPixels(
            f"The page has {width:,} x {height:,} pixels; {limits.max_pixels:,} are allowed."
        )


def to_rgb(image: Image.Image) -> Picture:
    """Any Pillow image as (H, W, 3) uint8: transparency on white, 16 bits to 8."""
    if image.mode.startswith("I") or image.mode == "F":
        return np.dstack([_to_eight_bits(np.asarray(image))] * 3)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return np.asarray(image.convert("RGB"))


def _to_eight_bits(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    # Pillow gives 16-bit grey as "I;16", or as "I" (32 bits that hold 16).
    return (samples.astype(np.float64).clip(0, 65535) / 257).astype(np.uint8)
