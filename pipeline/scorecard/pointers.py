"""Values of an innings by their pointer: `batting/3/runs`, `total/overs`."""

from dataclasses import replace
from typing import cast

from pipeline.scorecard.model import Innings
from pipeline.scorecard.value import Value


def value_at(innings: Innings, cell: str) -> Value[object] | None:
    """The value that a pointer names; None where the card does not show it."""
    part: object = innings
    for step in cell.split("/"):
        if isinstance(part, tuple):
            part = part[int(step)]
        elif part is not None:
            part = getattr(part, step)
    return part if isinstance(part, Value) else None


def with_value(innings: Innings, cell: str, value: Value[object]) -> Innings:
    """The innings with another value at a pointer."""
    return cast("Innings", _with(innings, cell.split("/"), value))


def _with(part: object, steps: list[str], value: Value[object]) -> object:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(part, tuple):
        index = int(step)
        return (*part[:index], _with(part[index], rest, value), *part[index + 1 :])
    changed = {step: _with(getattr(part, step), rest, value)}
    return replace(part, **changed)  # type: ignore[type-var]  # only the model's dataclasses
