import numpy as np
import pytest

from pipeline.imaging.orientation import lay_lines_level, turned
from pipeline.imaging.page import FlatPage
from pipeline.imaging.picture import Picture
from tests.unit.imaging.printing import BLACK, WHITE, printed, table


def page_of(picture: Picture) -> FlatPage:
    return FlatPage(np.ascontiguousarray(picture), np.eye(3))


def place_of_corner(page: FlatPage) -> tuple[float, float]:
    """Where a page's upper left corner lies on the picture that was given."""
    x, y, w = page.to_picture @ (0, 0, 1)
    return float(x / w), float(y / w)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turned_page_leads_back_to_the_same_pixel(quarters: int) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (40, 70, 3), dtype=np.uint8)
    page = turned(page_of(picture), quarters)
    for x, y in ((0, 0), (3, 17), (30, 39)):
        # A pixel's middle lies half a pixel from its edges.
        across, down, _ = page.to_picture @ (x + 0.5, y + 0.5, 1)
        assert page.picture[y, x].tolist() == picture[int(down), int(across)].tolist()


@pytest.mark.parametrize("colours", [(BLACK, WHITE), ((240, 240, 250), (12, 20, 60))])
def test_lines_of_text_are_laid_level_from_either_side(
    colours: tuple[tuple[int, int, int], tuple[int, int, int]],
) -> None:
    ink, paper = colours
    picture = printed(table(), ink=ink, paper=paper)
    for quarters in (0, 2):
        stays = lay_lines_level(page_of(np.rot90(picture, quarters)))
        assert stays.picture.shape == picture.shape
        assert place_of_corner(stays) == (0, 0)
    for quarters in (1, 3):
        laid = lay_lines_level(page_of(np.rot90(picture, quarters)))
        assert laid.picture.shape == picture.shape
        assert place_of_corner(laid) == (picture.shape[0], 0)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((300, 200, 3), 255, np.uint8),
        np.full((1, 5000, 3), 128, np.uint8),
        np.random.default_rng(2).integers(0, 255, (900, 700, 3), dtype=np.uint8),
    ],
    ids=["blank", "strip", "noise"],
)
def test_picture_without_lines_of_text_is_not_turned(picture: Picture) -> None:
    assert place_of_corner(lay_lines_level(page_of(picture))) == (0, 0)


def test_columns_of_numbers_are_not_taken_for_lines() -> None:
    numbers = [
        (300 + 90 * c, 60 + 34 * r, str((7 * r + c) % 90)) for r in range(18) for c in range(5)
    ]
    picture = printed(numbers)
    assert lay_lines_level(page_of(picture)).picture.shape == picture.shape
