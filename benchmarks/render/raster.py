"""The pictures' type, and arithmetic that keeps to it."""

import numpy as np
from numpy.typing import NDArray

Raster = NDArray[np.uint8]
"""(H, W, 3), blue first, as OpenCV has it."""
Light = NDArray[np.float32]
"""(H, W), or one that spreads to it; 1 = leaves what it falls on as it is."""


def lit(page: Raster, light: Light) -> Raster:
    """Under light that differs from place to place."""
    return clipped(page * light[..., None])


def clipped(values: NDArray[np.floating]) -> Raster:
    """Rounded, and held between black and white."""
    raster: Raster = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return raster


def as_raster(picture: object) -> Raster:
    """OpenCV's result as the type that it has."""
    return np.asarray(picture, dtype=np.uint8)
