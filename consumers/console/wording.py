"""How values are written for people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from pipeline.storage.uploads import COUNTED

NOTHING = "\N{EN DASH}"


def span(duration: timedelta | float | None) -> str:
    """A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 2 h`."""
    if duration is None:
        return NOTHING
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if seconds < 0:
        return "0 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, name, less, lesser in (
        (86_400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= unit:
            rest = whole % unit // less
            return f"{whole // unit} {name} {rest} {lesser}" if rest else f"{whole // unit} {name}"
    return f"{whole} s"


def ago(at: datetime | None) -> str:
    """How long ago a moment was."""
    return NOTHING if at is None else f"{span(datetime.now(UTC) - _aware(at))} ago"


def moment(at: datetime | None) -> str:
    """A moment by the clock, in UTC."""
    return NOTHING if at is None else f"{_aware(at).astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _aware(at: datetime) -> datetime:
    """A backend's table may have columns without a zone: they hold UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def size(amount: int | None) -> str:
    """Bytes as people say them."""
    if amount is None:
        return NOTHING
    if amount < 1000:
        return f"{amount} B"
    scaled = amount / 1000
    for unit in ("kB", "MB", "GB"):
        if scaled < 1000:
            return f"{scaled:.1f} {unit}" if scaled < 10 else f"{scaled:.0f} {unit}"
        scaled /= 1000
    return f"{scaled:.1f} TB"


def count(number: int | None) -> str:
    """A number with its thousands apart."""
    return NOTHING if number is None else f"{number:,}"


def counted(number: int) -> str:
    """A number of uploads in a status: `10,000+` where it is counted no further."""
    return f"{number:,}+" if number >= COUNTED else f"{number:,}"


def share(part: float | None) -> str:
    """A share in per cent."""
    return NOTHING if part is None else f"{part:.1%}"


def part(name: str) -> str:
    """A name as one part of an address."""
    return quote(name, safe="")


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (span, ago, moment, size, count, counted, share, part)
}
