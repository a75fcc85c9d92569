"""A document back to the scorecard that it was written from: what `document` does, undone."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from pipeline.ocr.words import Box
from pipeline.scorecard.model import Innings, Match, Repair, Scorecard, Unread
from pipeline.scorecard.numbers import decimal_of, overs_of
from pipeline.scorecard.over_length import with_over_length
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.value import Value

Document = Mapping[str, Any]
"""As `document_of` gives it."""

_NOWHERE: Final = Box(0, 0, 0, 0)
_MADE_AFTERWARDS: Final = frozenset({"unread", "marked", "checks", "repairs", "verified"})
"""Fields of an innings that the document states apart from its values."""


def restored(document: Document, by_person: Collection[str] = ()) -> Scorecard:
    """The scorecard of a document, without its checks.

    Args:
        document: the document.
        by_person: pointers of values that a person gave: they are in no doubt, and no longer unread
            or repaired.
    """
    places = _Places(document, frozenset(by_person))
    match = cast("Match", places.part(Match, document.get("match") or {}, "/match"))
    innings = tuple(
        with_over_length(_innings(places, one, number))
        for number, one in enumerate(document.get("innings") or ())
    )
    return Scorecard(match, innings, tuple(document.get("warnings") or ()))


def kind_at(cell: str) -> type:
    """The type of the value that a pointer, like `/innings/0/batting/3/runs`, leads to.

    Raises:
        LookupError: no value stands there in any document.
    """
    _, top, *steps = cell.split("/") if cell.startswith("/") else ("", "")
    hint: Any = {"match": Match, "innings": tuple[Innings, ...]}.get(top)
    for step in steps:
        hint = _within(hint, step)
    if get_origin(hint) is not Value:
        raise LookupError(f"No value of a scorecard stands at {cell!r}.")
    return cast("type", get_args(hint)[0])


def _within(hint: Any, step: str) -> Any:
    if get_origin(hint) is tuple:
        return _shown(get_args(hint)[0]) if step.isdecimal() else None
    if not isinstance(hint, type) or step in _MADE_AFTERWARDS:
        return None
    return _hints(hint).get(step)


@cache
def _hints(part: type) -> dict[str, Any]:
    """The types of a part's fields that the document states in place, None left out of them."""
    hints = get_type_hints(part) if hasattr(part, "__dataclass_fields__") else {}
    return {name: _shown(hint) for name, hint in hints.items() if name not in _MADE_AFTERWARDS}


def _shown(hint: Any) -> Any:
    """`X` of `X | None`."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    return hint


class _Places:
    """Builds parts of the model from those of a document, with where each value was read."""

    def __init__(self, document: Document, by_person: frozenset[str]) -> None:
        self._readings = document.get("readings") or {}
        self._became = {one["cell"]: one["became"] for one in document.get("repairs") or ()}
        self._document = document
        self._by_person = by_person

    def part(self, hint: Any, stated: Any, cell: str) -> object:
        """What the document states at a pointer, as the model has it; None where nothing is."""
        if stated is None:
            # Sides that no line names are an empty list in the model.
            return () if cell == "/match/teams" else None
        if get_origin(hint) is Value:
            return self._value(get_args(hint)[0], stated, cell)
        if get_origin(hint) is tuple:
            item = _shown(get_args(hint)[0])
            return tuple(self.part(item, one, f"{cell}/{n}") for n, one in enumerate(stated))
        fields = {
            name: self.part(inner, stated.get(name), f"{cell}/{name}")
            for name, inner in _hints(hint).items()
        }
        return cast("object", hint(**fields))

    def of(self, number: int, name: str) -> list[Document]:
        """Those of a list beside the values that concern one innings and no value of a person."""
        return [
            one
            for one in self._document.get(name) or ()
            if one["cell"].startswith(f"/innings/{number}/") and one["cell"] not in self._by_person
        ]

    def marked(self, number: int) -> frozenset[str]:
        """Columns of an innings that are marked with words."""
        above = f"/innings/{number}/"
        columns = self._document.get("marked") or ()
        return frozenset(each.removeprefix(above) for each in columns if each.startswith(above))

    def _value(self, kind: type, stated: Any, cell: str) -> Value[object]:
        place = self._readings.get(cell) or {}
        page = place.get("page", 0)
        box = Box(*place["box"]) if place else _NOWHERE
        if cell in self._by_person:
            return Value(_typed(kind, stated, str(stated)), str(stated), page, box, 1.0)
        value = _typed(kind, stated, self._became.get(cell, place.get("read", "")))
        others = tuple(place.get("alternatives", ()))
        return Value(value, place.get("read", ""), page, box, place.get("confidence", 0.0), others)


def _innings(places: _Places, stated: Document, number: int) -> Innings:
    above = f"/innings/{number}"
    unread = tuple(
        Unread(each["cell"].removeprefix(f"{above}/"), _ink(each))
        for each in places.of(number, "unread")
    )
    repairs = tuple(
        Repair(
            each["cell"].removeprefix(f"{above}/"),
            each["read"],
            each["became"],
            tuple(each["settles"]),
            by_inference=each["by_inference"],
        )
        for each in places.of(number, "repairs")
    )
    shown = {
        name: places.part(hint, stated.get(name), f"{above}/{name}")
        for name, hint in _hints(Innings).items()
    }
    return Innings(**shown, unread=unread, repairs=repairs, marked=places.marked(number))  # type: ignore[arg-type]  # by the hints themselves


def _ink(place: Document) -> Value[None]:
    box, others = Box(*place["box"]), tuple(place["alternatives"])
    return Value(None, place["read"], place["page"], box, place["confidence"], others)


def _typed(kind: type, stated: Any, text: str) -> object:
    """A value of JSON as the model's type.

    Args:
        kind: the model's type.
        stated: in the document.
        text: as it was read: a number of JSON has lost the noughts that a rate was printed with,
            and to how many places it was rounded decides whether it fits.
    """
    if kind is Overs:
        return overs_of(stated)
    if kind is Decimal:
        printed = decimal_of(text)
        plain = Decimal(int(stated)) if stated == int(stated) else Decimal(str(stated))
        return printed if printed == plain else plain
    return stated
