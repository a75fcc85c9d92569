"""What happens before and in a lens: angle, light, blur, noise."""

import math

import cv2
import numpy as np

from benchmarks.render.raster import Raster, as_raster, clipped, lit

TWELVE_MEGAPIXELS = 12_000_000


def curled(page: Raster, chance: np.random.Generator) -> Raster:
    """A sheet that does not lie flat: its lines bend a little."""
    height, width = page.shape[:2]
    bend = chance.uniform(-0.006, 0.006) * width
    x = np.linspace(0, math.pi, width, dtype=np.float32)
    rows = np.arange(height, dtype=np.float32)[:, None] + (bend * np.sin(x))[None, :]
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), (height, width))
    return as_raster(
        cv2.remap(
            page,
            columns.copy(),
            rows.astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def on_a_desk(
    page: Raster, chance: np.random.Generator, most_pixels: int = TWELVE_MEGAPIXELS
) -> Raster:
    """Seen at an angle, with desk around it."""
    height, width = page.shape[:2]
    margin = chance.uniform(0.04, 0.12, size=2) * (width, height)
    wide, high = int(width + 2 * margin[0]), int(height + 2 * margin[1])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    tilt = chance.uniform(-0.045, 0.045, size=(4, 2)) * min(width, height)
    turn = math.radians(float(chance.uniform(-3, 3)))
    spin = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    centre = np.array([width / 2, height / 2])
    seen = (corners - centre) @ spin.T + centre + tilt + margin
    seen -= np.minimum(seen.min(axis=0), 0)
    wide, high = max(wide, int(seen[:, 0].max()) + 2), max(high, int(seen[:, 1].max()) + 2)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    ground = desk(high, wide, chance)
    sheet = cv2.warpPerspective(page, matrix, (wide, high), flags=cv2.INTER_CUBIC)
    covered = cv2.warpPerspective(
        np.full((height, width), 255, np.uint8), matrix, (wide, high), flags=cv2.INTER_LINEAR
    )
    cover = covered.astype(np.float32)[..., None] / 255
    picture = clipped(ground * (1 - cover) + sheet * cover)
    shrink = math.sqrt(most_pixels / (wide * high))
    if shrink < 1:
        size = int(wide * shrink), int(high * shrink)
        picture = as_raster(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return picture


def desk(height: int, width: int, chance: np.random.Generator) -> Raster:
    """Wood, cloth or stone: coarse noise about a colour, with a grain."""
    colour = np.array(
        [[60, 90, 130], [95, 95, 95], [45, 60, 50], [170, 185, 195]][int(chance.integers(4))],
        dtype=np.float32,
    )
    coarse = chance.standard_normal((max(2, height // 90), max(2, width // 90)), dtype=np.float32)
    grain = chance.standard_normal((max(2, height // 6), 3), dtype=np.float32)
    texture = 9 * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    texture = texture + 5 * cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    return clipped(colour + texture[..., None])


def shadowed(picture: Raster, chance: np.random.Generator) -> Raster:
    """Lit from one side, and the shadow of a hand or a phone across it."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:1:64j, 0:1:64j].astype(np.float32)
    angle = chance.uniform(0, 2 * math.pi)
    light = 1 + chance.uniform(0.05, 0.22) * ((x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle))
    if chance.random() < 0.6:
        across = chance.uniform(0, 2 * math.pi)
        edge = (x - chance.uniform(0.3, 0.7)) * np.cos(across) + (y - 0.5) * np.sin(across)
        light *= 1 - chance.uniform(0.15, 0.45) / (1 + np.exp(-edge * chance.uniform(12, 50)))
    light *= chance.uniform(0.75, 1.05)
    return lit(picture, cv2.resize(light.astype(np.float32), (width, height)))


def tinted(picture: Raster, chance: np.random.Generator) -> Raster:
    """White balance that is a little off."""
    return clipped(
        picture.astype(np.float32) * chance.uniform(0.92, 1.04, size=3).astype(np.float32)
    )


def blurred(page: Raster, sigma: float) -> Raster:
    """Out of focus by a Gaussian of so many pixels."""
    return as_raster(cv2.GaussianBlur(page, (0, 0), sigma))


def noisy(page: Raster, sigma: float, chance: np.random.Generator) -> Raster:
    """With the sensor's noise, in grey levels (standard deviation)."""
    noise = chance.standard_normal(page.shape[:2], dtype=np.float32) * sigma
    return clipped(page.astype(np.float32) + noise[..., None])


def grey(page: Raster) -> Raster:
    """Without colour."""
    return as_raster(cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))
