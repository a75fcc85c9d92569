"""The forms of figures that stand behind a name: `45* (33)`, `(33) 45`, `4-0-23-1`, `1/23 (4)`.

Groups of the patterns are named as the columns are, but for `star` (not out), and for `off` (balls)
and `in` (overs), where one form has two places for the same number.
"""

import re
from collections.abc import Iterator
from typing import Final

from pipeline.scorecard.characters import APOSTROPHES, DASHES, TIMES
from pipeline.scorecard.vocabulary import FIGURE_WORDS, Column

# Engines see two dashes in a long one, or a tilde.
_DASH: Final = rf"\s?[~=_{DASHES}]{{1,3}}\s?"
_OPEN, _CLOSE = r"[(\[{]", r"[)\]}]"


def _words(column: Column) -> str:
    """The words that mark a figure of a column, as alternatives of a pattern."""
    return "|".join(re.escape(word) for word in sorted(FIGURE_WORDS[column], key=len, reverse=True))


_BALLS: Final = rf"(?:{_words(Column.BALLS)})"
_OVERS: Final = rf"(?:{_words(Column.OVERS)})"
SCORE: Final = re.compile(
    rf"(?<![\d.,/{DASHES}])(?P<runs>\d{{1,3}})\s?(?P<star>[^\w\s(\[{{,.;]{{0,2}})\s?"
    rf"(?:{_OPEN}\s?(?P<balls>\d{{1,3}})\s?{_BALLS}?\s?(?:{_CLOSE}|[,;](?=.*{_CLOSE})|\s(?=\d+\s?[{TIMES}]))"
    rf"|(?:off|from)\s(?P<off>\d{{1,3}})(?:\s?{_BALLS})?\b)",
    re.IGNORECASE,
)
BALLS_FIRST: Final = re.compile(r"\(\s?(?P<off>\d{1,3})\s?\)\s*(?P<runs>\d{1,3})$")
"""`(33) 45`, at the end of a row."""
LABELLED_SCORE: Final = re.compile(
    rf"(?:(?<![\d.,/{DASHES}])(?P<runs>\d{{1,3}})\s?[*†]?[\s,]*)?{_OPEN}?"
    rf"(?=\d{{1,2}}\s?[{TIMES}]\s?[46](?!\d)|[46][{APOSTROPHES}]?s\s?[:=x]\s?\d"
    rf"|4[{APOSTROPHES}]?s\s?\d{{1,2}}\s+6[{APOSTROPHES}]?s)"
)
ANALYSIS: Final = re.compile(
    rf"(?<![\d.{DASHES}])(?P<overs>\d{{1,2}}(?:\.\d)?){_DASH}(?P<maidens>\d{{1,2}})"
    rf"{_DASH}(?P<runs>\d{{1,3}}){_DASH}(?P<wickets>\d{{1,2}})(?![\d{DASHES}]|\.\d)"
)
SPACED_ANALYSIS: Final = re.compile(
    r"(?<![\d.])(?P<overs>\d{1,2}(?:\.\d)?)[\s,]+(?P<maidens>\d{1,2})[\s,]+"
    r"(?P<runs>\d{1,3})[\s,]+(?P<wickets>\d{1,2})(?!\d|\.\d)"
)
SHORT_ANALYSIS: Final = re.compile(
    rf"(?<![\d./{DASHES}])(?P<wickets>10|\d)(?:\s?[/{DASHES}]\s?|\sfor\s)(?P<runs>\d{{1,3}})"
    rf"(?![\d/{DASHES}]|\.\d)"
    rf"(?:\s?{_OPEN}\s?(?P<overs>\d{{1,2}}(?:\.\d)?)\s?{_OVERS}?\s?{_CLOSE}"
    rf"|\s(?:in\s)?(?P<in>\d{{1,2}}(?:\.\d)?)\s?{_OVERS}\b)?",
    re.IGNORECASE,
)
POINTED_ANALYSIS: Final = re.compile(r"(?<![\d.])(?P<wickets>10|\d)\.(?P<runs>\d{1,3})$")
"""`1-23` whose dash was read as a point; it ends its row."""
TRAILING_RUNS: Final = re.compile(r"(?<=\s)(?P<runs>\d{1,3})\s?(?P<star>[^\w\s()\[\],.;:/-]{0,2})$")
MARKED_EXTRAS: Final = re.compile(
    r"(?<![\w.])(?P<wides>\d{1,2}|[lI|])(?:wd?s?)(?!\w)"
    r"|(?<![\w.])(?P<no_balls>\d{1,2}|[lI|])(?:nbs?)(?!\w)",
    re.IGNORECASE,
)
"""`(1w, 2nb)` behind the columns of a bowler."""
RATES: Final = frozenset({Column.STRIKE_RATE, Column.ECONOMY})


def _marked(column: Column) -> Iterator[re.Pattern[str]]:
    """How a figure that a word marks is written: `4s: 5`, `5 fours`, `nb1`."""
    words, name = _words(column), column.value
    # A lone nought is often read as a letter.
    number = r"\d{1,3}(?:\.\d{1,2})?" if column in RATES else r"(?:\d{1,3}|O(?!\w))"
    yield re.compile(rf"(?:{words})\s?[:=]?\s?(?P<{name}>{number})(?![\d.]*\d|\s?x)", re.IGNORECASE)
    yield re.compile(rf"(?P<{name}>{number})\s?(?:{words})\b", re.IGNORECASE)


_TIMES: Final = (
    re.compile(rf"(?P<fours>\d{{1,2}})\s?[{TIMES}]\s?4(?!\d)s?"),
    re.compile(rf"(?P<sixes>\d{{1,2}})\s?[{TIMES}]\s?6(?!\d)s?"),
    # The `s` of `4s:8` is read as a digit; no score stands before a colon.
    re.compile(r"4[5$S]\s?:\s?(?P<fours>\d{1,2})(?!\d)"),
    re.compile(r"6[5$S]\s?:\s?(?P<sixes>\d{1,2})(?!\d)"),
)
_SLASHED: Final = re.compile(r"(?P<fours>\d{1,2})/(?P<sixes>\d{1,2})(?=\s+\d{1,3}(?:\.\d|$)|$)")
"""`5/2` for five fours and two sixes, at the end of a row or before its rate."""
BATTING_PARTS: Final = (
    *_TIMES,
    _SLASHED,
    *(
        pattern
        for column in (
            Column.FOURS,
            Column.SIXES,
            Column.STRIKE_RATE,
            Column.MINUTES,
            Column.BALLS,
        )
        for pattern in _marked(column)
    ),
)
BOWLING_PARTS: Final = tuple(
    pattern
    for column in (Column.WIDES, Column.NO_BALLS, Column.ECONOMY)
    for pattern in _marked(column)
)
