"""The file that comes out, now and then lying on its side."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from benchmarks.render.raster import Raster, as_raster

_ORIENTATION = 0x0112
"""EXIF's tag."""
TURNED_RIGHT = 6
"""Its value for a picture that must be turned by 90 degrees clockwise to stand upright."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture's file."""

    content: bytes
    ending: str
    """`.png`, `.jpg` or `.webp`."""


def png(picture: Raster) -> PictureFile:
    """Without loss."""
    return PictureFile(cv2.imencode(".png", picture)[1].tobytes(), ".png")


def webp(picture: Raster) -> PictureFile:
    """Without loss, in less than half of a PNG's bytes."""
    file = io.BytesIO()
    _as_pillow(picture).save(file, "WEBP", lossless=True, quality=100)
    return PictureFile(file.getvalue(), ".webp")


def jpeg(picture: Raster, quality: int, orientation: int | None = None) -> PictureFile:
    """Compressed; `orientation` becomes EXIF's tag of that name."""
    file = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[_ORIENTATION] = orientation
    _as_pillow(picture).save(file, "JPEG", quality=quality, exif=exif)
    return PictureFile(file.getvalue(), ".jpg")


def sometimes_turned(picture: Raster, chance: np.random.Generator) -> Raster:
    """One in ten lies on its head or on its side."""
    turns = (cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)
    if chance.random() < 0.9:
        return picture
    return as_raster(cv2.rotate(picture, turns[int(chance.integers(3))]))


def _as_pillow(picture: Raster) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
