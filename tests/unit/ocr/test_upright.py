import numpy as np
import pytest

from pipeline.imaging.binarise import binarise
from pipeline.imaging.level import level_print
from pipeline.imaging.picture import Picture
from pipeline.imaging.runs import Layout, lay_out
from pipeline.ocr.engines import open_engine
from pipeline.ocr.upright import is_upside_down
from tests.unit.imaging.printing import printed, table

LATIN = [(80, 100 + 60 * row, f"Chandrasekhar Subrahmanyan {row}") for row in range(8)]
NUMBERS = [(100 + 150 * c, 100 + 60 * r, str(96 + 11 * r * c)) for r in range(9) for c in range(5)]


def layout_of(picture: Picture) -> Layout:
    print_ = level_print(np.ascontiguousarray(picture))
    return lay_out(print_, binarise(print_.grey))


@pytest.mark.parametrize("placed", [LATIN, table()], ids=["names", "table"])
def test_page_is_upside_down_when_it_reads_better_the_other_way(
    placed: list[tuple[int, int, str]],
) -> None:
    engine = open_engine("auto", "eng")
    picture = printed(placed)
    assert not is_upside_down(engine, layout_of(picture))
    assert is_upside_down(engine, layout_of(picture[::-1, ::-1]))


@pytest.mark.parametrize("placed", [[], NUMBERS], ids=["blank", "numbers"])
def test_page_that_nobody_could_tell_stays_as_it_is(placed: list[tuple[int, int, str]]) -> None:
    engine = open_engine("auto", "eng")
    picture = printed(placed)
    assert not is_upside_down(engine, layout_of(picture))
    assert not is_upside_down(engine, layout_of(picture[::-1, ::-1]))
