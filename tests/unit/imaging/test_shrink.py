import cv2
import numpy as np
import pytest

from pipeline.imaging.picture import LARGE_PAGE
from pipeline.imaging.shrink import shrunk


@pytest.mark.parametrize(("width", "height"), [(700, 901), (1024, 512), (333, 2500), (2999, 2001)])
def test_large_picture_is_shrunk_to_the_size_asked_for_and_nothing_in_it_moves(
    width: int, height: int
) -> None:
    across, down = np.meshgrid(np.arange(3001) / 60, np.arange(2003) / 45)
    waves = np.asarray(128 + 60 * np.sin(across) + 60 * np.cos(down), np.uint8)
    assert waves.size >= LARGE_PAGE
    small = shrunk(waves, width, height)
    by_opencv = cv2.resize(waves, (width, height), interpolation=cv2.INTER_AREA)
    assert small.shape == (height, width)
    assert np.abs(small.astype(int) - by_opencv.astype(int)).max() <= 3


def test_colours_stay_apart() -> None:
    red = np.full((2500, 2500, 3), (200, 10, 20), np.uint8)
    assert (shrunk(red, 311, 310) == (200, 10, 20)).all()


def test_small_picture_is_what_opencv_makes_of_it() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (600, 401), dtype=np.uint8)
    by_opencv = cv2.resize(noise, (100, 150), interpolation=cv2.INTER_AREA)
    assert np.array_equal(shrunk(noise, 100, 150), by_opencv)
