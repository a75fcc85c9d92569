import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.normalise import normalise
from pipeline.imaging.panels import find_panels

DIGIT = 18.0
BLUE = (0, 83, 155)
LEFT, TOP, RIGHT, BOTTOM = 200, 100, 276, 162
"""A box hardly larger than its two lines of text."""


def page() -> NDArray[np.uint8]:
    picture = np.full((300, 500, 3), 255, np.uint8)
    picture[TOP:BOTTOM, LEFT:RIGHT] = BLUE
    for line, text in enumerate(("Total", "187")):
        at = (LEFT + 12, TOP + 24 + 26 * line)
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2)
    return picture


def test_light_print_in_a_small_dark_box_becomes_dark_print_on_white() -> None:
    grey = normalise(page(), DIGIT)
    inner = grey[TOP + 6 : BOTTOM - 6, LEFT + 6 : RIGHT - 6]
    rim = np.concatenate([inner[:3].ravel(), inner[:, :3].ravel(), inner[:, -3:].ravel()])
    assert np.percentile(rim, 10) > 230
    print_ = (page()[TOP + 6 : BOTTOM - 6, LEFT + 6 : RIGHT - 6, 0] > 200).sum()
    assert (inner < 128).sum() > 0.6 * print_


def test_a_box_is_found_with_its_colour_and_without_its_letters_as_holes() -> None:
    small = cv2.resize(page(), None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    panels = list(find_panels(np.asarray(small, np.uint8), DIGIT / 3))
    boxes = [panel for panel in panels if panel.left > 50 and panel.right < 100]
    assert len(boxes) == 1
    assert np.abs(boxes[0].colour.astype(int) - BLUE).max() <= 2
    assert boxes[0].mask.mean() > 0.95


def test_a_shadow_is_no_panel() -> None:
    shade = np.linspace(255, 90, 500).astype(np.uint8)
    picture = np.repeat(np.tile(shade, (300, 1))[:, :, None], 3, axis=2)
    small = cv2.resize(picture, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    assert list(find_panels(np.asarray(small, np.uint8), DIGIT / 3)) == []


def test_a_box_within_a_box_keeps_its_own_colour() -> None:
    picture = np.full((300, 500, 3), 255, np.uint8)
    picture[70:190, 140:340] = (230, 230, 230)
    picture[TOP:BOTTOM, LEFT:RIGHT] = BLUE
    small = cv2.resize(picture, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    panels = list(find_panels(np.asarray(small, np.uint8), DIGIT / 3))
    outer, inner = sorted(panels, key=lambda panel: panel.left - panel.right)[:2]
    row, column = (TOP + BOTTOM) // 6 - outer.top, (LEFT + RIGHT) // 6 - outer.left
    assert not outer.mask[row, column]
    assert np.abs(inner.colour.astype(int) - BLUE).max() <= 2
