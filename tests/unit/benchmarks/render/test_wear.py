import io

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.render.raster import Raster
from benchmarks.render.wear import LEVELS, worn
from benchmarks.render.wear.camera import on_a_desk
from benchmarks.render.wear.file import sometimes_turned
from benchmarks.render.wear.paper import faint, on_a4, rotated


def page(height: int = 300, width: int = 240) -> Raster:
    sheet = np.full((height, width, 3), 250, np.uint8)
    for top in range(20, height - 20, 24):
        cv2.putText(sheet, "JE Root 45", (12, top), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 2)
    return sheet


@pytest.mark.parametrize("level", LEVELS)
def test_same_seed_wears_a_page_alike_and_another_does_not(level: str) -> None:
    one, again, other = (worn(page(), level, seed) for seed in (3, 3, 4))
    assert one == again
    assert (one == other) == (level in {"clean", "a4"})


@pytest.mark.parametrize("level", LEVELS)
def test_worn_page_is_a_picture_with_ink_on_it(level: str) -> None:
    file = worn(page(), level, 1)
    picture = np.asarray(Image.open(io.BytesIO(file.content)).convert("L"), dtype=np.float64)
    assert min(picture.shape) >= 200
    assert (picture < picture.max() - 40).sum() > 1000


def test_photo_has_no_more_pixels_than_its_camera() -> None:
    picture = on_a_desk(page(500, 400), np.random.default_rng(1), most_pixels=50_000)
    assert 48_000 < picture.shape[0] * picture.shape[1] <= 50_000


def test_some_pages_lie_on_their_side_and_most_do_not() -> None:
    sheet, chance = page(30, 20), np.random.default_rng(1)
    shapes = [sometimes_turned(sheet, chance).shape[:2] for _ in range(200)]
    assert set(shapes) == {(30, 20), (20, 30)}
    assert shapes.count((30, 20)) > 150


def test_turned_sheet_is_not_cut_off() -> None:
    before, after = page(), rotated(page(), 7, (250, 250, 250))
    assert after.shape[0] > before.shape[0]
    assert (after < 128).sum() == pytest.approx((before < 128).sum(), rel=0.1)


def test_faint_ink_is_paler_than_it_was_and_paper_stays() -> None:
    pale = faint(page(), 0.5)
    assert pale.max() == 250
    assert int(pale.min()) == pytest.approx(135, abs=2)


@pytest.mark.parametrize(("height", "width"), [(600, 500), (9000, 2000), (800, 5000)])
def test_a4_sheet_holds_the_whole_page_whatever_its_size(height: int, width: int) -> None:
    card = np.full((height, width, 3), 40, np.uint8)
    sheet = on_a4(card)
    assert sheet.shape == (3508, 2480, 3)
    down, across = np.nonzero(sheet[:, :, 0] < 128)
    shown = (int(np.ptp(down)) + 1, int(np.ptp(across)) + 1)
    assert shown[0] / shown[1] == pytest.approx(height / width, rel=0.01)
    assert min(down.min(), 3507 - down.max(), across.min(), 2479 - across.max()) > 100
    assert shown <= (height, width)
