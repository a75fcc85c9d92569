import numpy as np
import pytest

from pipeline.imaging.binarise import binarise
from pipeline.imaging.normalise import normalise
from tests.unit.imaging.printing import Colour, printed, table

DIGIT = 18.0


def ink_of_plain_page() -> np.ndarray:
    return binarise(normalise(printed(table()), DIGIT)) > 0


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((255, 255, 255), (0, 0, 0)),
        ((255, 160, 60), (60, 20, 90)),
        ((90, 90, 90), (170, 170, 170)),
        ((200, 30, 30), (30, 120, 30)),
    ],
)
def test_print_of_any_colours_gives_the_same_ink(ink: Colour, paper: Colour) -> None:
    found = binarise(normalise(printed(table(), ink=ink, paper=paper), DIGIT)) > 0
    plain = ink_of_plain_page()
    assert (found & plain).sum() > 0.9 * plain.sum()
    assert (found & ~plain).sum() < 0.25 * plain.sum()


def test_shadow_leaves_no_ink() -> None:
    page = printed(table()).astype(np.float64)
    shade = np.linspace(1.0, 0.35, page.shape[1])[None, :, None]
    found = binarise(normalise((page * shade).astype(np.uint8), DIGIT)) > 0
    plain = ink_of_plain_page()
    assert (found & plain).sum() > 0.9 * plain.sum()
    assert (found & ~plain).sum() < 0.25 * plain.sum()


def test_empty_grainy_paper_has_hardly_any_ink() -> None:
    grain = np.random.default_rng(2).normal(200, 4, (400, 400, 3)).clip(0, 255).astype(np.uint8)
    assert (binarise(normalise(grain, DIGIT)) > 0).mean() < 0.02
