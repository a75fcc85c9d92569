"""An upload's deliveries and their stages, as bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.storage.attempts import Attempt

WIDTH = 1000.0
"""Units of a bar's drawing, whatever its width on the screen."""
THINNEST = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage."""

    name: str
    page: int | None
    seconds: float
    x: float
    width: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery, to be drawn."""

    attempt: Attempt
    waited: timedelta
    """Since the upload was asked for, or since the delivery before ended."""
    took: timedelta
    """So far, where it has not ended."""
    bars: tuple[Bar, ...]
    sums: tuple[tuple[str, float], ...]
    """Seconds of each stage over all pages, in the order in which they ran."""
    length: float
    """Of the whole delivery, on the scale of the longest."""


def timeline(attempts: Iterable[Attempt], asked_at: datetime | None) -> tuple[Delivery, ...]:
    """All deliveries on one scale."""
    now = datetime.now(UTC)
    known = list(attempts)
    longest = max((_took(each, now) for each in known), default=timedelta(0))
    scale = WIDTH / max(longest.total_seconds(), 0.001)
    found = []
    free_since = asked_at
    for each in known:
        waited = each.started_at - free_since if free_since else timedelta(0)
        stages = [stage for stage in each.stages or () if _is_timed(stage)]
        found.append(
            Delivery(
                attempt=each,
                waited=max(waited, timedelta(0)),
                took=_took(each, now),
                bars=tuple(_bar(stage, each.started_at.timestamp(), scale) for stage in stages),
                sums=_sums(stages),
                length=max(_took(each, now).total_seconds() * scale, THINNEST),
            )
        )
        free_since = each.finished_at or now
    return tuple(found)


def _took(attempt: Attempt, now: datetime) -> timedelta:
    return max((attempt.finished_at or now) - attempt.started_at, timedelta(0))


def _is_timed(stage: Mapping[str, object]) -> bool:
    return isinstance(stage.get("started_at"), (int, float)) and isinstance(
        stage.get("ended_at"), (int, float)
    )


def _seconds(stage: Mapping[str, object]) -> float:
    return max(_number(stage, "ended_at") - _number(stage, "started_at"), 0.0)


def _number(stage: Mapping[str, object], key: str) -> float:
    value = stage[key]
    return float(value) if isinstance(value, (int, float)) else 0.0


def _bar(stage: Mapping[str, object], began: float, scale: float) -> Bar:
    page = stage.get("page")
    # The clock of the replica's host need not be PostgreSQL's.
    x = min(max(_number(stage, "started_at") - began, 0.0) * scale, WIDTH - THINNEST)
    width = min(max(_seconds(stage) * scale, THINNEST), WIDTH - x)
    return Bar(
        name=str(stage.get("name", "")),
        page=page if isinstance(page, int) else None,
        seconds=_seconds(stage),
        x=round(x, 1),
        width=round(width, 1),
        failed=bool(stage.get("error_code")),
    )


def _sums(stages: Iterable[Mapping[str, object]]) -> tuple[tuple[str, float], ...]:
    sums: dict[str, float] = {}
    for stage in stages:
        name = str(stage.get("name", ""))
        sums[name] = sums.get(name, 0.0) + _seconds(stage)
    return tuple(sums.items())
