"""The fall of wickets of all innings in one table, a column for each: almanacks print it so.

```
        West Indies  Pakistan  West Indies  Pakistan
Wkt         1st        1st         2nd        2nd
 1           12        155           8         10
```
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.numbers import integer_of
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import ORDINALS, Label, plain

_FEWEST: Final = 2
"""Columns of such a table."""


@dataclass(frozen=True, slots=True)
class Falls:
    """One column: whose innings it is of, and the wickets as one line with the table's label."""

    side: str
    half: int
    """0 for the side's first innings, 1 for its second."""
    row: Row


@dataclass(frozen=True, slots=True)
class FallTable:
    """Where such a table stands among the rows of a page, and what it holds."""

    first: int
    last: int
    falls: tuple[Falls, ...]


def find_fall_table(rows: Sequence[Row], start: int) -> FallTable | None:
    """The first such table at or below a row; None where there is none.

    Args:
        rows: of one page, top to bottom.
        start: number of the row from which to look.
    """
    for label in range(start, len(rows) - 2):
        if leading_label(rows[label]) is not Label.FALL_OF_WICKETS:
            continue
        for head in range(label + 1, min(label + 3, len(rows) - 1)):
            columns = [word for word in rows[head].words if plain(word.text) in ORDINALS]
            if len(columns) >= _FEWEST:
                return _table(rows, label, head, columns)
    return None


def _table(rows: Sequence[Row], label: int, head: int, columns: Sequence[Word]) -> FallTable | None:
    lines: list[list[list[Word]]] = [[] for _ in columns]
    last = head
    while last + 1 < len(rows) and _wicket(rows[last + 1]) == last + 1 - head:
        last += 1
        wicket, *scores = rows[last].words
        for score in scores:
            lines[_nearest(columns, score)].append([wicket, score])
    if last == head:
        return None
    sides = _sides(rows[label + 1 : head], columns)
    seen: list[str] = []
    falls = []
    for side, pairs in zip(sides, lines, strict=True):
        words = (*rows[label].words, *(word for pair in pairs for word in pair))
        falls.append(Falls(side, seen.count(side), Row(rows[label].page, words)))
        seen.append(side)
    return FallTable(label, last, tuple(falls))


def _wicket(row: Row) -> int | None:
    """The wicket that a row of numbers alone begins with."""
    if any(integer_of(word.text) is None for word in row.words):
        return None
    return integer_of(row.words[0].text) if len(row.words) > 1 else None


def _sides(rows: Sequence[Row], columns: Sequence[Word]) -> list[str]:
    """The names above each column, in small letters."""
    names: list[list[str]] = [[] for _ in columns]
    for row in rows:
        for word in row.words:
            names[_nearest(columns, word)].append(word.text)
    return [" ".join(parts).casefold() for parts in names]


def _nearest(columns: Sequence[Word], word: Word) -> int:
    return min(range(len(columns)), key=lambda n: abs(_centre(columns[n]) - _centre(word)))


def _centre(word: Word) -> float:
    return (word.box.left + word.box.right) / 2
