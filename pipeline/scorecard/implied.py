"""Lines that say by what they hold what they are: `B 4, l-b 2 .. 6`, `(for 8 wkts dec) 312`."""

import re
from typing import Final

from pipeline.scorecard.extras import tells_kinds
from pipeline.scorecard.labels import Labelled
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

_TOTAL: Final = re.compile(
    r"\W*(?:for\s+\d{1,2}\s*(?:wickets?|wkts?)|all\s*out)\b.*?\d{1,4}\W*", re.IGNORECASE
)


def implied(row: Row) -> Labelled | None:
    """The row as a labelled line, its label left out by the printer; None for any other row."""
    if tells_kinds(row.text):
        label = Label.EXTRAS
    elif _TOTAL.fullmatch(row.text):
        label = Label.TOTAL
    else:
        return None
    return Labelled(label, row.page, (), row.words)
