"""Numbers from the words of numeric cells.

What an engine makes of digits (`O`, `l`, `S`) is resolved here and only here: in a name the same
letters are letters.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from pipeline.ocr.words import Word
from pipeline.scorecard.characters import DASHES, OPENING_QUOTES, QUOTES
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.value import Value, value_of

T = TypeVar("T")

_AROUND: Final = " *,;:_~=[]{}†#«»|" + QUOTES + DASHES
"""Quotes, not-out stars and specks around a number."""

_CONFUSED: Final = str.maketrans(
    {
        **dict.fromkeys("OoQDUuCc°º@©®", "0"),
        **dict.fromkeys("lI|!i][/\\", "1"),
        **dict.fromkeys("Zz", "2"),
        "A": "4",
        **dict.fromkeys("Ss$§", "5"),
        **dict.fromkeys("Gb", "6"),
        "B": "8",
        **dict.fromkeys("gq", "9"),
    }
)
_HOLLOW: Final = re.compile(r"[(\[{]?[0OoecCi¢°f]?[)\]}]|[(\[{][0OoecC¢°]?|[0Oo]{2}")
"""A lone nought as engines write it: `()`, `(e)`, `o)`, `Oo`."""
_OPENING_QUOTES: Final = OPENING_QUOTES + "*"
_CLOSING_QUOTE_MISREAD: Final = re.compile(rf"(?<=.)[!°*{QUOTES}\"]$")
_CHEVRON: Final = re.compile(r"(?<=[\dlIO])[vVyY]$")
"""A mark behind a number that opens further details."""

_STRICT: Final = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")
_INTEGER: Final = re.compile(r"\d{1,4}")
_DECIMAL: Final = re.compile(r"\d{1,4}\.\d{1,2}|\d{1,4}")
_LONGEST_CELL: Final = 7
_KEPT: Final = 4096
"""Texts of which the number is remembered: columns are tried in many meanings."""


@lru_cache(maxsize=_KEPT)
def is_plainly_numeric(text: str) -> bool:
    """Whether the text is digits, perhaps with a decimal point, quotes or a not-out star."""
    return _STRICT.fullmatch(text.strip(_AROUND)) is not None


@lru_cache(maxsize=_KEPT)
def digits_of(text: str) -> str | None:
    """The number that the text of a numeric cell most likely shows, as digits; None for no number.

    `l2` -> `12`, `°` -> `0`, `'47'` -> `47`, `3,75` -> `3.75`.
    """
    bare = text.strip()
    if _HOLLOW.fullmatch(bare):
        return "0"
    if bare[:1] in _OPENING_QUOTES and bare[:1]:
        bare = _CLOSING_QUOTE_MISREAD.sub("", bare[1:])
    bare = _CHEVRON.sub("", bare)
    bare = bare.strip(_AROUND).rstrip(".").strip("()")
    if not bare or len(bare) > _LONGEST_CELL:
        return None
    if _STRICT.fullmatch(bare):
        return bare.replace(",", ".")
    resolved = bare.translate(_CONFUSED).replace(",", ".")
    # A word of many letters is a word: at least half of it must have been digits already.
    letters = sum(character.isalpha() for character in bare)
    if len(bare) > 1 and letters * 2 > len(bare):
        return None
    return resolved if _STRICT.fullmatch(resolved) else None


def integer_of(text: str) -> int | None:
    """A whole number; None where the text is none."""
    digits = digits_of(text)
    return int(digits) if digits is not None and _INTEGER.fullmatch(digits) else None


@lru_cache(maxsize=_KEPT)
def decimal_of(text: str) -> Decimal | None:
    """A rate such as 118.64; None where the text is none."""
    digits = digits_of(text)
    return Decimal(digits) if digits is not None and _DECIMAL.fullmatch(digits) else None


@lru_cache(maxsize=_KEPT)
def overs_of(text: str) -> Overs | None:
    """Overs such as 12.4; None where the text is none."""
    digits = digits_of(text)
    if digits is None:
        return None
    for balls_per_over in (6, 8):
        try:
            return Overs.parse(digits, balls_per_over)
        except ValueError:
            continue
    return None


def cell_value(
    words: tuple[Word, ...], page: int, reader: Callable[[str], T | None]
) -> Value[T] | None:
    """The number in a cell, through the first of its readings that is one.

    Words are tried joined, since a wide pitch splits `79.5` at its point.
    """
    if not words:
        return None
    for text in _texts(words):
        number = reader(text)
        if number is not None:
            return value_of(number, page, words)
    return None


def _texts(words: tuple[Word, ...]) -> Iterator[str]:
    joined = "".join(word.text for word in words)
    yield joined
    if len(words) == 1:
        yield from words[0].alternatives
    else:
        # A chevron or speck beside the number is a word of its own.
        for word in words:
            if is_plainly_numeric(word.text):
                yield word.text
                return
