"""Wear: what scanners, phones and bad copies do to a page.

Every step takes and gives a (H, W, 3) uint8 picture and draws from a numpy generator, so that a
seed gives the same card again.
"""

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.render.raster import Raster, as_raster
from benchmarks.render.wear.camera import blurred, curled, grey, noisy, on_a_desk, shadowed, tinted
from benchmarks.render.wear.file import TURNED_RIGHT, PictureFile, jpeg, png, sometimes_turned, webp
from benchmarks.render.wear.paper import (
    border,
    creased,
    faint,
    gutter_shadow,
    on_a4,
    paper,
    rotated,
    stained,
    with_margin,
)


def _clean(page: Raster, _chance: np.random.Generator) -> PictureFile:
    return png(page)


def _a4(page: Raster, _chance: np.random.Generator) -> PictureFile:
    return webp(on_a4(page))


def _scan(page: Raster, chance: np.random.Generator) -> PictureFile:
    sheet = with_margin(page, chance)
    sheet = rotated(sheet, float(chance.uniform(-2.2, 2.2)), paper(sheet))
    if chance.random() < 0.5:
        sheet = gutter_shadow(sheet, chance)
    if chance.random() < 0.6:
        sheet = border(sheet, chance)
    sheet = blurred(sheet, float(chance.uniform(0.4, 0.9)))
    sheet = noisy(sheet, float(chance.uniform(2, 7)), chance)
    if chance.random() < 0.5:
        sheet = grey(sheet)
    return jpeg(sometimes_turned(sheet, chance), int(chance.integers(68, 90)))


def _photo(page: Raster, chance: np.random.Generator) -> PictureFile:
    picture = on_a_desk(curled(page, chance), chance)
    picture = shadowed(picture, chance)
    picture = blurred(picture, float(chance.uniform(0.5, 1.2)))
    picture = noisy(picture, float(chance.uniform(2, 6)), chance)
    picture = tinted(picture, chance)
    quality = int(chance.integers(62, 88))
    if chance.random() < 0.12:
        # As phones do: the sensor's picture lies on its side, and a tag says so.
        lying = as_raster(cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE))
        return jpeg(lying, quality, TURNED_RIGHT)
    return jpeg(sometimes_turned(picture, chance), quality)


def _poor(page: Raster, chance: np.random.Generator) -> PictureFile:
    sheet = faint(page, float(chance.uniform(0.45, 0.8)))
    for _ in range(int(chance.integers(0, 4))):
        sheet = creased(sheet, chance)
    sheet = stained(sheet, chance)
    sheet = rotated(sheet, float(chance.uniform(-1.5, 1.5)), paper(sheet))
    sheet = blurred(sheet, float(chance.uniform(0.3, 0.7)))
    sheet = noisy(sheet, float(chance.uniform(3, 9)), chance)
    return jpeg(sometimes_turned(sheet, chance), int(chance.integers(28, 52)))


LEVELS: dict[str, Callable[[Raster, np.random.Generator], PictureFile]] = {
    "clean": _clean,
    "a4": _a4,
    "scan": _scan,
    "photo": _photo,
    "poor": _poor,
}
USUAL_LEVELS = ("clean", "scan", "photo", "poor")
"""Those that cards come in unless something else is asked for; `a4` is a clean one on paper."""
TEXT_HEIGHT = {
    "clean": (17, 30),
    # 9 and 10 points at 300 dpi.
    "a4": (37.5, 41.7),
    "scan": (20, 32),
    "photo": (26, 36),
    "poor": (12.5, 15.5),
}
"""Font size that a card of a level is rendered at, in pixels: between these two."""


def worn(page: Raster, level: str, seed: int) -> PictureFile:
    """The page's file after the wear of a level.

    Args:
        page: (H, W, 3), as rendered.
        level: one of `LEVELS`.
        seed: the same seed wears the same page alike.
    """
    return LEVELS[level](page, np.random.default_rng(seed))
