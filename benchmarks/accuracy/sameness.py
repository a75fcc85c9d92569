"""When a value that was read is the value that stands on the card."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from rapidfuzz.distance import Levenshtein

Same = Callable[[Any, Any], bool]
"""Of what is true and what was read, neither of them None."""

_ROLE = re.compile(r"\((c|wk|c ?& ?wk|c/wk|vc)\)")
_SIGNS = re.compile(r"[†*+'\N{RIGHT SINGLE QUOTATION MARK}`]")
_BETWEEN = re.compile(r"[^a-z0-9/&()]+")
_NOUGHTS = re.compile(r"\.0+$")
_FORMS = (
    (r" c ?(&|and) ?b ", " cb "),
    (r" caught and bowled( by)? ", " cb "),
    (r" (ct|caught) ", " c "),
    (r" bowled ", " b "),
    (r" stumped ", " st "),
    (r" hit wkt ", " hit wicket "),
    (r" (batting|no|notout) ", " not out "),
    (r" retd ", " retired "),
)
"""Spellings of a dismissal, and the one that is compared."""
_DATES = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%B-%Y",
    "%B %d, %Y",
    "%d-%m-%Y",
)
_LONG_NAME = 6
_ALIKE_DISMISSAL = 0.88
_ALIKE_TEXT = 0.9
_HALF_A_RATE = 0.0105


def plain_name(name: object) -> str:
    """A name without case, accents, signs and roles; its initials closed up: `spd smith`."""
    letters = unicodedata.normalize("NFKD", str(name))
    letters = "".join(each for each in letters if not unicodedata.combining(each)).lower()
    words = _BETWEEN.sub(" ", _SIGNS.sub("", _ROLE.sub(" ", letters))).split()
    closed_up = (
        ["".join(group)] if single else list(group)
        for single, group in groupby(words, key=lambda word: len(word) == 1)
    )
    return " ".join(word for group in closed_up for word in group)


def alike(one: str, other: str) -> float:
    """0 to 1.

    Source: Ratcliff and Obershelp, "Pattern matching: the gestalt approach" (1988).
    """
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def same_name(true: Any, read: Any) -> bool:
    """The same but for one letter of a name of six or more."""
    one, other = _letters(plain_name(true)), _letters(plain_name(read))
    return one == other or (
        max(len(one), len(other)) >= _LONG_NAME and Levenshtein.distance(one, other) <= 1
    )


def same_name_exactly(true: Any, read: Any) -> bool:
    """The same letters."""
    return _letters(plain_name(true)) == _letters(plain_name(read))


def same_dismissal(true: Any, read: Any) -> bool:
    """Nearly the same words, however the way out is abbreviated."""
    one, other = _plain_dismissal(true), _plain_dismissal(read)
    return one == other or alike(one, other) >= _ALIKE_DISMISSAL


def same_dismissal_exactly(true: Any, read: Any) -> bool:
    """The same letters, however the way out is abbreviated."""
    return _letters(_plain_dismissal(true)) == _letters(_plain_dismissal(read))


def same_number(true: Any, read: Any) -> bool:
    """Equal as numbers."""
    return _apart(true, read) < 1e-9


def same_rate(true: Any, read: Any) -> bool:
    """Equal but for how the second digit was rounded."""
    return _apart(true, read) < _HALF_A_RATE


def same_overs(true: Any, read: Any) -> bool:
    """`20.0` is `20`; `19.6` is not."""
    return plain_overs(true) == plain_overs(read)


def plain_overs(overs: object) -> str:
    """Overs without noughts behind the point."""
    return _NOUGHTS.sub("", str(overs).strip())


def same_text(true: Any, read: Any) -> bool:
    """Nearly the same words; a list is its items with commas."""
    one, other = (_letters(plain_name(_listed(each))) for each in (true, read))
    return one == other or alike(one, other) >= _ALIKE_TEXT


def same_date(true: Any, read: Any) -> bool:
    """The same day, in whatever form."""
    return _plain_date(true) == _plain_date(read)


def same_word(true: Any, read: Any) -> bool:
    """The same but for case."""
    return str(true).lower() == str(read).lower()


def same_answer(true: Any, read: Any) -> bool:
    """Both yes or both no."""
    return bool(true) == bool(read)


def _letters(words: str) -> str:
    return words.replace(" ", "")


def _plain_dismissal(how_out: Any) -> str:
    text = f" {plain_name(how_out)} "
    for form, compared in _FORMS:
        text = re.sub(form, compared, text)
    return re.sub(r"[ ()]+", " ", text).strip()


def _listed(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _apart(one: Any, other: Any) -> float:
    """Infinitely far where one of them is no number."""
    try:
        return abs(float(one) - float(other))
    except (TypeError, ValueError, OverflowError):
        return float("inf")


def _plain_date(date: Any) -> str:
    text = str(date).strip()
    for form in _DATES:
        try:
            # Days alone are compared; no card tells its time zone.
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 (see above)
        except ValueError:
            continue
    return text.lower()
