"""Lines that say by what they hold what they are: `B 4, l-b 2 .. 6`, `(for 8 wkts dec) 312`.

A row of numbers that counts from one up is the head of a fall of wickets.
"""

import re
from typing import Final

from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.extras import tells_kinds
from pipeline.scorecard.labels import Labelled
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.vocabulary import Label

_LEAST_COUNTED: Final = 4
_KINDS_AND_SUM: Final = 4
_NUMBER: Final = re.compile(r"\d+")
_TOTAL: Final = re.compile(
    r"\W*(?:for\s+\d{1,2}\s*(?:wickets?|wkts?)|all\s*out)\b.*?\d{1,4}\W*", re.IGNORECASE
)
_SCORE_BEHIND_OVERS: Final = re.compile(
    rf"\W*\d{{1,3}}(?:\.\d)?\s?(?:overs?|ovs?)\W+\d{{1,4}}\s?[/{DASHES}]\s?\d{{1,2}}\W*",
    re.IGNORECASE,
)
"""`(20 overs)  154-8`"""


@once_a_row
def implied(row: Row) -> Labelled | None:
    """The row as a labelled line, its label left out by the printer; None for any other row."""
    if tells_kinds(row.text):
        label = Label.EXTRAS
    elif _tells_kinds_behind_a_word(row):
        return Labelled(Label.EXTRAS, row.page, row.words[:1], row.words[1:])
    elif _TOTAL.fullmatch(row.text) or _SCORE_BEHIND_OVERS.fullmatch(row.text):
        label = Label.TOTAL
    elif _counts(row):
        label = Label.FALL_OF_WICKETS
    else:
        return None
    return Labelled(label, row.page, (), row.words)


def _tells_kinds_behind_a_word(row: Row) -> bool:
    """`Exvas 5 wd, 5 nb, 0 b, 16 lb 26`: so much stands behind no other word."""
    word, *rest = row.words
    text = " ".join(other.text for other in rest)
    numbers = _NUMBER.findall(text)
    return word.text.isalpha() and len(numbers) >= _KINDS_AND_SUM and tells_kinds(text)


def _counts(row: Row) -> bool:
    """`1 2 3 4 5 6`, which nothing else on a card is."""
    texts = [word.text for word in row.words]
    return len(texts) >= _LEAST_COUNTED and texts == [str(n + 1) for n in range(len(texts))]
