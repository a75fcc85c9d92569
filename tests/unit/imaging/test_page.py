import cv2
import numpy as np

from pipeline.imaging.page import find_sheet, flatten
from pipeline.imaging.picture import Picture
from tests.unit.imaging.printing import printed, table

CORNERS = np.array([(160, 90), (1010, 150), (980, 880), (120, 820)], np.float32)


def photo(corners: np.ndarray = CORNERS) -> Picture:
    """A printed page on a dark, grainy table."""
    sheet = printed(table())
    height, width = sheet.shape[:2]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners)
    desk = np.random.default_rng(5).normal(60, 6, (950, 1150, 3)).clip(0, 255).astype(np.uint8)
    page = cv2.warpPerspective(sheet, matrix, (1150, 950), borderValue=(0, 0, 0))
    shape = cv2.warpPerspective(np.ones((height, width), np.uint8), matrix, (1150, 950))
    return np.where(shape[:, :, None] > 0, page, desk)


def test_sheet_on_a_photo_is_found_by_its_corners() -> None:
    found = find_sheet(photo())
    assert found is not None
    assert np.abs(found - CORNERS).max() < 6


def test_sheet_is_turned_flat_and_leads_back_to_the_photo() -> None:
    flat = flatten(photo())
    height, width = flat.picture.shape[:2]
    assert abs(width / height - 900 / 700) < 0.15
    back = flat.to_picture @ (width, height, 1)
    assert np.abs(back[:2] / back[2] - CORNERS[2]).max() < 6


def test_screenshot_is_left_as_it_is() -> None:
    picture = printed(table())
    assert find_sheet(picture) is None
    assert flatten(picture).picture is picture


def test_panel_of_a_screenshot_is_no_sheet() -> None:
    picture = np.full((700, 1000, 3), 30, np.uint8)
    picture[100:600, 100:900] = 220
    assert find_sheet(picture) is None


def test_sheet_whose_edge_is_cut_off_by_the_photo_is_not_sure() -> None:
    beyond = CORNERS.copy()
    beyond[:, 0] -= 200
    assert find_sheet(photo(beyond)) is None
