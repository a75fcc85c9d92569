from collections.abc import Callable

from pipeline.ocr.words import Page
from pipeline.scorecard.bands import find_bands, numeric_words
from pipeline.scorecard.columns import divide
from pipeline.scorecard.header import header_of
from pipeline.scorecard.rows import find_rows
from pipeline.scorecard.vocabulary import Column

Typed = Callable[..., Page]

CARD = """
Batting                        R    B   4s   6s       SR
UT Khawaja    not out        195  368   19    1    52.99
DA Warner     c A b B         10   11    2    0    90.91
Imran Khan (1) b C             7    O    0    0     0.00
"""


def table(page: Page) -> list[tuple[list[str], list[str]]]:
    head, *rows = find_rows(page)
    header = header_of(head)
    assert header is not None
    bands = find_bands(header, rows)
    divided = [divide(row, bands, header) for row in rows]
    return [
        (
            [" ".join(w.text for w in cell) for cell in row.texts],
            [" ".join(w.text for w in cell) for cell in row.numbers],
        )
        for row in divided
    ]


def test_numbers_go_to_their_columns_and_words_to_their_cells(typed: Typed) -> None:
    assert table(typed(CARD)) == [
        (["UT Khawaja", "not out"], ["195", "368", "19", "1", "52.99"]),
        (["DA Warner", "c A b B"], ["10", "11", "2", "0", "90.91"]),
        (["Imran Khan (1) b C"], ["7", "O", "0", "0", "0.00"]),
    ]


def test_a_missing_number_leaves_its_column_empty(typed: Typed) -> None:
    rows = table(typed(CARD.replace("    2    0    90.91", "         0    90.91")))
    assert rows[1][1] == ["10", "11", "", "0", "90.91"]


def test_columns_may_be_centred(typed: Typed) -> None:
    page = typed(
        """
        Batsman       R     B     4s
        Rohit        170   145     8
        Kishan       28    32      1
        Pollard       7     9     11
        """
    )
    assert [row[1] for row in table(page)] == [
        ["170", "145", "8"],
        ["28", "32", "1"],
        ["7", "9", "11"],
    ]


def test_heads_name_the_columns(typed: Typed) -> None:
    head, *rows = find_rows(typed(CARD))
    header = header_of(head)
    assert header is not None
    assert [band.column for band in find_bands(header, rows)] == [
        Column.RUNS,
        Column.BALLS,
        Column.FOURS,
        Column.SIXES,
        Column.STRIKE_RATE,
    ]


def test_running_numbers_and_brackets_are_no_cells(typed: Typed) -> None:
    (row,) = find_rows(typed("10.  Imran Khan (1)   12   7"))
    assert [word.text for word in numeric_words(row)] == ["12", "7"]


def test_overs_parted_at_their_point_are_one_cell(typed: Typed) -> None:
    page = typed(
        """
        Bowler        O     M    R    W
        Henry         7     0   19    1
        Watts         8     2   10    2
        Taylor        5     1   16    2
        James       2 2     0   16    0
        """
    )
    assert table(page)[3][1] == ["2 2", "0", "16", "0"]
