"""Small plots of the last hour: numbers to coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.storage.last_hour import Minute

WIDTH, HEIGHT = 600.0, 90.0


@dataclass(frozen=True, slots=True)
class Column:
    """A minute."""

    x: float
    width: float
    read: float
    """Height of what was read."""
    dead: float
    """Height of what was given up, on top of it."""
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn."""

    columns: tuple[Column, ...]
    most: int
    """Uploads of the best minute: the height of the drawing."""
    lines: tuple[str, ...]
    """Points of the median reading time, a line for each run of minutes that have one."""
    longest: float
    """Seconds: the height of that drawing."""
    total: int


def plot(minutes: Sequence[Minute]) -> Plot:
    """The plots of these minutes."""
    most = max((each.committed + each.dead for each in minutes), default=0)
    longest = max((each.seconds or 0.0 for each in minutes), default=0.0)
    step = WIDTH / max(len(minutes), 1)
    unit = HEIGHT / max(most, 1)
    columns = tuple(
        Column(
            x=round(number * step, 1),
            width=round(step - 2, 1),
            read=round(each.committed * unit, 1),
            dead=round(each.dead * unit, 1),
            label=f"{each.at:%H:%M}: {each.committed} read, {each.dead} given up",
        )
        for number, each in enumerate(minutes)
    )
    return Plot(
        columns,
        most,
        _lines(minutes, step, longest),
        longest,
        sum(each.committed for each in minutes),
    )


def _lines(minutes: Sequence[Minute], step: float, longest: float) -> tuple[str, ...]:
    lines: list[list[str]] = [[]]
    for number, each in enumerate(minutes):
        if each.seconds is None:
            lines.append([])
            continue
        x, y = (number + 0.5) * step, HEIGHT * (1 - each.seconds / max(longest, 0.001))
        lines[-1].append(f"{x:.1f},{y:.1f}")
    # A point alone is a short stroke.
    return tuple(
        " ".join(points if len(points) > 1 else [*points, *points]) for points in lines if points
    )
