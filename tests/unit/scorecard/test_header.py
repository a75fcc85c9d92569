from collections.abc import Callable

import pytest

from pipeline.scorecard.header import TableKind, header_of
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Column

RowOf = Callable[[str], Row]


@pytest.mark.parametrize(
    ("line", "kind", "columns"),
    [
        (
            "Batting    R   B   M   4s   6s   SR",
            TableKind.BATTING,
            [
                Column.NAME,
                Column.RUNS,
                Column.BALLS,
                Column.MINUTES,
                Column.FOURS,
                Column.SIXES,
                Column.STRIKE_RATE,
            ],
        ),
        (
            "BATSMAN   HOW OUT    BOWLER    RUNS",
            TableKind.BATTING,
            [Column.NAME, Column.HOW_OUT, Column.BOWLER, Column.RUNS],
        ),
        (
            "#   Batsman   How Out   Bowler   Runs   Balls   4s   6s   S/R",
            TableKind.BATTING,
            [
                Column.INDEX,
                Column.NAME,
                Column.HOW_OUT,
                Column.BOWLER,
                Column.RUNS,
                Column.BALLS,
                Column.FOURS,
                Column.SIXES,
                Column.STRIKE_RATE,
            ],
        ),
        (
            "Bowling   O   M   R   W   ECON   0s   4s   6s   WD   NB",
            TableKind.BOWLING,
            [
                Column.NAME,
                Column.OVERS,
                Column.MAIDENS,
                Column.RUNS,
                Column.WICKETS,
                Column.ECONOMY,
                Column.DOTS,
                Column.FOURS,
                Column.SIXES,
                Column.WIDES,
                Column.NO_BALLS,
            ],
        ),
        (
            "Bowler   Overs   Mdns   Runs   Wkts   Wd   Nb   Econ",
            TableKind.BOWLING,
            [
                Column.NAME,
                Column.OVERS,
                Column.MAIDENS,
                Column.RUNS,
                Column.WICKETS,
                Column.WIDES,
                Column.NO_BALLS,
                Column.ECONOMY,
            ],
        ),
        ("Fall of Wickets    Score    Over", TableKind.FALL, [Column.SCORE, Column.OVER]),
        (
            "Batter   R   8   45   6s   SR",
            TableKind.BATTING,
            [
                Column.NAME,
                Column.RUNS,
                Column.BALLS,
                Column.FOURS,
                Column.SIXES,
                Column.STRIKE_RATE,
            ],
        ),
        (
            "Bowler   Oo   M   R   Ww   ER",
            TableKind.BOWLING,
            [
                Column.NAME,
                Column.OVERS,
                Column.MAIDENS,
                Column.RUNS,
                Column.WICKETS,
                Column.ECONOMY,
            ],
        ),
    ],
)
def test_heads_are_recognised(
    row_of: RowOf, line: str, kind: TableKind, columns: list[Column]
) -> None:
    header = header_of(row_of(line))
    assert header is not None
    assert header.kind is kind
    assert [heading.column for heading in header.headings] == columns


@pytest.mark.parametrize(
    "line",
    [
        "UT Khawaja   195   368   19   1   52.99",
        "lbw b M Muralitharan",
        "c R Dravid b A Kumble",
        "O M Ali   4   0   31   2",
        "Pakistan Batting",
        "Total (20 overs)   170/7",
        "Extras (b 4, lb 2)   6",
        "4   6   0",
    ],
)
def test_other_rows_are_no_heads(row_of: RowOf, line: str) -> None:
    assert header_of(row_of(line)) is None


def test_a_bowlers_column_makes_no_bowling_table(row_of: RowOf) -> None:
    header = header_of(row_of("Bowler   Runs   Balls   4s   6s   SR"))
    assert header is not None
    assert header.kind is TableKind.BATTING


def test_the_side_may_stand_in_the_head(row_of: RowOf) -> None:
    header = header_of(row_of("India    R   B   4s   6s   SR"))
    assert header is not None
    assert [word.text for word in header.title] == ["India"]


def test_a_number_before_many_heads_is_dirt(row_of: RowOf) -> None:
    header = header_of(row_of("06   Overs   Mdns   Runs   Wkts   wd   Nb   Econ"))
    assert header is not None
    assert header.kind is TableKind.BOWLING
    assert header_of(row_of("06   Runs   Balls   SR")) is None
