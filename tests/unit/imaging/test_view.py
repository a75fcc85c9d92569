from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.errors import UnreadableImage
from pipeline.imaging.decode import decode
from pipeline.imaging.view import ViewedPage, view_page
from pipeline.options import Limits

CARDS = Path(__file__).parents[2] / "cards" / "images"


def png_with_a_dot(x: int, y: int) -> bytes:
    picture = np.full((400, 600, 3), 255, np.uint8)
    picture[y - 3 : y + 3, x - 3 : x + 3] = 0
    return cv2.imencode(".png", picture)[1].tobytes()


def seen(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def test_the_page_is_cut_out_and_turned_as_its_reading_found_it() -> None:
    # A page of 200 x 100 that lies at (50, 300), a quarter turned, twice as large as the picture.
    to_picture = (0.0, 0.5, 50.0, -0.5, 0.0, 300.0, 0.0, 0.0, 1.0)
    page = ViewedPage(1, 200, 100, to_picture)
    view = seen(view_page(png_with_a_dot(70, 250), page, Limits(), 1000))
    assert view.shape == (100, 200)
    # (70, 250) = to_picture (100, 40).
    assert view[40, 100] < 60
    assert view[20, 20] > 200


def test_a_large_page_is_made_smaller_and_keeps_its_proportions() -> None:
    page = ViewedPage(1, 600, 400, None)
    view = seen(view_page(png_with_a_dot(300, 200), page, Limits(), 300))
    assert view.shape == (200, 300)
    assert view[100, 150] < 100


def test_a_page_of_text_is_rendered_in_the_pixels_of_its_boxes() -> None:
    content = (CARDS / "pdf_text.pdf").read_bytes()
    sheet = next(iter(decode(content, Limits())))
    page = ViewedPage(1, sheet.width, sheet.height, None)
    view = seen(view_page(content, page, Limits(), 4000))
    assert view.shape == (sheet.height, sheet.width)
    letters = [glyph for glyph in sheet.glyphs if glyph.text.isalnum()]
    inked = sum(
        np.ptp(view[int(g.top) - 1 : int(g.bottom) + 2, int(g.left) : int(g.right) + 1]) > 90
        for g in letters
    )
    assert inked >= 0.98 * len(letters)


def test_a_page_that_the_file_does_not_have_is_no_picture() -> None:
    with pytest.raises(UnreadableImage, match="no page 7"):
        view_page(png_with_a_dot(9, 9), ViewedPage(7, 600, 400, None), Limits(), 300)
