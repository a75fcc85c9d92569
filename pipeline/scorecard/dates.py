"""Days as cards print them, into ISO 8601."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from pipeline.scorecard.characters import DASHES

MONTHS: Final = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                ("january", "jan"),
                ("february", "feb"),
                ("march", "mar"),
                ("april", "apr"),
                ("may",),
                ("june", "jun"),
                ("july", "jul"),
                ("august", "aug"),
                ("september", "sept", "sep"),
                ("october", "oct"),
                ("november", "nov"),
                ("december", "dec"),
            ),
            start=1,
        )
        for name in names
    }
)
"""Names of months; a language adds its own."""

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAYS: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_REACH: Final = rf"(?:\s*(?:[,&{DASHES}]|to)\s*\d{{1,2}}(?:st|nd|rd|th)?)*"
"""Further days of a match that lasts several; the first counts."""
_FORMS: Final = (
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?<!\d){_DAYS}{_REACH}\s*[-.]?\s*(?P<name>{_MONTH})[a-z]*\.?,?\s*[-.]?\s*(?P<year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<name>{_MONTH})[a-z]*\.?\s*{_DAYS}{_REACH},?\s*(?P<year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day and its place in a text."""

    iso: str
    start: int
    end: int


def find_date(text: str) -> FoundDate | None:
    """The first day that a text names; of several days in a row, the first."""
    return next(_dates(text), None)


def _dates(text: str) -> Iterator[FoundDate]:
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            month = MONTHS[parts["name"].casefold()] if parts.get("name") else int(parts["month"])
            try:
                day = date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                continue
            yield FoundDate(day.isoformat(), match.start(), match.end())
