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
    """`.png` or `.jpg`."""


def png(picture: Raster) -> PictureFile:
    """Without loss; (H, W) where it is grey."""
    smallest = [cv2.IMWRITE_PNG_COMPRESSION, 9]
    return PictureFile(cv2.imencode(".png", picture, smallest)[1].tobytes(), ".png")


def jpeg(picture: Raster, quality: int, orientation: int | None = None) -> PictureFile:
    """Compressed; `orientation` becomes EXIF's tag of that name."""
    file = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[_ORIENTATION] = orientation
    colours = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    Image.fromarray(colours).save(file, "JPEG", quality=quality, exif=exif)
    return PictureFile(file.getvalue(), ".jpg")


def sometimes_turned(picture: Raster, chance: np.random.Generator) -> Raster:
    """One in ten lies on its head or on its side."""
    turns = (cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)
    if chance.random() < 0.9:
        return picture
    return as_raster(cv2.rotate(picture, turns[int(chance.integers(3))]))
