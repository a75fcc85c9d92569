"""How a batter's innings ended, in the forms of the trade."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.ocr.words import Word
from pipeline.scorecard.characters import DASHES, QUOTES
from pipeline.scorecard.endings import PHRASES, Ending
from pipeline.scorecard.names import clean_name

_LONGEST: Final = 4
_MISSPELT_FROM: Final = 6
_LONGEST_TEXT: Final = max(map(len, PHRASES)) + 1
"""Characters of the longest ending, one of them misread as two."""
_OF_LENGTH: Final = tuple(
    tuple(
        (known, ending)
        for known, ending in PHRASES.items()
        if " " in known and len(known) >= _MISSPELT_FROM and abs(len(known) - length) <= 1
    )
    for length in range(_LONGEST_TEXT + 1)
)
"""What a text of each length may be with a misread letter: no ending of one word, `Bowler` is no
misspelt `bowled`."""
_KEPT: Final = 4096
"""Texts of which the ending is remembered."""
_LBW_MISREAD: Final = re.compile(r"[il1|!t]b[wv]{1,2}\.?|low", re.IGNORECASE)
_CAUGHT_MISREAD: Final = frozenset({"¢", "<", "©", "€", "c¢", "¢c", "cc", "ec", "ce", "oc"})
_GLUED: Final = re.compile(r"([c¢b])((?:[A-Z]|[A-Z]\w).*)")
"""`cR Ashwin`: no name begins with a small letter before a capital one."""
_CAUGHT_AND_BOWLED_MISREAD: Final = re.compile(r"[c¢][ct]?\s?[&8$]\s?[b6]")
_BOWLED_BY: Final = frozenset({"b", "bowled", "b:"})
_BOWLED_BY_MISREAD: Final = frozenset({"6", "h", "8"})
_BOWLED_BY_AGAIN: Final = re.compile(r"^(?:b|bowled)[.:]?\s+", re.IGNORECASE)
"""What a card may print before the bowler in his own column too."""
_PUNCTUATION: Final = " .,:;|_~*" + QUOTES + DASHES


@dataclass(frozen=True, slots=True)
class Dismissal:
    """How an innings ended, and through whom."""

    ending: Ending
    by: str = ""
    """Fielder or fielders, as printed."""
    bowler: str = ""

    def __str__(self) -> str:
        if self.ending is Ending.RUN_OUT and self.by:
            return f"{self.ending} {self.by}"
        parts: list[str] = [self.ending.value]
        if self.by:
            parts.append(self.by)
        if self.bowler and self.ending not in (Ending.BOWLED, Ending.CAUGHT_AND_BOWLED):
            parts.append("b")
        if self.bowler:
            parts.append(self.bowler)
        return " ".join(parts)


def opening_at(words: Sequence[Word], *, strict: bool = True) -> tuple[Ending, int] | None:
    """The ending that words begin with, and of how many words it is.

    Args:
        words: candidates; only their beginning counts.
        strict: whether capitals `C` and `B` are initials and no opening.
    """
    for length in range(min(_LONGEST, len(words)), 0, -1):
        text = " ".join([word.text for word in words[:length]])
        ending = _ending_of(text.strip(_PUNCTUATION), strict=strict)
        if ending is not None:
            return ending, length
    return None


@lru_cache(maxsize=_KEPT)
def ending_of(how_out: str) -> Ending | None:
    """The ending that the document's text of a dismissal tells."""
    texts = how_out.split()
    for length in range(min(_LONGEST, len(texts)), 0, -1):
        ending = PHRASES.get(" ".join(texts[:length]).casefold())
        if ending is not None:
            return ending
    return None


@lru_cache(maxsize=_KEPT)
def _ending_of(text: str, *, strict: bool) -> Ending | None:
    """The ending that a text is; the same few texts are asked for many times a card."""
    # An engine may double a lone small letter, as a capital and itself: `Cc` for `c`.
    text = "c" if text == "Cc" else text
    if len(text) <= 2 and strict and text != text.lower():
        return None
    phrase = text.casefold()
    if _LBW_MISREAD.fullmatch(phrase):
        return Ending.LBW
    if _CAUGHT_AND_BOWLED_MISREAD.fullmatch(phrase):
        return Ending.CAUGHT_AND_BOWLED
    if phrase == "no" and strict:
        return None
    exact = PHRASES.get(phrase) or (Ending.CAUGHT if phrase in _CAUGHT_MISREAD else None)
    if exact is not None or len(phrase) < _MISSPELT_FROM:
        return exact
    if len(phrase) > _LONGEST_TEXT:
        return None
    for known, ending in _OF_LENGTH[len(phrase)]:
        if Levenshtein.distance(phrase, known, score_cutoff=1) <= 1:
            return ending
    return None


def find_opening(words: Sequence[Word], start: int = 0) -> int | None:
    """Number of the word at which a dismissal begins; None where none does."""
    for index in range(start, len(words)):
        found = opening_at(words[index:])
        if found is None:
            continue
        ending, length = found
        rest = words[index + length :]
        if ending in (Ending.CAUGHT, Ending.STUMPED) and not _bowled_by(rest):
            continue
        # A lone `b` at the end of a name is dirt; `bowled` and `lbw` may have their own column.
        if ending is Ending.BOWLED and not rest and len(words[index].text) == 1:
            continue
        return index
    return None


def _bowled_by(words: Sequence[Word]) -> int | None:
    for index, word in enumerate(words):
        # With the catcher before it, a `b` may end the row, and the bowler stand in the next.
        if word.text.casefold().strip(_PUNCTUATION) in _BOWLED_BY and (
            index + 1 < len(words) or index > 0
        ):
            return index
    for index, word in enumerate(words):
        if word.text in _BOWLED_BY_MISREAD and 0 < index < len(words) - 1:
            return index
    return None


def parted(words: Sequence[Word]) -> list[Word]:
    """The words, with a `c` or `b` cut off the name that it was read into: `cR Ashwin`."""
    result: list[Word] = []
    for word in words:
        match = _GLUED.fullmatch(word.text)
        texts = match.groups() if match else (word.text,)
        result.extend(replace(word, text=text) for text in texts)
    return result


def is_unfinished(words: Sequence[Word]) -> bool:
    """Whether a dismissal goes on in the next row: an open bracket, or an end like `c` or `b`."""
    text = _text(words)
    return text.count("(") > text.count(")") or text.split()[-1].casefold() in ("c", "b", "&", "st")


def parse_dismissal(words: Sequence[Word], bowler: Sequence[Word] = ()) -> Dismissal | None:
    """The dismissal that words tell, with the bowler of a column of his own; None for none.

    `c K Verreynne b A Nortje`; `bowled` with `V.N. Watts`; `run out (Pant/Bumrah)`.
    """
    found = opening_at(words, strict=False)
    if found is None:
        return None
    ending, length = found
    rest = list(words[length:])
    by_bowler = clean_name(_BOWLED_BY_AGAIN.sub("", _text(bowler)))
    if ending is Ending.RUN_OUT:
        # In a column of its own stands then who threw.
        return Dismissal(ending, _fielders(_text(rest or bowler)))
    if not ending.credits_bowler:
        return Dismissal(ending)
    if ending is Ending.BOWLED:
        return Dismissal(ending, bowler=by_bowler or clean_name(_text(rest)))
    split = _bowled_by(rest)
    if split is not None and not by_bowler:
        by_bowler = clean_name(_text(rest[split + 1 :]))
        rest = rest[:split]
    if ending is Ending.CAUGHT_AND_BOWLED:
        return Dismissal(ending, bowler=by_bowler or clean_name(_text(rest)))
    return Dismissal(ending, clean_name(_text(rest)), by_bowler)


def _fielders(text: str) -> str:
    """`(Pant/Bumrah)`, with the brackets that the card prints."""
    names = text.strip(_PUNCTUATION + "[]{}")
    if names.startswith("(") and names.count("(") > names.count(")"):
        names += ")"
    return names


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
