import cv2
import numpy as np
import pytest

from pipeline.imaging.binarise import binarise
from pipeline.imaging.components import digit_height, find_components
from pipeline.imaging.deskew import apply_levelling, estimate_skew, level
from pipeline.imaging.level import level_print
from pipeline.imaging.picture import LARGE_PAGE, Grey, Picture
from tests.unit.imaging.printing import grey_of, printed, table

WHITE = (255, 255, 255)


def turned(picture: Picture, degrees: float) -> Picture:
    """Turned clockwise, so that it takes so many degrees counter-clockwise to level it."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderValue=WHITE))


def profile(grey: Grey) -> float:
    """Energy of the ink's projection on the rows."""
    return float(((grey < 128).sum(axis=1).astype(np.float64) ** 2).sum())


@pytest.mark.parametrize("degrees", [-9.0, -2.5, 0.0, 0.7, 4.0, 12.0])
def test_skew_is_found_within_a_fifth_of_a_degree(degrees: float) -> None:
    ink = binarise(grey_of(turned(printed(table()), degrees)))
    pieces, _ = find_components(ink)
    assert estimate_skew(pieces) == pytest.approx(degrees, abs=0.2)


def test_page_without_text_has_no_skew() -> None:
    pieces, _ = find_components(np.zeros((200, 200), np.uint8))
    assert estimate_skew(pieces) == 0.0


def test_lines_that_sag_are_straightened() -> None:
    flat = grey_of(printed(table()))
    height, width = flat.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    sag = 18 * ((x / width - 0.5) * 2) ** 2
    bent = np.asarray(
        cv2.remap(flat, x, y + sag.astype(np.float32), cv2.INTER_LINEAR, borderValue=255), np.uint8
    )
    pieces, _ = find_components(binarise(bent))
    levelling = level(pieces, digit_height(pieces), width, height)
    assert levelling.bend
    straight = apply_levelling(bent, levelling)
    assert profile(straight) > 1.2 * profile(bent)


def test_large_page_is_not_bent_for_what_strays_where_no_letter_stands() -> None:
    flat = grey_of(printed(table(), width=2000, height=3000))
    height, width = flat.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    sag = 24 * np.maximum(0, x / width - 0.3).astype(np.float32) ** 2
    bent = np.asarray(cv2.remap(flat, x, y + sag, cv2.INTER_LINEAR, borderValue=255), np.uint8)
    pieces, _ = find_components(binarise(bent))
    digit = digit_height(pieces)
    assert level(pieces, digit, width, height).bend == ()
    assert level(pieces, digit, width, LARGE_PAGE // width - 1).bend


def test_level_page_leads_back_to_the_page_that_was_given() -> None:
    page = turned(printed([*table(), (80, 640, "Total 240")]), 3.0)
    print_ = level_print(page)
    height, width = print_.grey.shape
    middle = print_.to_page @ (width / 2, height / 2, 1)
    assert np.abs(middle[:2] / middle[2] - (450, 350)).max() < 4
