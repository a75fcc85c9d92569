"""Heads of tables that were hardly read: their words stand above the columns of numbers.

On poor pictures `Batting R M B 4s 6s SR` becomes `Batting 4 3 mm as 4%`. Taken for a row of the
table it would be a player; taken for loose words it would name the side.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.ocr.words import Word
from pipeline.scorecard.bands import numeric_words
from pipeline.scorecard.dismissal import find_opening
from pipeline.scorecard.header import Header, TableKind, head_of_kind
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.numbers import is_plainly_numeric
from pipeline.scorecard.rows import Row
from pipeline.scorecard.titles import is_innings_title, is_score_title
from pipeline.scorecard.vocabulary import BATTER_WORDS, BOWLER_WORDS, COLUMN_WORDS, Column, plain

ROWS_BELOW: Final = 5
"""Rows below that are looked at."""
_FEWEST_ROWS, _FEWEST_NUMBERS = 2, 3
"""Rows of numbers below, and numbers in each, that tell of columns."""
_REACH: Final = 1.2
"""Word heights that a head may stand beside its column."""
_ABOVE: Final = 0.6
"""Share of the columns that have a word above them."""
_LONGEST: Final = 5
"""Letters of such a word at most."""
_MOSTLY: Final = 0.5
_SENTENCE: Final = re.compile(r"\(|\d[-/]\d|,\s.*,\s")
"""What running text holds, and no head."""
_MISSPELT: Final = 2
"""Letters that may be misread in `Batsman`, of six letters or more."""
_FROM: Final = 6
_KINDS: Final = {
    TableKind.BATTING: BATTER_WORDS - {"player"},
    TableKind.BOWLING: BOWLER_WORDS,
}
_TELLING: Final = {
    Column.BALLS: TableKind.BATTING,
    Column.FOURS: TableKind.BATTING,
    Column.SIXES: TableKind.BATTING,
    Column.STRIKE_RATE: TableKind.BATTING,
    Column.OVERS: TableKind.BOWLING,
    Column.MAIDENS: TableKind.BOWLING,
    Column.WICKETS: TableKind.BOWLING,
    Column.ECONOMY: TableKind.BOWLING,
}


def misread_head(row: Row, below: Sequence[Row]) -> Header | None:
    """The head that a row is by where its words stand; None for any other row.

    Args:
        row: one that `header_of` takes for none.
        below: the rows that follow.
    """
    if len(row.words) < _FEWEST_NUMBERS or find_opening(row.words) is not None:
        return None
    if is_innings_title(row) or is_score_title(row) or leading_label(row) is not None:
        return None
    if _SENTENCE.search(row.text):
        return None
    above = _words_above_columns(row, below)
    kind = _kind(row, above)
    if not above or kind is None:
        return None
    return head_of_kind(row, kind)


def _words_above_columns(row: Row, below: Sequence[Row]) -> list[Word]:
    """The row's short words that stand above numbers of the rows below; none if too few do."""
    near = [numeric_words(other) for other in below[:ROWS_BELOW] if other.page == row.page]
    tables = [numbers for numbers in near if len(numbers) >= _FEWEST_NUMBERS]
    if len(tables) < _FEWEST_ROWS:
        return []
    reach = _REACH * row.height
    found = [
        word
        for word in row.words
        if len(word.text) <= _LONGEST
        and sum(_has_near(word, numbers, reach) for numbers in tables) >= _FEWEST_ROWS
    ]
    read = sum(not is_plainly_numeric(word.text) for word in found)
    columns = max(map(len, tables))
    if len(found) < _MOSTLY * len(row.words):
        return []
    is_head = len(found) >= max(_FEWEST_NUMBERS - 1, _ABOVE * columns)
    # A player's own row stands above columns, too, and holds numbers.
    return found if is_head and (read > _MOSTLY * len(found) or _kind_of_name(row, 1)) else []


def _has_near(word: Word, numbers: Sequence[Word], reach: float) -> bool:
    return any(
        number.box.left - reach < word.box.right and word.box.left < number.box.right + reach
        for number in numbers
    )


def _kind(row: Row, above: Sequence[Word]) -> TableKind | None:
    """Which table the head is of, by its first word or by the columns that were read."""
    named = _kind_of_name(row, _MISSPELT)
    if named is not None:
        return named
    kinds = set(_kinds_told(above))
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of_name(row: Row, misspelt: int) -> TableKind | None:
    """Which table the first word names, up to so many misread letters."""
    text = plain(row.words[0].text)
    if len(text) < _FROM:
        return None
    return next(
        (
            kind
            for kind, words in _KINDS.items()
            if any(
                len(known) >= _FROM
                and Levenshtein.distance(text, known, score_cutoff=misspelt) <= misspelt
                for known in words
            )
        ),
        None,
    )


def _kinds_told(words: Sequence[Word]) -> Iterator[TableKind]:
    for word in words:
        column = COLUMN_WORDS.get(plain(word.text))
        if column in _TELLING:
            yield _TELLING[column]
