"""Pictures through Pillow, which reads a header without decoding and refuses cut-off data.

HEIC comes through libheif behind Pillow's interface; it turns a picture while it decodes it and
leaves no orientation behind.
"""

import io
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import AvifImagePlugin, Image, ImageFile, UnidentifiedImageError

from pipeline.errors import OcrError, TooManyPages, TooManyPixels, UnreadableImage
from pipeline.imaging.picture import Picture, Sheet
from pipeline.imaging.shrink import shrunk
from pipeline.options import Limits

MOST_PIXELS_READ = 16_000_000
"""A page of more is shrunk to that: print that is legible then is all that a card has."""

# One upload has one core.
_THREADS = 1
AvifImagePlugin.DEFAULT_MAX_THREADS = _THREADS
pi_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=_THREADS
)

_SAMPLE_SIDE = 1000
"""Pixels of the shorter side at which a picture's tone is looked at."""
_ORIENTATION = 0x0112
"""EXIF's tag, which TIFF has too."""
_UPRIGHT: dict[int, Callable[[Picture], Picture]] = {
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.transpose(1, 0, 2),
    6: lambda stored: stored.transpose(1, 0, 2)[:, ::-1],
    7: lambda stored: stored[::-1, ::-1].transpose(1, 0, 2),
    8: lambda stored: stored.transpose(1, 0, 2)[::-1],
}
_SUBFILE_TYPE, _REDUCED = 254, 1
"""TIFF's tag and bit of a page that is a small copy of another one."""


def raster_sheets(content: bytes, plugin: str, limits: Limits) -> Iterator[Sheet]:
    """The pages of a picture file, one at a time; of an animation the first frame.

    Orientation is applied here and nowhere else.

    Args:
        content: the whole file.
        plugin: Pillow's name of the format.
        limits: pixels and pages.

    Raises:
        TooManyPixels: the header says more than `limits.max_pixels`; nothing was decoded.
        TooManyPages: more than `limits.max_pages`; nothing was decoded.
        UnreadableImage: broken or cut off.
    """
    with _one_sentence_for_all(limits):
        image = Image.open(io.BytesIO(content), formats=(plugin,))
        pages = _pages(image, limits)
    for number, page in enumerate(pages, start=1):
        with _one_sentence_for_all(limits):
            image.seek(page)
            check_pixels(*image.size, limits)
            sheet = _sheet(image, number, len(pages))
            if number == len(pages):
                # Its copy of the pixels need not wait until the page has been read.
                image.close()
        yield sheet
        # Nor need the page wait until the next one has been decoded.
        del sheet


@contextmanager
def _one_sentence_for_all(limits: Limits) -> Iterator[None]:
    """Pillow under our limit; whatever a decoder raises becomes one of our errors.

    Pillow's own guard against huge headers is on as well: it sees those inside of a file too.
    """
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, limits.max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except OcrError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(
            f"The picture has more than the {limits.max_pixels:,} pixels that are allowed."
        ) from error
    except UnidentifiedImageError as error:
        raise UnreadableImage("The picture's header is broken.") from error
    except MemoryError as error:
        # Its header is within the limit; what it asks for all the same is not there.
        raise UnreadableImage("The picture asks for more memory than there is.") from error
    except Exception as error:
        raise UnreadableImage(f"The picture is broken or cut off: {error}") from error
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _pages(image: ImageFile.ImageFile, limits: Limits) -> list[int]:
    """Which of a file's frames are pages: all of a TIFF's but small copies, else the first."""
    if image.format != "TIFF":
        return [image.tell()]
    pages: list[int] = []
    frame = 0
    # Frame by frame: counting all of a hostile file's frames takes minutes.
    while _has_frame(image, frame):
        if not image.getexif().get(_SUBFILE_TYPE, 0) & _REDUCED:
            pages.append(frame)
        frame += 1
        if len(pages) > limits.max_pages or frame > 2 * limits.max_pages:
            raise TooManyPages(f"The TIFF has more than the {limits.max_pages} allowed pages.")
    return pages or [0]


def _has_frame(image: ImageFile.ImageFile, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True


def _sheet(image: ImageFile.ImageFile, number: int, of: int) -> Sheet:
    """A frame's pixels, upright, and no more of them than reading needs."""
    whole = image.width * image.height
    shrink = max(1.0, math.sqrt(whole / MOST_PIXELS_READ))
    if shrink > 1:
        # JPEG alone can be decoded at a half, a quarter or an eighth; others pass over this.
        image.draft(image.mode, (math.ceil(image.width / shrink), math.ceil(image.height / shrink)))
    image.load()
    picture = to_rgb(image)
    shrink = min(shrink, math.sqrt(picture.shape[0] * picture.shape[1] / MOST_PIXELS_READ))
    if shrink > 1:
        height, width = picture.shape[:2]
        picture = shrunk(picture, max(1, round(width / shrink)), max(1, round(height / shrink)))
    turn = _UPRIGHT.get(_orientation(image))
    if turn is not None:
        picture = np.ascontiguousarray(turn(picture))
    height, width = picture.shape[:2]
    return Sheet(number, of, width, height, picture, shrunk=math.sqrt(whole / (height * width)))


def _orientation(image: ImageFile.ImageFile) -> int:
    """EXIF's orientation, 1 to 8; 1 where a format's decoder has turned the picture already."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  # broken EXIF beside good pixels is no reason to refuse them
        return 1
    return found if isinstance(found, int) else 1


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
    """Any Pillow image as (H, W, 3) uint8: more than 8 bits to 8, transparency on white.

    Where nothing that can be seen is dark, as in light print of a dark screen, it lies on black.
    """
    if image.mode.startswith("I"):
        # 16-bit grey is "I;16", or "I": 32 bits that hold 16. Some scanners fill only 12 of them.
        deep = np.asarray(image).clip(0, 65535)
        return _grey((deep >> max(0, int(deep.max(initial=0)).bit_length() - 8)).astype(np.uint8))
    if image.mode == "F":
        return _grey(_stretched(np.asarray(image)))
    if image.mode == "L" and not image.has_transparency_data:
        # Pillow takes ten times as long to make three channels of one.
        return _grey(np.asarray(image))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "black" if _is_light(image) else "white")
        image = Image.alpha_composite(paper, image)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _is_light(image: Image.Image) -> bool:
    step = max(1, min(image.size) // _SAMPLE_SIDE)
    sample = np.asarray(image)[::step, ::step]
    seen = sample[sample[:, :, 3] > 127][:, :3].mean(axis=1)
    return seen.size > 0 and float(np.percentile(seen, 2)) > 127


def _grey(samples: NDArray[np.uint8]) -> Picture:
    return np.asarray(cv2.cvtColor(samples, cv2.COLOR_GRAY2RGB), np.uint8)


def _stretched(samples: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Fractions have no white of their own: the brightest is taken for it."""
    finite = np.nan_to_num(samples, posinf=0, neginf=0).clip(0)
    return (finite * (255 / max(float(finite.max(initial=0)), 1e-9))).astype(np.uint8)
