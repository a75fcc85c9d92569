"""Figures that stand behind a name by their form, not in a column: `45* (33)`, `4-0-23-1`.

Applications, messages and newspapers write them so, one or several batters or bowlers to a row.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.endings import Ending
from pipeline.scorecard.figure_forms import (
    ANALYSIS,
    BALLS_FIRST,
    BATTING_PARTS,
    BOWLING_PARTS,
    LABELLED_SCORE,
    MARKED_EXTRAS,
    POINTED_ANALYSIS,
    RATES,
    SCORE,
    SHORT_ANALYSIS,
    SPACED_ANALYSIS,
    TRAILING_RUNS,
)
from pipeline.scorecard.numbers import overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import Column

_UNSURE: Final = 0.3
_BETWEEN: Final = re.compile(r"[\s,;:()\[\]·•|/&]*")
_NAME: Final = re.compile(r"[^\W\d_]{2,}")
_DIGIT: Final = re.compile(r"\d")


_ONES: Final = frozenset("lI|")
_STAR: Final = "star"
_LIKE: Final = {"off": Column.BALLS, "in": Column.OVERS}


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one batter or bowler, by what they are."""

    integers: Mapping[Column, Value[int]] = field(default_factory=dict)
    rates: Mapping[Column, Value[Decimal]] = field(default_factory=dict)
    overs: Value[Overs] | None = None
    not_out: Value[str] | None = None
    """The star behind the runs of a batter who was not out."""

    def __bool__(self) -> bool:
        return bool(self.integers or self.rates or self.overs)

    @property
    def columns(self) -> frozenset[Column]:
        """What there are figures of."""
        overs = {Column.OVERS} if self.overs is not None else set()
        return frozenset({*self.integers, *self.rates, *overs})

    def text_of(self, column: Column) -> str | None:
        """The digits of a figure; None where there is none."""
        if column is Column.OVERS:
            return str(self.overs.value) if self.overs is not None else None
        value = self.integers.get(column) or self.rates.get(column)
        return str(value.value) if value is not None else None

    def joined(self, other: "Figures") -> "Figures":
        """These figures, and the other ones where these lack them."""
        return Figures(
            {**other.integers, **self.integers},
            {**other.rates, **self.rates},
            self.overs or other.overs,
            self.not_out or other.not_out,
        )


@dataclass(frozen=True, slots=True)
class Figured:
    """A batter's or bowler's stretch of a row: his figures, and the words without them."""

    row: Row
    """May be without words."""
    figures: Figures = field(default_factory=Figures)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    figures: Figures


_Finder = Callable[[Passage], Iterator[_Found]]


def batters_in(row: Row) -> tuple[Figured, ...]:
    """The row, parted behind the figures of each batter."""
    return _parted(row, _batting)


@once_a_row
def batters_told(row: Row) -> tuple[tuple[Figured, ...], tuple[Word, ...]]:
    """Figures of batters with the words before each, and the words behind the last."""
    passage = Passage.of([row])
    parts: list[Figured] = []
    start = 0
    for found in _batting(passage):
        span = passage.words_between(found.start, found.end)
        parts.append(Figured(Row(row.page, row.words[start : span.start]), found.figures))
        start = span.stop
    return tuple(parts), row.words[start:]


def trailing_runs(row: Row) -> Figured:
    """The row of a table without columns, with the number at its end as the runs."""
    passage = Passage.of([row])
    match = TRAILING_RUNS.search(passage.text)
    if match is None or _NAME.search(passage.text, 0, match.start()) is None:
        return Figured(row)
    span = passage.words_between(*match.span())
    return Figured(Row(row.page, row.words[: span.start]), _figures(passage, [match]))


def bowlers_in(row: Row) -> tuple[Figured, ...]:
    """The row, parted behind the figures of each bowler."""
    return _parted(row, _bowling)


@once_a_row
def pointed_bowler_in(row: Row) -> Figured | None:
    """A bowler whose `1-23` was read as `1.23`, if the row holds nothing but that and a name."""
    passage = Passage.of([row])
    match = POINTED_ANALYSIS.search(passage.text)
    if match is None or _DIGIT.search(passage.text, 0, match.start()):
        return None
    if _NAME.search(passage.text, 0, match.start()) is None:
        return None
    read = _figures(passage, [match]).integers
    unsure = {
        column: replace(value, confidence=min(value.confidence, _UNSURE))
        for column, value in read.items()
    }
    span = passage.words_between(*match.span())
    return Figured(Row(row.page, row.words[: span.start]), Figures(unsure))


def marked_extras(row: Row) -> Figured:
    """A bowler of a table, with the wides and no-balls that stand marked in his row: `(1w)`."""
    passage = Passage.of([row])
    found = list(MARKED_EXTRAS.finditer(passage.text))
    if not found:
        return Figured(row)
    first = passage.words_between(*found[0].span()).start
    return Figured(Row(row.page, row.words[:first]), _figures(passage, found))


@once_a_row
def bowlers_in_text(row: Row) -> tuple[Figured, ...]:
    """The same in running text, where `4 0 23 1` are figures too."""
    return _parted(row, _bowling_in_text)


@once_a_row
def shows_batter(row: Row) -> bool:
    """Whether a name and a score like `45 (33)` stand in the row."""
    passage = Passage.of([row])
    found = next((one for one in _batting(passage) if Column.RUNS in one.figures.columns), None)
    return found is not None and _NAME.search(passage.text, 0, found.start) is not None


@once_a_row
def shows_bowler(row: Row) -> bool:
    """Whether a name and an analysis like `4-0-23-1` or `1/23 (4)` stand in the row."""
    passage = Passage.of([row])
    found = next(_bowling(passage), None)
    if found is None or _NAME.search(passage.text, 0, found.start) is None:
        return False
    # `Starc 1-23` is all that the row holds: what follows a score is no bowler's.
    return found.figures.overs is not None or not passage.text[found.end :].strip()


def _parted(row: Row, finder: _Finder) -> tuple[Figured, ...]:
    passage = Passage.of([row])
    parts: list[Figured] = []
    start = 0
    for found in finder(passage):
        span = passage.words_between(found.start, found.end)
        words = row.words[start : span.start]
        if parts and not any(map(_is_name, (word.text for word in words))):
            continue
        parts.append(Figured(Row(row.page, words), found.figures))
        start = span.stop
    if not parts:
        return (Figured(row),)
    last = parts[-1]
    rest = Row(row.page, (*last.row.words, *row.words[start:]))
    return (*parts[:-1], Figured(rest, last.figures))


def _is_name(text: str) -> bool:
    return _NAME.search(text) is not None


def _batting(passage: Passage) -> Iterator[_Found]:
    scores = list(SCORE.finditer(passage.text))
    if not scores:
        other = BALLS_FIRST.search(passage.text) or LABELLED_SCORE.search(passage.text)
        scores = [other] if other is not None else []
    yield from _with_parts(passage, scores, BATTING_PARTS)


def _bowling(passage: Passage) -> Iterator[_Found]:
    found = list(ANALYSIS.finditer(passage.text)) or list(SHORT_ANALYSIS.finditer(passage.text))
    yield from _with_parts(passage, found, BOWLING_PARTS)


def _bowling_in_text(passage: Passage) -> Iterator[_Found]:
    found = sorted(
        [*ANALYSIS.finditer(passage.text), *SPACED_ANALYSIS.finditer(passage.text)],
        key=re.Match.start,
    )
    yield from _with_parts(
        passage, found or list(SHORT_ANALYSIS.finditer(passage.text)), BOWLING_PARTS
    )


def _with_parts(
    passage: Passage, cores: Sequence[re.Match[str]], parts: Sequence[re.Pattern[str]]
) -> Iterator[_Found]:
    """Each match with the marked figures right behind it."""
    for number, core in enumerate(cores):
        matches, end = [core], core.end()
        limit = cores[number + 1].start() if number + 1 < len(cores) else len(passage.text)
        while (part := _part_at(passage.text, end, limit, parts)) is not None:
            matches.append(part)
            end = part.end()
        figures = _figures(passage, matches)
        if figures:
            yield _Found(core.start(), end, figures)


def _part_at(
    text: str, position: int, limit: int, parts: Sequence[re.Pattern[str]]
) -> re.Match[str] | None:
    between = _BETWEEN.match(text, position, limit)
    start = between.end() if between else position
    return next((m for part in parts if (m := part.match(text, start, limit))), None)


def _figures(passage: Passage, matches: Sequence[re.Match[str]]) -> Figures:
    integers: dict[Column, Value[int]] = {}
    rates: dict[Column, Value[Decimal]] = {}
    overs: Value[Overs] | None = None
    not_out: Value[str] | None = None
    for match in matches:
        for group, text in match.groupdict().items():
            if not text:
                continue
            if group == _STAR:
                not_out = passage.cut(match, group, Ending.NOT_OUT.value)
                continue
            column = _LIKE.get(group) or Column(group)
            if column is Column.OVERS:
                read = overs_of(text)
                overs = overs or (passage.cut(match, group, read) if read is not None else None)
            elif column in RATES:
                rates.setdefault(column, passage.cut(match, group, Decimal(text)))
            else:
                # Otherwise a letter: the nought of `nbO`, the one of `lw`.
                number = int(text) if text.isdigit() else int(text in _ONES)
                integers.setdefault(column, passage.cut(match, group, number))
    return Figures(integers, rates, overs, not_out)
