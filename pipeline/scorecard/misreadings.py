"""Other readings of a number's ink, and what each costs in likelihood."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from pipeline.scorecard.numbers import decimal_of, digits_of, integer_of, overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.value import Value

_OFFERED: Final = 1.0
"""Cost of a reading that the engine offered itself; each further one a little more."""
_LOST_POINT: Final = 1.0
_SPECK: Final = 2.0
"""Cost of a digit that is dirt: the frame's edge read as 1."""
_CONFUSED: Final = 2.5
_LOST_DIGIT: Final = 3.0
_UNREAD: Final = 2.0
"""Cost of a number for ink in which no engine saw one."""
_SURE_EXTRA: Final = 3.0
"""What it costs more to doubt a number that the engine was quite sure of."""

_ALIKE: Final = MappingProxyType(
    {
        "0": "689",
        "1": "74",
        "2": "7",
        "3": "859",
        "4": "19",
        "5": "638",
        "6": "580",
        "7": "12",
        "8": "3069",
        "9": "4038",
    }
)
"""Digits that are taken for one another."""
RATES: Final = frozenset({"strike_rate", "economy"})
"""Fields that follow from others."""
_OVERS: Final = frozenset({"overs", "over"})

Number = int | Decimal | Overs


@dataclass(frozen=True, slots=True)
class Reading:
    """Another number that the ink may show."""

    value: Number
    cost: float
    ink: Value[object]
    by_inference: bool
    """Whether no engine read it."""


def other_readings(cell: str, value: Value[object]) -> Iterator[Reading]:
    """Numbers that a cell's ink may show instead, each once, with its least cost."""
    seen: dict[str, Reading] = {}
    digits = digits_of(value.text) or str(value.value)
    for text, cost, inferred in _texts(cell, digits, value):
        number = number_of(cell, text)
        if number is None or number == value.value:
            continue
        known = seen.get(str(number))
        if known is None or cost < known.cost:
            seen[str(number)] = Reading(number, cost, value, inferred)
    yield from seen.values()


def _texts(cell: str, digits: str, value: Value[object]) -> Iterator[tuple[str, float, bool]]:
    for rank, text in enumerate(value.alternatives):
        yield text, _OFFERED + 0.1 * rank, False
    sure = _SURE_EXTRA * max(0.0, value.confidence - 0.5) * 2
    field = cell.rsplit("/", 1)[-1]
    if field in RATES | _OVERS and "." not in digits:
        for place in range(1, len(digits)):
            yield f"{digits[:place]}.{digits[place:]}", _LOST_POINT, False
        return
    for place, digit in enumerate(digits):
        before, after = digits[:place], digits[place + 1 :]
        if len(digits) > 1 and digit != "." and before + after:
            edge = place in (0, len(digits) - 1)
            yield before + after, (_SPECK if edge else _SPECK + 0.5) + sure, True
        for other in _ALIKE.get(digit, ""):
            yield before + other + after, _CONFUSED + sure, True
    if field not in RATES:
        for extra in "0123456789":
            yield extra + digits, _LOST_DIGIT + sure, True
            yield digits + extra, _LOST_DIGIT + sure, True


def number_of(cell: str, text: str) -> Number | None:
    """The number of a text, of the type that the cell has."""
    field = cell.rsplit("/", 1)[-1]
    if field in RATES:
        return decimal_of(text)
    if field in _OVERS:
        return overs_of(text)
    return integer_of(text)


def reading_of_ink(cell: str, number: int, ink: Value[None]) -> Reading | None:
    """A number that an equation names for ink in which no engine saw one."""
    value = number_of(cell, str(number)) if number >= 0 else None
    if value is None:
        return None
    seen: Value[object] = Value(None, ink.text, ink.page, ink.box, ink.confidence, ink.alternatives)
    return Reading(value, _UNREAD, seen, by_inference=True)
