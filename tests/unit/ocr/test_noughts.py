from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.imaging.components import Components
from pipeline.imaging.picture import Grey
from pipeline.ocr.noughts import are_noughts, outlines_of

WIDTH, HEIGHT, PITCH, SCALE = 10, 14, 20, 8


def draw(page: Grey, left: int, shape: str) -> None:
    """A digit of ten by fourteen pixels, drawn eight times as large."""
    x, y = (left + WIDTH / 2) * SCALE, (3 + HEIGHT / 2) * SCALE
    middle, pen = (round(x), round(y)), 2 * SCALE - 4
    if shape in ("dotted", "open"):
        cv2.ellipse(page, middle, (4 * SCALE, 6 * SCALE), 0, 0, 360, 0, pen)
        if shape == "dotted":
            cv2.circle(page, middle, SCALE + 4, 0, -1)
    else:
        for way in (-1, 1):
            cv2.circle(page, (middle[0], middle[1] + way * 3 * SCALE), 3 * SCALE, 0, pen)


def small_and_blurred(shapes: Sequence[str]) -> tuple[Grey, Components]:
    """A page with these digits in a row, and where they stand."""
    large = np.full(((HEIGHT + 6) * SCALE, (len(shapes) * PITCH + 6) * SCALE), 255, np.uint8)
    left = np.array([3 + PITCH * number for number in range(len(shapes))])
    for at, shape in zip(left, shapes, strict=True):
        draw(large, int(at), shape)
    small = cv2.resize(large, None, fx=1 / SCALE, fy=1 / SCALE, interpolation=cv2.INTER_AREA)
    page = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)
    top = np.full(len(shapes), 3)
    return page, Components(left, top, left + WIDTH, top + HEIGHT, left, left)


def noughts_among(shapes: Sequence[str], *, read: bool = True) -> list[bool]:
    page, digits = small_and_blurred(shapes)
    told = np.full(len(shapes), True)
    told[-1] = read
    return [bool(one) for one in are_noughts(outlines_of(page, digits), told)]


def test_a_nought_with_a_dot_has_no_waist() -> None:
    shapes = ["dotted"] * 8 + ["eight"] * 4
    assert noughts_among(shapes) == [True] * 8 + [False] * 4


def test_where_noughts_are_open_nothing_that_was_read_is_put_in_question() -> None:
    assert not any(noughts_among(["open"] * 8 + ["eight", "dotted"]))


def test_an_open_nought_on_which_readings_differ_is_told() -> None:
    assert noughts_among(["open"] * 9, read=False) == [False] * 8 + [True]


def test_a_page_with_few_noughts_tells_nothing() -> None:
    assert not any(noughts_among(["dotted"] * 3 + ["eight"] * 4))


def test_no_digits_are_no_noughts() -> None:
    page, _ = small_and_blurred(["open"])
    nothing = np.array([], np.int64)
    nobody = Components(nothing, nothing, nothing, nothing, nothing, nothing)
    assert are_noughts(outlines_of(page, nobody), np.array([], np.bool_)).tolist() == []
