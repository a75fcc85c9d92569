"""Names as the card prints them, without the marks and specks around them."""

import re
from collections.abc import Sequence

from pipeline.ocr.words import Word
from pipeline.scorecard.characters import DASHES, QUOTES
from pipeline.scorecard.value import Value, value_of
from pipeline.scorecard.vocabulary import CAPTAIN_AND_KEEPER_MARKS

_RUNNING_NUMBER = re.compile(r"(?:\d{1,2}|[lI]\d?)[.):,]?")
_GLUED_NUMBER = re.compile(r"^\d{1,2}[.)]\s*(?=\D)")
_MARK = re.compile(
    r"\s*\(\s*(?:"
    + "|".join(re.escape(mark) for mark in sorted(CAPTAIN_AND_KEEPER_MARKS, key=len, reverse=True))
    + r")\s*\)",
    re.IGNORECASE,
)
_DAGGER_READ_AS_LETTER = re.compile(r"(?<![^\s(/])[t+f‡†](?=[A-Z][\w.]*)")
_KEEPER_BEHIND = re.compile(r"\s+[†‡+*tf1]$")
_AROUND = " \t,:;*†‡|_~=•·»«<>^\\/{}[]¢®©" + QUOTES + DASHES
_SAME_SHAPE = frozenset("ckopsuvwxz")
"""Letters whose capital differs in size alone."""
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")
"""The end of a sentence or of what led to a number; an initial keeps its point."""
_LEADERS = re.compile(r"(?:\s*[.…_]){3,}.*$")


def clean_name(text: str) -> str:
    """The name in a text: `'Rohit (c)'` -> `Rohit`, `† MS Dhoni*` -> `MS Dhoni`."""
    name = _LEADERS.sub("", text)
    name = _MARK.sub("", name)
    name = _GLUED_NUMBER.sub("", name.strip(_AROUND))
    name = _DAGGER_READ_AS_LETTER.sub("", name)
    name = _KEEPER_BEHIND.sub("", name.strip(_AROUND))
    name = _FULL_STOP.sub("", name.strip(_AROUND))
    if name.count("(") > name.count(")"):
        name += ")"
    return " ".join(_initial(part) for part in name.split())


def _initial(part: str) -> str:
    """A lone small letter is a capital that was read too small: `s R Taylor`, `Cc Noel`."""
    if len(part) == 1 and part in _SAME_SHAPE:
        return part.upper()
    if len(part) == 2 and part[0].isupper() and part[1] == part[0].lower() in _SAME_SHAPE:
        return part[0]
    return part


def name_of(words: Sequence[Word], page: int) -> Value[str] | None:
    """The name in a cell of words; None where the cell holds none."""
    kept = list(words)
    while len(kept) > 1 and (_is_running_number(kept[0]) or _is_speck(kept[0])):
        kept.pop(0)
    while len(kept) > 1 and _is_speck(kept[-1]):
        kept.pop()
    if not kept:
        return None
    name = clean_name(" ".join(word.text for word in kept))
    if not any(character.isalpha() for character in name):
        return None
    return value_of(name, page, kept)


def _is_running_number(word: Word) -> bool:
    return (
        _RUNNING_NUMBER.fullmatch(word.text) is not None
        and (word.text[0].isdigit() or word.text.endswith("."))
        and not (word.text[0].isalpha() and len(word.text) <= 2 and word.text[0] == "I")
    )


def _is_speck(word: Word) -> bool:
    return not any(character.isalnum() or character in "()" for character in word.text)
