"""Numbers that only the engine vouches for: whether it was sure enough of them.

What an equation proves needs no confidence. What a card says once is believed as far as the
readings of its ink agree, and no further.
"""

import re
from typing import Final

from pipeline.scorecard.characters import DASHES, QUOTES
from pipeline.scorecard.numbers import digits_of
from pipeline.scorecard.value import Value

SURE: Final = 0.9
"""Confidence from which a number that no equation covers is believed."""
SURE_BESIDE_PROVEN: Final = 0.75
"""The same where the equations prove all the rest of the word that it stands in."""
SURE_ON_A_POOR_PICTURE: Final = 0.95
"""The same where all of the picture was hard to read: there, engines are sure of wrong digits."""
GOOD_PICTURE: Final = 0.94
"""Mean confidence of an innings' names and numbers on a picture that is not poor."""
_SURE_OF_NOUGHT: Final = 0.72
_SURE_OF_ROUND: Final = 0.955
"""The same for a lone 6, 8 or 9."""
_ROUND: Final = frozenset("689")
_SURE_BESIDE_LETTERS: Final = 0.95
"""Confidence from which a reading as letters, `1A` for `11`, says nothing against a number."""
_OF_NUMBERS: Final = frozenset("0123456789.,/()*:; " + QUOTES + DASHES)
"""What the text of a cleanly read number is made of, with what cards print beside it."""
_PAIR: Final = re.compile(rf"(\d{{1,4}})[/{DASHES}](\d{{1,4}})[,;.]?")
_MARKS: Final = frozenset("./:" + DASHES)
"""What stands between digits, and is lost more easily than they are."""


def is_doubtful(value: Value[object], sure: float = SURE) -> bool:
    """Whether the engine was unsure of a number, or read another one from the same ink.

    A nought is hardly ever anything else; but a dotted or stroked one is read as 6, 8 or 9, and
    engines are quite sure of it.
    """
    if set(value.text) - _OF_NUMBERS and not _is_nought_also_read_as_a_letter(value):
        return True
    read = digits_of(value.text) or value.text
    if any(_speaks_against(text, read, value) for text in value.alternatives):
        return True
    if set(read) <= {"0"}:
        return value.confidence < _SURE_OF_NOUGHT
    return value.confidence < (_SURE_OF_ROUND if read in _ROUND else sure)


def _speaks_against(text: str, read: str, value: Value[object]) -> bool:
    """Whether another reading of a number's ink is a reason to doubt it."""
    # Of a score, `5-85`, and of an analysis the digits tell.
    other = digits_of(text) or (_digits(text) if not set(text) - _OF_NUMBERS else None)
    if not other or other == read:
        return False
    part, other_part = _part(value.text, value.value), _part(text, value.value)
    if part is not None and part == other_part:
        return False
    if _MARKS.intersection(value.text) and _digits(text) == _digits(value.text):
        # The same digits: a point or dash was seen, and a second look has lost it.
        return False
    is_number = not set(text) - _OF_NUMBERS or set(other) <= {"0"}
    return is_number or value.confidence < _SURE_BESIDE_LETTERS


def _part(text: str, number: object) -> str | None:
    """The part of a score, `85` of `5-85`, that holds a number; None where it is not one alone."""
    pair = _PAIR.fullmatch(text)
    parts = [part for part in pair.groups() if int(part) == number] if pair else []
    return parts[0] if len(parts) == 1 else None


def _is_nought_also_read_as_a_letter(value: Value[object]) -> bool:
    """`O` where another reading of the same ink has the digit."""
    return digits_of(value.text) == "0" and "0" in value.alternatives


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
