from collections.abc import Callable

import pytest

from pipeline.scorecard.passage import Passage
from pipeline.scorecard.totals import read_total


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Total (131 Overs, RR: 3.63)    475/4", (475, 4, "131")),
        ("Total (108 Overs, RR: 2.36)    255", (255, None, "108")),
        ("TOTAL (for 9 wkts, 33 overs)   101", (101, 9, "33")),
        ("TOTAL (all out, 79.5 overs)    249", (249, 10, "79.5")),
        ("TOTAL (all out, 79 5 overs)    249", (249, 10, "79.5")),
        ("TOTAL: 8 wickets, 20 overs     136", (136, 8, "20")),
        ("Total  198-10 (65.3 overs)", (198, 10, "65.3")),
        ("Total  42-2 (3.0) 14.00", (42, 2, "3.0")),
        ("Total: 191 (4 wkts, 20 Ov)", (191, 4, "20")),
        ("Total  20 Ov (RR: 8.90)   178/6", (178, 6, "20")),
        ("Total (20 Ov, RR: 8.4) 168/6", (168, 6, "20")),
        ("Total 168/6d", (168, 6, None)),
        ("Total 168 for 6", (168, 6, None)),
        ("TOTAL 179-4", (179, 4, None)),
        ("Total 174-4 (20)", (174, 4, "20")),
        ("Total 174-10 (20)", (174, 10, "20")),
        ("ALL OUT 243", (243, 10, None)),
        ("OVERS 92", (None, None, "92")),
        ("Total 1107", (1107, None, None)),
    ],
)
def test_totals_are_read_in_their_many_forms(
    passage_of: Callable[[str], Passage],
    line: str,
    expected: tuple[int | None, int | None, str | None],
) -> None:
    total = read_total(passage_of(line))
    assert total is not None
    read = (
        total.runs.value if total.runs else None,
        total.wickets.value if total.wickets else None,
        str(total.overs.value) if total.overs else None,
    )
    assert read == expected


def test_a_stroke_read_as_one_is_only_a_guess(passage_of: Callable[[str], Passage]) -> None:
    total = read_total(passage_of("Total (131 Overs, RR: 3.63)   47514"))
    assert total is not None
    assert total.runs is not None
    assert total.wickets is not None
    assert (total.runs.value, total.wickets.value) == (475, 4)
    assert total.runs.confidence < 0.5


def test_a_total_without_a_number_is_none(passage_of: Callable[[str], Passage]) -> None:
    assert read_total(passage_of("Total")) is None


@pytest.mark.parametrize(
    ("line", "runs", "wickets"),
    [
        ("Total 168/6d", 168, 6),
        ("Total 168-6", 168, 6),
        ("Total (6 wkts dec) 168", 168, 6),
        ("Total (for 7, 20 overs) 132", 132, 7),
        ("Total (for 10, 18.5 overs) 82", 82, 10),
        ("Total (all out, 90.1 overs) 365", 365, 10),
    ],
)
def test_wickets_are_told_in_the_forms_of_the_trade(
    passage_of: Callable[[str], Passage], line: str, runs: int, wickets: int
) -> None:
    total = read_total(passage_of(line))
    assert total is not None
    assert total.runs is not None
    assert total.wickets is not None
    assert (total.runs.value, total.wickets.value) == (runs, wickets)
