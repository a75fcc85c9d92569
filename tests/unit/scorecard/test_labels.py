from collections.abc import Callable

import pytest

from pipeline.scorecard.labels import leading_label, split_at_labels
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

RowOf = Callable[[str], Row]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Extras (b 4) 4", Label.EXTRAS),
        ("Extra5 4", Label.EXTRAS),
        ("TOTAL (for 9 wkts) 101", Label.TOTAL),
        ("Fall of wickets: 1-12", Label.FALL_OF_WICKETS),
        ("FOW: 1-12", Label.FALL_OF_WICKETS),
        ("Yet to bat: Boult", Label.DID_NOT_BAT),
        ("Did not Bat", Label.DID_NOT_BAT),
        ("Played at: Lord's", Label.VENUE),
        ("Result: Match drawn", Label.RESULT),
        ("Total:8 wickets", Label.TOTAL),
        ("Result of the toss", None),
        ("TO TAL: 8 wickets", Label.TOTAL),
        ("FALL OF WICKETS 1 59", Label.FALL_OF_WICKETS),
        ("Score", None),
        ("UT Khawaja 195", None),
    ],
)
def test_a_line_says_what_it_is(row_of: RowOf, line: str, label: Label | None) -> None:
    assert leading_label(row_of(line)) is label


def test_a_row_may_hold_several_labels(row_of: RowOf) -> None:
    stretches = split_at_labels(row_of("EXTRAS 24        OVERS 92        ALL OUT 243"))
    assert [(s.label, [w.text for w in s.words]) for s in stretches] == [
        (Label.EXTRAS, ["24"]),
        (Label.OVERS, ["92"]),
        (Label.ALL_OUT, ["243"]),
    ]


def test_a_label_in_brackets_is_none(row_of: RowOf) -> None:
    stretches = split_at_labels(row_of("TOTAL  (for 9 wkts,  33  overs)    101"))
    assert [stretch.label for stretch in stretches] == [Label.TOTAL]


def test_dirt_before_a_label_does_not_hide_it(row_of: RowOf) -> None:
    stretches = split_at_labels(row_of("p  EXTRAS 24"))
    assert [stretch.label for stretch in stretches] == [Label.EXTRAS]
