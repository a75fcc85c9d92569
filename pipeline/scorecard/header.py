"""The head of a table: which row is one, and what its columns are called."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.dismissal import opening_at
from pipeline.scorecard.endings import Ending
from pipeline.scorecard.labels import leading_label, split_at_labels
from pipeline.scorecard.numbers import is_plainly_numeric
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.vocabulary import (
    BATTER_WORDS,
    BOWLER_WORDS,
    COLUMN_WORDS,
    MISREAD_COLUMN_WORDS,
    Column,
    Label,
    plain,
)


class TableKind(StrEnum):
    """What a table lists."""

    BATTING = "batting"
    BOWLING = "bowling"
    FALL = "fall of wickets"


TEXT_COLUMNS = frozenset({Column.NAME, Column.HOW_OUT, Column.FIELDER, Column.BOWLER, Column.INDEX})
"""Columns that hold words, and the running number, which is none of the card's values."""

_BATTING_ONLY = frozenset({Column.STRIKE_RATE, Column.BALLS, Column.HOW_OUT, Column.MINUTES})
_BOWLING_ONLY = frozenset({Column.OVERS, Column.MAIDENS, Column.ECONOMY, Column.WICKETS})
_LONGEST_HEADING = 2
_AT_LEAST = 2
_SURELY = 3
"""Heads of numbers that make a head of a row in which not every word is one."""
_MANY = 4
"""Heads of numbers among which one number more is dirt."""
_NUMBERS_OF_THEIR_OWN = frozenset({Label.EXTRAS, Label.TOTAL})
"""Labels of lines that tell kinds and numbers as a head of columns does."""
_LONGEST_TITLE = 4
"""Words of a side's name before the heads of its columns."""
_APART = 2.0
"""White space in word heights between the two."""
_SPELT_OUT = 4
"""Letters from which one head alone makes a head of a table: `Runs`."""
_MISSPELT_FROM = 6
"""Letters from which a head may hold a misread one."""
_UPRIGHT_STROKES = frozenset("iIl|")
"""What the corner of a shaded row is read as: no head of a column."""
_MOSTLY = 0.5
"""Share of a row's words that are heads of columns in a row that is a head."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of one column."""

    column: Column
    box: Box


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a table."""

    kind: TableKind
    row: Row | None
    """None for a table without a head."""
    headings: tuple[Heading, ...]
    title: tuple[Word, ...] = ()
    """Words of the row that head no column: `India Innings  R  B  4s  6s`."""

    def named(self, column: Column) -> Heading | None:
        """The heading of a column; None where the head has none."""
        return next((h for h in self.headings if h.column is column), None)


@once_a_row
def header_of(row: Row) -> Header | None:
    """The head of a table that a row is; None for any other row."""
    if leading_label(row) is Label.FALL_OF_WICKETS:
        return _fall_header(row)
    found = list(_headings(row, COLUMN_WORDS))
    if not _is_header(row, found):
        return None
    kind = _kind(found)
    return head_of_kind(row, kind) if kind is not None else None


def head_of_kind(row: Row, kind: TableKind) -> Header:
    """The head of a table of some kind that a row is, with those columns that were read."""
    found = list(_headings(row, COLUMN_WORDS))
    sure = {id(word) for _, words in found for word in words}
    guessed = [
        (column, words)
        for column, words in _headings(row, MISREAD_COLUMN_WORDS)
        if not any(id(word) in sure for word in words)
    ]
    headings = _placed(kind, [*found, *guessed])
    heads = sure | {id(word) for _, words in guessed for word in words}
    rest = [w for w in row.words if id(w) not in heads and any(map(str.isalpha, w.text))]
    title = tuple(w for w in rest if not _is_misspelt_head(w))
    return Header(kind, row, headings, title)


def _is_misspelt_head(word: Word) -> bool:
    """`Batte`, which is no side's name."""
    text = plain(word.text)
    return any(
        len(known) >= _MISSPELT_FROM and Levenshtein.distance(text, known, score_cutoff=1) <= 1
        for known in BATTER_WORDS | BOWLER_WORDS
    )


def is_name_alone(header: Header) -> bool:
    """Whether the head says what the table lists and nothing of its numbers."""
    return all(heading.column is Column.NAME for heading in header.headings)


def _headings(
    row: Row, known: Mapping[str, Column]
) -> Iterator[tuple[Column | str, tuple[Word, ...]]]:
    """Heads of columns in a row; `m`, of two meanings, comes as text."""
    position = 0
    while position < len(row.words):
        for length in range(min(_LONGEST_HEADING, len(row.words) - position), 0, -1):
            words = row.words[position : position + length]
            text = _heading_text(words)
            if text == "m" or text in known:
                yield (known.get(text, text), words)
                position += length
                break
        else:
            position += 1


def _heading_text(words: Sequence[Word]) -> str:
    text = " ".join(word.text for word in words)
    bare = plain(text)
    return bare if bare else text.strip()


def _is_header(row: Row, found: list[tuple[Column | str, tuple[Word, ...]]]) -> bool:
    spelt = [
        (column, words)
        for column, words in found
        if any(character.isalpha() for word in words for character in word.text)
    ]
    names = [column for column, _ in spelt if column is Column.NAME]
    numeric = {column for column, _ in spelt if column not in TEXT_COLUMNS}
    known = COLUMN_WORDS.keys() | MISREAD_COLUMN_WORDS.keys()
    foreign = sum(is_plainly_numeric(w.text) and plain(w.text) not in known for w in row.words)
    opening = opening_at(row.words)
    if opening is not None and opening[0] is not Ending.BATTING:
        return False
    # Among many heads a number is what was read of the words before them.
    is_line = leading_label(row) in _NUMBERS_OF_THEIR_OWN
    if foreign > (0 if is_line else len(numeric) // _MANY):
        return False
    if max(Counter(column for column, _ in spelt).values(), default=0) > 2:
        return False
    if _stands_behind_a_title(row, [words for _, words in spelt]):
        return numeric >= {Column.RUNS}
    share = sum(len(words) for _, words in found) / len(row.words)
    if names and not numeric:
        return len(row.words) == 1
    if names:
        return share >= _MOSTLY
    return len(numeric) >= (_SURELY if share < 1 else _AT_LEAST) and share >= _MOSTLY


def _stands_behind_a_title(row: Row, heads: Sequence[Sequence[Word]]) -> bool:
    """`BAHRAIN          RUNS  BALLS`: a side's name, and heads far behind it and nothing else."""
    if not heads:
        return False
    first = min(words[0].box.left for words in heads)
    before = [word for word in row.words if word.box.left < first]
    behind = sum(len(words) for words in heads)
    if not 1 <= len(before) <= _LONGEST_TITLE or len(before) + behind < len(row.words):
        return False
    if any(character.isdigit() for word in before for character in word.text):
        return False
    is_apart = first - before[-1].box.right >= _APART * row.height
    spelt_out = any(len(plain(words[0].text)) >= _SPELT_OUT for words in heads)
    return is_apart and (spelt_out or len(heads) >= _AT_LEAST)


def _kind(found: list[tuple[Column | str, tuple[Word, ...]]]) -> TableKind | None:
    columns = {column for column, _ in found}
    if _is_fall(columns):
        return TableKind.FALL
    batting, bowling = len(columns & _BATTING_ONLY), len(columns & _BOWLING_ONLY)
    for column, words in found:
        if column is Column.NAME:
            texts = {plain(word.text) for word in words}
            if texts & (BATTER_WORDS - {"player"}):
                return TableKind.BATTING
            # `Bowler` heads a column of a batting table too, whose first head was not read.
            if texts & BOWLER_WORDS and batting <= bowling:
                return TableKind.BOWLING
    if batting == bowling:
        only_runs = columns <= {Column.RUNS, Column.BALLS, *TEXT_COLUMNS}
        is_batting = Column.RUNS in columns and (Column.FOURS in columns or only_runs)
        return TableKind.BATTING if is_batting else None
    return TableKind.BATTING if batting > bowling else TableKind.BOWLING


def _is_fall(columns: Collection[Column | str]) -> bool:
    """`Wkt  Score  Player  Over`: what no table of players has."""
    return (
        Column.WICKETS in columns
        and not {Column.SCORE, Column.OVER}.isdisjoint(columns)
        and _BATTING_ONLY.isdisjoint(columns)
        and {Column.MAIDENS, Column.ECONOMY, Column.FOURS, "m"}.isdisjoint(columns)
    )


def _placed(
    kind: TableKind, found: list[tuple[Column | str, tuple[Word, ...]]]
) -> tuple[Heading, ...]:
    """Headings left to right, each column once, with the meanings that the kind gives them."""
    headings: dict[Column, Heading] = {}
    for column, words in sorted(found, key=lambda pair: pair[1][0].box.left):
        box = Row(0, words).box
        if kind is TableKind.BOWLING and _is_stray(column, words):
            continue
        meant = _meaning(kind, column, words)
        if meant not in headings:
            headings[meant] = Heading(meant, box)
    return tuple(sorted(headings.values(), key=lambda heading: heading.box.left))


def _is_stray(column: Column | str, words: Sequence[Word]) -> bool:
    """Fours and sixes stand in a bowling table only where they are spelt out."""
    spelt = words[0].text.casefold().endswith("s") and words[0].text[:1].isdigit()
    return column in (Column.FOURS, Column.SIXES) and not spelt


def _meaning(kind: TableKind, column: Column | str, words: Sequence[Word]) -> Column:
    if not isinstance(column, Column):
        return Column.MINUTES if kind is TableKind.BATTING else Column.MAIDENS
    is_bowler = column is Column.NAME and plain(words[0].text) in BOWLER_WORDS
    if kind is TableKind.BATTING and is_bowler:
        return Column.BOWLER
    return column


def _fall_header(row: Row) -> Header | None:
    """`Fall of wickets   Score   Over`."""
    stretches = split_at_labels(row)
    if len(stretches) != 1 or stretches[0].label is not Label.FALL_OF_WICKETS:
        return None
    columns = [
        (COLUMN_WORDS.get(plain(word.text)), word)
        for word in stretches[0].words
        if word.text not in _UPRIGHT_STROKES
    ]
    headings = tuple(Heading(column, word.box) for column, word in columns if column is not None)
    if not headings or len(headings) != len(columns):
        return None
    counted = [word.box for word in stretches[0].heading]
    if len(counted) == 1 and any(heading.column is Column.SCORE for heading in headings):
        # `FOW  Score  Batter  Over`: below the label the wickets are counted.
        headings = (Heading(Column.WICKETS, counted[0]), *headings)
    return Header(TableKind.FALL, row, headings)
