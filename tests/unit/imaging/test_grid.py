import numpy as np
import pytest

from pipeline.imaging.grid import ruled_lines
from pipeline.imaging.picture import Grey
from tests.unit.imaging.printing import grey_of, printed, table

DIGIT = 18.0


def page(rule: int) -> tuple[Grey, np.ndarray]:
    """A ruled table in grey, and where its rules are."""
    text = grey_of(printed(table()))
    rules = np.zeros(text.shape, bool)
    for row in range(60, 600, 60):
        rules[row : row + 2, 40:860] = True
    for column in (40, 470, 580, 690, 858):
        rules[60:540, column : column + 2] = True
    return np.where(rules, np.minimum(text, rule), text).astype(np.uint8), rules


@pytest.mark.parametrize("darkness", [0, 120, 200])
def test_rules_are_found_however_faint(darkness: int) -> None:
    ruled, rules = page(darkness)
    found = ruled_lines(ruled, DIGIT) > 0
    assert (found & rules).sum() > 0.97 * rules.sum()


def test_text_is_no_rule() -> None:
    text = grey_of(printed(table()))
    ink = text < 128
    assert (ruled_lines(text, DIGIT)[ink] > 0).mean() < 0.01
