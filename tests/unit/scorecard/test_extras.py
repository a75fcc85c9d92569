from collections.abc import Callable

import pytest

from pipeline.scorecard.extras import read_extras
from pipeline.scorecard.passage import Passage

KINDS = ("total", "byes", "leg_byes", "wides", "no_balls", "penalty")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Extras (lb 5, w 1, nb 6)   12", (12, None, 5, 1, 6, None)),
        ("EXTRAS  (B 0  LB 3  W 11  NB 0)    14", (14, 0, 3, 11, 0, None)),
        ("EXTRAS  (BO  LB 3  Ww 11  NB 0)    14", (14, 0, 3, 11, 0, None)),
        ("Extras: 3 wd, 1 nb, 0 b, 2 lb    6", (6, 0, 2, 3, 1, None)),
        ("Extras   19 (b 8, lb 7, w 1, nb 3)", (19, 8, 7, 1, 3, None)),
        ("Extras  (9) 0 B, 0 LB, 4 WD, 5 NB, 0 P", (9, 0, 0, 4, 5, 0)),
        ("Extras: 6 (b 0, lb 1, w 5, nb 0, p 0)", (6, 0, 1, 5, 0, 0)),
        ("Extras (b 4, lb 2, w 8, nb 1, p 5) 20", (20, 4, 2, 8, 1, 5)),
        ("Extras (b 4, Ib 2) 6", (6, 4, 2, None, None, None)),
        ("Extras (b4 lb2 w8) 14", (14, 4, 2, 8, None, None)),
        ("Extras: 5wd, 1nb, 0b, 1lb   7", (7, 0, 1, 5, 1, None)),
        ("Extras(b 4, lb 2) 6", (6, 4, 2, None, None, None)),
        ("Extras: 11 (1b 1, w 9, nb 1)", (11, None, 1, 9, 1, None)),
        ("B 1, l-b 6, w 1, n-b 3  11", (11, 1, 6, 1, 3, None)),
        ("B1,1-b 6, w1, n-b3 11", (11, 1, 6, 1, 3, None)),
        ("Extras 7 b 0, Ib 0, w 7, nbO", (7, 0, 0, 7, 0, None)),
        ("Extras 5 wd, Onb, Ob, 4 Ib 9", (9, 0, 4, 5, 0, None)),
        ("Extras 1 wd. i nb. 0b, ilb 3", (3, 0, 1, 1, 1, None)),
        ("Extras 6 b0 Ib5 wi nbO", (6, 0, 5, 1, 0, None)),
        ("Extras (1b9 wi2) 21", (21, None, 9, 12, None, None)),
        ("Extras (b 0, lb 5, wx 1, nb 0) 6", (None, None, None, None, None, None)),
        ("Extras: 4 (b 1, lb 1, Wi-2; nb 0)", (None, None, None, None, None, None)),
        ("Leg byes 4", (None, None, 4, None, None, None)),
        ("No balls 2", (None, None, None, None, 2, None)),
        ("EXTRAS 24", (24, None, None, None, None, None)),
        ("Sundries (w 3)  3", (3, None, None, 3, None, None)),
    ],
)
def test_extras_are_read_in_their_many_orders(
    passage_of: Callable[[str], Passage], line: str, expected: tuple[int | None, ...]
) -> None:
    extras = read_extras(passage_of(line))
    assert extras is not None
    values = tuple(getattr(extras, kind) for kind in KINDS)
    assert tuple(value.value if value else None for value in values) == expected


def test_kinds_and_numbers_whose_words_changed_places_are_paired_in_order(
    passage_of: Callable[[str], Passage],
) -> None:
    extras = read_extras(passage_of("Extras 9 (b Ib 1, 0, w 8, nb 0)"))
    assert extras is not None
    parts = [extras.byes, extras.leg_byes, extras.wides, extras.no_balls]
    assert [part.value if part else None for part in parts] == [1, 0, 8, 0]


def test_a_number_that_two_kinds_may_own_is_given_to_none(
    passage_of: Callable[[str], Passage],
) -> None:
    extras = read_extras(passage_of("Extras 9 (b Ib 1, 0, w 8, nb)"))
    assert extras is not None
    assert extras.total is not None
    assert extras.parts == ()


def test_extras_without_a_number_are_none(passage_of: Callable[[str], Passage]) -> None:
    assert read_extras(passage_of("Extras")) is None
