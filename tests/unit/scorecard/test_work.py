"""How much work a page makes, in calls: they are the same on every machine."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from types import FrameType

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard import tables
from pipeline.scorecard.batting import BattingTable, read_batting
from pipeline.scorecard.columns import TableRow
from pipeline.scorecard.gutters import find_gutters
from pipeline.scorecard.parse import as_printed
from pipeline.scorecard.rows import find_rows
from pipeline.scorecard.vocabulary import Column

Typed = Callable[..., Page]

HEAD = "Batter                              R    B   4s      Bowler            O    M    R    W"
ROWS = (
    "Devine SFM   c Patterson b Schutt  37   33    6      Schutt ML         4    0   20    4",
    "Mooney BL    c Brown b Barsby       0    1    0      Barsby JL         4    0   22    3",
    "Green ML     c Barsby b Schutt     36   37    4      Dottin DJS        4    0   26    1",
    "Edgar AL     not out                5   10    0      Wellington A      4    0   19    1",
)


def beside(repeats: int) -> str:
    """Batting beside bowling: the white space between them is a gutter, that before `R` is none."""
    return "\n".join((HEAD, *ROWS * repeats))


def calls_of(pages: Sequence[Page]) -> int:
    """Calls of Python functions that reading the pages takes."""
    counted = Counter[str]()

    def count(_frame: FrameType, event: str, _of: object) -> None:
        counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        as_printed(pages)
    finally:
        sys.setprofile(before)
    return counted["call"]


def test_twice_the_rows_make_twice_the_work(typed: Typed) -> None:
    few, many = typed(beside(8)), typed(beside(16))
    assert find_gutters(find_rows(few))
    assert find_gutters(find_rows(many))
    # What is known of single texts is known before.
    as_printed([few])
    assert calls_of([many]) < 2.2 * calls_of([few])


def test_no_table_is_read_twice_while_gutters_are_tried(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Counter[str]()

    def counting(rows: Sequence[TableRow], columns: Sequence[Column]) -> BattingTable:
        read[repr((rows, columns))] += 1
        return read_batting(rows, columns)

    monkeypatch.setattr(tables, "read_batting", counting)
    as_printed([typed(beside(4))])
    assert len(read) > 1
    assert set(read.values()) == {1}
