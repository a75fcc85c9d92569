"""A fall of wickets beside the bowling, under one line of heads: each becomes a table of its own.

`Bowling  O  M  R  W      FoW  Score  Batter  Over`. The white strip between the two need not be a
gutter: it may run up through the batting above as well.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.scorecard.header import header_of
from pipeline.scorecard.labels import leading_label, split_at_labels
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

_FAR: Final = 2.2
"""Row pitches of white space behind which both tables have ended."""


def with_falls_below(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of a page, with such a fall of wickets below the table that it stands beside.

    Args:
        rows: top to bottom.
    """
    result: list[Row] = []
    at = 0
    while at < len(rows):
        start = _falls_begin(rows[at])
        if start is None:
            result.append(rows[at])
            at += 1
            continue
        end = _end(rows, at, start)
        sides = [_parted(row, start) for row in rows[at:end]]
        result.extend(left for left, _ in sides if left.words)
        result.extend(right for _, right in sides if right.words)
        at = end
    return tuple(result)


def _falls_begin(row: Row) -> float | None:
    """Where the heads of a fall of wickets begin, behind those of another table."""
    stretches = split_at_labels(row)
    behind = [s for s in stretches[1:] if s.label is Label.FALL_OF_WICKETS]
    if len(behind) != 1 or behind[0] is not stretches[-1] or not behind[0].words:
        return None
    start = behind[0].heading[0].box.left - row.height / 2
    left, right = _parted(row, start)
    both = left.words and header_of(left) is not None and header_of(right) is not None
    return start if both else None


def _end(rows: Sequence[Row], first: int, start: float) -> int:
    """The row behind both tables."""
    tops = [rows[first].box.top]
    for number in range(first + 1, len(rows)):
        row = rows[number]
        left, _ = _parted(row, start)
        pitch = median(b - a for a, b in pairwise(tops)) if tops[1:] else None
        is_far = pitch is not None and row.box.top - tops[-1] > _FAR * pitch
        if is_far or (left.words and (leading_label(left) or header_of(left))):
            return number
        tops.append(row.box.top)
    return len(rows)


def _parted(row: Row, start: float) -> tuple[Row, Row]:
    left = tuple(word for word in row.words if word.box.left < start)
    right = tuple(word for word in row.words if word.box.left >= start)
    return Row(row.page, left), Row(row.page, right)
