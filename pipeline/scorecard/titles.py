"""Rows that name a side and stand above its tables."""

import re
from typing import Final

from pipeline.scorecard.bands import numeric_words
from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.dismissal import find_opening
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.vocabulary import INNINGS_WORDS, plain

_MOST_WICKETS: Final = 10
_NAME: Final = re.compile(r"[^\W\d_]{2,}")
_SCORE: Final = re.compile(
    rf"(?<![\d.,/{DASHES}])(?P<runs>\d{{1,4}})(?:\s?[/{DASHES}]\s?|\sfor\s)(?P<wickets>10|\d)"
    rf"(?![\d/{DASHES}]|\.\d)",
    re.IGNORECASE,
)


_SCORE_ALONE: Final = re.compile(
    rf"\W*\d{{1,4}}\s?(?:[/{DASHES}]|for)\s?\d{{1,2}}\W*(?:(?:all out|dec(?:lared)?)\W*)?"
    r"(?:\(?\s?\d{1,3}(?:\.\d)?\s?(?:overs?|ovs?)\W*)?",
    re.IGNORECASE,
)


def is_score_alone(row: Row) -> bool:
    """`155 for 7 (20 overs)`: a side's score in a row of its own."""
    return _SCORE_ALONE.fullmatch(row.text) is not None


@once_a_row
def is_innings_title(row: Row) -> bool:
    """`Australia Innings`, `INNINGS OF WINDWARD ISLANDS`, `Pakistan Batting`."""
    words = [plain(word.text) for word in row.words]
    if len(words) < 2 or len(numeric_words(row)) > 2:
        return False
    return bool(INNINGS_WORDS.intersection(words)) or words[-1] == "batting"


def is_score_title(row: Row) -> bool:
    """`India 168/6 (20 ov)`: one side's name and its score, and nothing of a table."""
    return wickets_of_score(row) is not None


@once_a_row
def wickets_of_score(row: Row) -> int | None:
    """The wickets in a side's score; None for a row that is no such title."""
    text = row.text
    name = _NAME.search(text)
    scores = list(_SCORE.finditer(text, name.end())) if name is not None else []
    if len(scores) != 1:
        return None
    # Of `167 for 6` each number is a word.
    if len(numeric_words(row)) > 1 + (" " in scores[0][0].strip()):
        return None
    if leading_label(row) is not None or find_opening(row.words) is not None:
        return None
    runs, wickets = int(scores[0]["runs"]), int(scores[0]["wickets"])
    return wickets if runs > max(wickets, _MOST_WICKETS) else None
