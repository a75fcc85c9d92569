"""Misreadings that the arithmetic settles.

Where an equation fails, every other reading of every one of its cells is tried: first what the
engine itself offered for the ink, then what engines commonly make of digits. A reading is taken
only if it is the cheapest that settles what failed without breaking anything, and the only one of
its cost. A sum that no other reading of the ink explains stays as it is: the paper may be wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipeline.scorecard.arithmetic import check
from pipeline.scorecard.misreadings import Reading, other_readings, readings_of_ink
from pipeline.scorecard.model import Check, Innings, Repair, Verdict
from pipeline.scorecard.pointers import value_at, with_value
from pipeline.scorecard.value import Value

_MOST_REPAIRS: Final = 12
"""Cells of one innings that are mended at most; past it the picture is to be read anew."""


@dataclass(frozen=True, slots=True)
class _Trial:
    cost: float
    innings: Innings
    repair: Repair


def repaired(innings: Innings) -> Innings:
    """The innings with every misreading mended that the equations settle without doubt."""
    for _ in range(_MOST_REPAIRS):
        mended = _mend_one(innings)
        if mended is None:
            break
        innings = mended
    return innings


def _mend_one(innings: Innings) -> Innings | None:
    checks = check(innings)
    failing = [one for one in checks if one.verdict is Verdict.FAILS]
    best: _Trial | None = None
    for cells in _suspects(innings, failing):
        trial = _cheapest(innings, checks, cells)
        if trial is not None and (best is None or trial.cost < best.cost):
            best = trial
    if best is None:
        return None
    return replace(best.innings, repairs=(*innings.repairs, best.repair))


def _suspects(innings: Innings, failing: list[Check]) -> Iterator[tuple[str, ...]]:
    """Groups of cells of which one may be wrong: those of a failing check, then each unread one."""
    for one in failing:
        yield one.cells
    for unread in innings.unread:
        yield (unread.cell,)


def _cheapest(innings: Innings, before: tuple[Check, ...], cells: tuple[str, ...]) -> _Trial | None:
    """The one cheapest reading of one of the cells that mends; None where two are as cheap."""
    trials = sorted(_trials(innings, before, cells), key=lambda trial: trial.cost)
    if not trials:
        return None
    if len(trials) > 1 and trials[1].cost < trials[0].cost + 0.5:
        return None
    return trials[0]


def _trials(
    innings: Innings, before: tuple[Check, ...], cells: tuple[str, ...]
) -> Iterator[_Trial]:
    mended_before = {repair.cell for repair in innings.repairs}
    for cell in dict.fromkeys(cells):
        if cell in mended_before:
            continue
        for reading in _readings(innings, cell):
            changed = _with_reading(innings, cell, reading)
            settles = _settled(before, check(changed))
            if settles:
                repair = Repair(
                    cell,
                    reading.ink.text,
                    str(reading.value),
                    tuple(one.name for one in settles),
                    by_inference=reading.by_inference,
                )
                # The more equations agree, the surer: each weighs as much as half a misreading.
                yield _Trial(reading.cost - 0.5 * (len(settles) - 1), changed, repair)


def _readings(innings: Innings, cell: str) -> Iterator[Reading]:
    value = value_at(innings, cell)
    if value is not None:
        yield from other_readings(cell, value)
        return
    for unread in innings.unread:
        if unread.cell == cell:
            yield from readings_of_ink(cell, unread.ink, innings)


def _with_reading(innings: Innings, cell: str, reading: Reading) -> Innings:
    ink = reading.ink
    value: Value[object] = Value(
        reading.value, ink.text, ink.page, ink.box, ink.confidence, ink.alternatives
    )
    changed = with_value(innings, cell, value)
    left = tuple(unread for unread in changed.unread if unread.cell != cell)
    return replace(changed, unread=left)


def _settled(before: tuple[Check, ...], after: tuple[Check, ...]) -> list[Check]:
    """Equations that hold since; none at all if any other fails that did not."""
    held = {one.name for one in before if one.verdict is Verdict.HOLDS}
    failed = {one.name for one in before if one.verdict is Verdict.FAILS}
    settled = []
    for one in after:
        if one.verdict is Verdict.FAILS and one.name not in failed:
            return []
        if one.verdict is Verdict.HOLDS and one.name not in held and one.pins:
            settled.append(one)
    return settled
