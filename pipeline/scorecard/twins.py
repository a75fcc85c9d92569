"""A side's two innings beside one another, its players' names printed once: almanacks do so.

`Brathwaite  c Amir b Abbas  9   c Younis b Shah  43`, and below it `O M R W   O M R W`. Each half
becomes rows of its own, with the names before them, in the order in which the innings were played.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.dismissal import opening_at
from pipeline.scorecard.endings import Ending
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.numbers import is_plainly_numeric
from pipeline.scorecard.rows import Row
from pipeline.scorecard.sides import is_same_team
from pipeline.scorecard.twin_falls import FallTable, find_fall_table
from pipeline.scorecard.vocabulary import COLUMN_WORDS, ORDINALS, Column, Label, plain

_FEWEST: Final = 4
"""Rows with two dismissals that make a table one of two innings."""
_MOST_BETWEEN: Final = 2
"""Rows of another form between two of such a table: one who batted once, a speck."""
_TITLES: Final = 2
"""Rows above a table that may name its side."""
_REACH: Final = 1.0
"""Word heights by which a word may begin before its column."""
_PLACE: Final = re.compile(r"\(1?\d\)")
_NUMERIC: Final = frozenset({Column.OVERS, Column.MAIDENS, Column.RUNS, Column.WICKETS})


@dataclass(frozen=True, slots=True)
class _Region:
    """Rows of a table that holds two innings, and where its halves begin, in pixels."""

    first: int
    last: int
    names_end: float
    second: float


def untwined(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of a page, those of two innings beside one another parted into two.

    Args:
        rows: top to bottom.
    """
    regions = _batting_regions(rows)
    falls = find_fall_table(rows, regions[-1].last) if regions else None
    result: list[Row] = []
    at = 0
    for batting in regions:
        bowling = _bowling_region(rows, batting.last + 1)
        titles = rows[max(at, batting.first - _TITLES) : batting.first]
        result.extend(rows[at : batting.first - len(titles)])
        for half in (0, 1):
            result.extend(_title(row, half) for row in titles)
            result.extend(_half(rows, batting, half))
            if bowling is not None:
                result.extend(_half(rows, bowling, half))
            result.extend(_falls_of(falls, titles, half))
        at = (bowling or batting).last + 1
    if falls is None:
        return (*result, *rows[at:])
    return (*result, *rows[at : falls.first], *rows[falls.last + 1 :])


def _falls_of(table: FallTable | None, titles: Sequence[Row], half: int) -> list[Row]:
    """The wickets of one innings of the side that the titles name."""
    if table is None:
        return []
    named = [row.text.casefold() for row in titles]
    return [
        fall.row
        for fall in table.falls
        if fall.half == half and any(is_same_team(fall.side, title) for title in named)
    ]


def _batting_regions(rows: Sequence[Row]) -> list[_Region]:
    places = [_two_dismissals(row) for row in rows]
    regions: list[_Region] = []
    start = 0
    while start < len(rows):
        run = _run(places, start)
        if run is None:
            break
        start = run[-1] + 1
        if len(run) >= _FEWEST:
            found = [place for n in run if (place := places[n]) is not None]
            height = median(rows[n].height for n in run)
            names_end = median(place[0] for place in found) - _REACH * height
            second = median(place[1] for place in found) - _REACH * height
            last = _last(rows, run[-1], second)
            regions.append(_Region(run[0], last, names_end, second))
            start = last + 1
    return regions


def _run(places: Sequence[object | None], start: int) -> list[int] | None:
    """Numbers of the next rows of the form that follow one another closely."""
    run: list[int] = []
    for number in range(start, len(places)):
        if places[number] is None:
            if run and number - run[-1] > _MOST_BETWEEN:
                break
            continue
        run.append(number)
    return run or None


def _two_dismissals(row: Row) -> tuple[float, float] | None:
    """Where the two dismissals of a row begin, each with its runs behind it."""
    words = row.words
    starts: list[float] = []
    position, awaits_number = 1, False
    while position < len(words):
        opening = None if awaits_number else opening_at(words[position:])
        if awaits_number:
            awaits_number = not is_plainly_numeric(words[position].text)
        elif opening is not None:
            before = words[position - 1]
            begins = before if starts and _is_place(before) else words[position]
            starts.append(float(begins.box.left))
            awaits_number = opening[0] is not Ending.DID_NOT_BAT
            position += opening[1] - 1
        elif starts and not _is_place(words[position]):
            return None
        position += 1
    return (starts[0], starts[1]) if len(starts) == 2 and not awaits_number else None


def _is_place(word: Word) -> bool:
    """`(5)`: the place at which a batter came in, where it was another one than before."""
    return _PLACE.fullmatch(word.text) is not None


def _last(rows: Sequence[Row], last: int, second: float) -> int:
    """The last row of the table: extras and totals below the batters have two halves, too."""
    for number in range(last + 1, min(last + 1 + 2 * _MOST_BETWEEN, len(rows))):
        row = rows[number]
        numbers = [word for word in row.words if is_plainly_numeric(word.text)]
        ends = {word.box.left >= second for word in numbers}
        if len(ends) < 2 or _twin_head(row) is not None:
            break
        last = number
        if leading_label(row) is Label.TOTAL:
            break
    return last


def _bowling_region(rows: Sequence[Row], start: int) -> _Region | None:
    """The bowling right below, whose head tells the columns of both innings."""
    for head in range(start, min(start + _MOST_BETWEEN, len(rows))):
        place = _twin_head(rows[head])
        if place is None:
            continue
        last = head
        while last + 1 < len(rows) and _is_analysis(rows[last + 1]):
            last += 1
        return _Region(head, last, *place) if last > head else None
    return None


def _twin_head(row: Row) -> tuple[float, float] | None:
    """Where the names end and the second half begins, of a head that has each column twice."""
    numeric = [(column, word) for word in row.words if (column := _column(word)) in _NUMERIC]
    if any(is_plainly_numeric(word.text) and _column(word) is None for word in row.words):
        return None
    half = len(numeric) // 2
    columns = [column for column, _ in numeric]
    if half < 2 or len(numeric) != 2 * half or columns[:half] != columns[half:]:
        return None
    words = [word for _, word in numeric]
    second = (words[half - 1].box.right + words[half].box.left) / 2
    return words[0].box.left - 2 * row.height, second


def _column(word: Word) -> Column | None:
    text = plain(word.text)
    # An engine may double a lone letter: `WwW`.
    text = text[:1] if len(set(text)) == 1 else text
    return {"m": Column.MAIDENS, "0": Column.OVERS}.get(text, COLUMN_WORDS.get(text))


def _is_analysis(row: Row) -> bool:
    named = any(sum(map(str.isalpha, word.text)) > 1 for word in row.words)
    return named and sum(is_plainly_numeric(word.text) for word in row.words) >= _FEWEST


def _half(rows: Sequence[Row], region: _Region, half: int) -> list[Row]:
    """The rows of one innings: names, and what stands in its half."""
    found = []
    for row in rows[region.first : region.last + 1]:
        names = tuple(word for word in row.words if word.box.left < region.names_end)
        rest = tuple(
            word
            for word in row.words
            if word.box.left >= region.names_end
            and (word.box.left >= region.second) == bool(half)
            and not _is_place(word)
        )
        if rest:
            found.append(Row(row.page, (*names, *rest)))
    return found


def _title(row: Row, half: int) -> Row:
    """A row above, of `1st innings   2nd innings` the half that is meant."""
    starts = [n for n, word in enumerate(row.words) if plain(word.text) in ORDINALS]
    if len(starts) != 2:
        return row
    words = row.words[: starts[1]] if half == 0 else row.words[starts[1] :]
    return Row(row.page, words)
