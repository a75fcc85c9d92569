"""Values that a person types, as the document states them, and where they go."""

from decimal import Decimal
from typing import Any, Final

from pipeline.scorecard.overs import Overs
from pipeline.scorecard.restored import kind_at

_LARGEST: Final = 9999
_LONGEST: Final = 200
"""Characters of a name, a dismissal, a venue."""
_YES: Final = frozenset({"yes", "true", "w"})
_NO: Final = frozenset({"no", "false"})
_REQUIRED: Final = frozenset({"name", "ball"})
"""Without them a row is none."""

_SECTIONS: Final = frozenset({"extras", "total"})


class InvalidEdit(ValueError):
    """The value cannot stand where it is to; the message says why, for the person who gave it."""


def typed_value(cell: str, text: str) -> object:
    """A typed value in the form that the document has it; None for an empty one.

    Raises:
        InvalidEdit: it is of the wrong kind for its place, or the pointer leads nowhere.
    """
    try:
        kind = kind_at(cell)
    except LookupError as error:
        raise InvalidEdit(str(error)) from None
    text = " ".join(text.split())
    if not text:
        field = cell.rpartition("/")[2]
        if field in _REQUIRED or field.isdecimal():
            raise InvalidEdit("This cannot be empty.")
        return None
    return _READERS[kind](text)


def holder(document: dict[str, Any], cell: str) -> tuple[Any, Any]:
    """The object or list that holds a pointer's value, and its key in there.

    A total or extras that the document has none of are made.

    Raises:
        InvalidEdit: there is no such row.
    """
    *above, last = cell.split("/")[1:]
    part: Any = document
    for step in above:
        if not isinstance(part, dict):
            part = _item(part, step, cell)
        elif step in _SECTIONS and part.get(step) is None:
            # A section that the picture was not seen to show.
            part[step] = {}
            part = part[step]
        else:
            part = part.get(step)
    if isinstance(part, list):
        _item(part, last, cell)
        return part, int(last)
    if not isinstance(part, dict):
        raise InvalidEdit(f"Nothing stands at {cell}.")
    part.setdefault(last, None)
    return part, last


def _item(part: Any, step: str, cell: str) -> Any:
    if not isinstance(part, list) or int(step) >= len(part):
        raise InvalidEdit(f"Nothing stands at {cell}.")
    return part[int(step)]


def _integer(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > _LARGEST:
        raise InvalidEdit(f"“{text[:20]}” is no whole number from 0 to {_LARGEST:,}.")
    return int(text)


def _overs(text: str) -> str:
    for balls_per_over in (6, 8):
        try:
            return str(Overs.parse(text, balls_per_over))
        except ValueError:
            continue
    raise InvalidEdit(f"“{text[:20]}” is no number of overs, such as 12.4 or 20.")


def _rate(text: str) -> float:
    whole, _, places = text.partition(".")
    if not (text.isascii() and (whole + places).isdecimal() and len(text) <= 7 and whole):
        raise InvalidEdit(f"“{text[:20]}” is no rate, such as 118.64.")
    return float(Decimal(text))


def _words(text: str) -> str:
    if len(text) > _LONGEST or not text.isprintable():
        raise InvalidEdit(f"At most {_LONGEST} letters, please.")
    return text


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in _YES | _NO:
        raise InvalidEdit("Say yes or no.")
    return text.casefold() in _YES


_READERS: Final = {int: _integer, Overs: _overs, Decimal: _rate, str: _words, bool: _yes_or_no}
"""What a person types to what the document states, by the model's type."""
