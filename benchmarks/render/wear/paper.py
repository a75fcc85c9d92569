"""What happens to a sheet: age, folds, a scanner's lid and a book's spine."""

import cv2
import numpy as np

from benchmarks.render.raster import Raster, as_raster, clipped, lit

_DARK = 100
_A4 = (3508, 2480)
"""Pixels of an A4 sheet at 300 dpi, what scanners and Tesseract want: its height and width."""
_A4_MARGIN = 120
"""Pixels, about a centimetre."""


def paper(page: Raster) -> tuple[float, float, float]:
    """The page's own ground, taken from its rim."""
    rim = np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]])
    blue, green, red = np.median(rim, axis=0).tolist()
    return blue, green, red


def with_margin(page: Raster, chance: np.random.Generator) -> Raster:
    """On a sheet of its own colour that is a little larger."""
    height, width = page.shape[:2]
    top, bottom = (int(chance.uniform(0.01, 0.05) * height) for _ in range(2))
    left, right = (int(chance.uniform(0.02, 0.08) * width) for _ in range(2))
    return as_raster(
        cv2.copyMakeBorder(page, top, bottom, left, right, cv2.BORDER_CONSTANT, value=paper(page))
    )


def on_a4(page: Raster) -> Raster:
    """Printed on a white A4 sheet at 300 dpi, from its top; smaller where it would not fit."""
    height, width = _A4
    room = (height - 2 * _A4_MARGIN, width - 2 * _A4_MARGIN)
    scale = min(1.0, room[0] / page.shape[0], room[1] / page.shape[1])
    fitting = as_raster(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    sheet = np.full((height, width, 3), 255, np.uint8)
    left = (width - fitting.shape[1]) // 2
    sheet[_A4_MARGIN : _A4_MARGIN + fitting.shape[0], left : left + fitting.shape[1]] = fitting
    return sheet


def rotated(page: Raster, degrees: float, ground: tuple[float, float, float]) -> Raster:
    """Turned about its centre, counter-clockwise positive, on a canvas that holds it all."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(height * sine + width * cosine), int(height * cosine + width * sine)
    turn[:, 2] += ((wide - width) / 2, (high - height) / 2)
    return as_raster(
        cv2.warpAffine(page, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=ground)
    )


def gutter_shadow(page: Raster, chance: np.random.Generator) -> Raster:
    """The dark strip beside a book's spine, or a sheet's far edge."""
    width = page.shape[1]
    reach = chance.uniform(0.06, 0.16) * width
    distance = np.arange(width, dtype=np.float32)
    if chance.random() < 0.5:
        distance = distance[::-1]
    light = 1 - chance.uniform(0.35, 0.7) * np.exp(-distance / reach)
    return lit(page, light[None, :].astype(np.float32))


def border(page: Raster, chance: np.random.Generator) -> Raster:
    """The scanner's lid, dark, around the sheet."""
    top, bottom, left, right = (int(chance.uniform(0, 0.02) * page.shape[1]) for _ in range(4))
    dark = float(chance.uniform(15, 70))
    return as_raster(
        cv2.copyMakeBorder(
            page, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(dark, dark, dark)
        )
    )


def faint(page: Raster, strength: float) -> Raster:
    """Ink that has paled towards its paper; a dark page, which is a screen, pales less."""
    ground = np.array(paper(page), dtype=np.float32)
    if ground.mean() < _DARK:
        strength = (1 + strength) / 2
    return clipped(ground + (page.astype(np.float32) - ground) * strength)


def creased(page: Raster, chance: np.random.Generator) -> Raster:
    """A fold: a thin line lighter or darker than its page, one side of it in shade."""
    height, width = page.shape[:2]
    lying = chance.random() < 0.6
    long, across = (width, height) if lying else (height, width)
    at = chance.uniform(0.1, 0.9) * across + chance.uniform(-0.03, 0.03) * np.arange(long)
    distance = np.arange(across, dtype=np.float32)[:, None] - at[None, :].astype(np.float32)
    fold = chance.uniform(-0.35, 0.3) * np.exp(-((distance / chance.uniform(0.8, 1.8)) ** 2))
    shade = (
        -chance.uniform(0.03, 0.1) * np.exp(-np.abs(distance) / (0.04 * across)) * (distance > 0)
    )
    light = (1 + fold + shade).astype(np.float32)
    return lit(page, light if lying else np.ascontiguousarray(light.T))


def stained(page: Raster, chance: np.random.Generator) -> Raster:
    """Paper that has yellowed and darkened unevenly."""
    height, width = page.shape[:2]
    blots = chance.standard_normal((6, 5), dtype=np.float32)
    light = 1 + 0.05 * cv2.resize(blots, (width, height), interpolation=cv2.INTER_CUBIC)
    tint = np.array([chance.uniform(0.82, 1), chance.uniform(0.94, 1), 1], dtype=np.float32)
    return clipped(page * (light - 0.04)[..., None] * tint)
