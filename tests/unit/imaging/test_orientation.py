import numpy as np
import pytest

from pipeline.imaging.binarise import binarise
from pipeline.imaging.components import find_components
from pipeline.imaging.level import level_print
from pipeline.imaging.normalise import normalise
from pipeline.imaging.orientation import is_sideways, turned
from pipeline.imaging.page import FlatPage
from pipeline.imaging.picture import Picture
from tests.unit.imaging.printing import BLACK, WHITE, printed, table


def page_of(picture: Picture) -> FlatPage:
    return FlatPage(np.ascontiguousarray(picture), np.eye(3))


def lies_sideways(picture: Picture) -> bool:
    pieces, _ = find_components(binarise(normalise(np.ascontiguousarray(picture), 18.0)))
    return is_sideways(pieces, picture.shape[1], picture.shape[0])


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
        assert level_print(np.rot90(picture, quarters)).grey.shape == picture.shape[:2]
    for quarters in (1, 3):
        laid = level_print(np.ascontiguousarray(np.rot90(picture, quarters)))
        assert laid.grey.shape == picture.shape[:2]
        # Its upper left corner was the upper right one.
        assert laid.to_page @ (0, 0, 1) == pytest.approx((picture.shape[0], 0, 1), abs=5)


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
    assert not lies_sideways(picture)


def test_columns_of_numbers_are_not_taken_for_lines() -> None:
    numbers = [
        (300 + 90 * c, 60 + 34 * r, str((7 * r + c) % 90)) for r in range(18) for c in range(5)
    ]
    assert not lies_sideways(printed(numbers))
