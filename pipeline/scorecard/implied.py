"""Lines that say by what they hold what they are: `B 4, l-b 2 .. 6`, `(for 8 wkts dec) 312`.

A row of numbers that counts from one up is the head of a fall of wickets.
"""

import re
from typing import Final

from pipeline.scorecard.extras import tells_kinds
from pipeline.scorecard.labels import Labelled
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

_LEAST_COUNTED: Final = 4
_TOTAL: Final = re.compile(
    r"\W*(?:for\s+\d{1,2}\s*(?:wickets?|wkts?)|all\s*out)\b.*?\d{1,4}\W*", re.IGNORECASE
)


def implied(row: Row) -> Labelled | None:
    """The row as a labelled line, its label left out by the printer; None for any other row."""
    if tells_kinds(row.text):
        label = Label.EXTRAS
    elif _TOTAL.fullmatch(row.text):
        label = Label.TOTAL
    elif _counts(row):
        label = Label.FALL_OF_WICKETS
    else:
        return None
    return Labelled(label, row.page, (), row.words)


def _counts(row: Row) -> bool:
    """`1 2 3 4 5 6`, which nothing else on a card is."""
    texts = [word.text for word in row.words]
    return len(texts) >= _LEAST_COUNTED and texts == [str(n + 1) for n in range(len(texts))]
