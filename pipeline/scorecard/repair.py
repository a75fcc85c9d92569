"""Misreadings that the arithmetic settles.

Where an equation fails, every other reading of every one of its cells is tried: first what the
engine itself offered for the ink, then what engines commonly make of digits. A reading is taken
only if it is the cheapest that settles what failed without breaking anything, and the only one of
its cost. A sum that no other reading of the ink explains stays as it is: the paper may be wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.scorecard.arithmetic import check, check_around
from pipeline.scorecard.misreadings import Reading, other_readings, reading_of_ink
from pipeline.scorecard.model import Check, Innings, Repair, Verdict
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.pointers import value_at, with_value
from pipeline.scorecard.solving import numbers_for
from pipeline.scorecard.value import Value

_MOST_REPAIRS: Final = 12
"""Cells of one innings that are mended at most; past it the picture is to be read anew."""


_AGREEMENT: Final = 1.0
"""What every further equation that a reading settles takes off its cost."""
_CLEARLY: Final = 0.6
"""By how much a reading has to be cheaper than the next one."""
_DEAREST: Final = 4.0
"""Cost past which a misreading is less likely than a slip of the scorer."""

_MOST_TRIALS: Final = 1500
"""Readings of one innings that are tried at most, each against the equations around its cell."""

_Suspect = tuple[str, Reading]
"""A cell and another reading of it."""


@dataclass(frozen=True, slots=True)
class _Trial:
    cost: float
    innings: Innings
    repair: Repair


@dataclass(frozen=True, slots=True)
class _Before:
    """Names of the equations that held, and that failed, before a trial."""

    held: frozenset[str]
    failed: frozenset[str]

    @classmethod
    def of(cls, checks: Sequence[Check]) -> "_Before":
        return cls(
            frozenset(one.name for one in checks if one.verdict is Verdict.HOLDS),
            frozenset(one.name for one in checks if one.verdict is Verdict.FAILS),
        )


@dataclass(slots=True)
class _Budget:
    """Trials that are left: a picture on which nothing adds up is to be read anew, not solved."""

    left: int = _MOST_TRIALS

    def take(self) -> bool:
        """Whether one more trial may be made."""
        self.left -= 1
        return self.left >= 0


def repaired(innings: Innings) -> Innings:
    """The innings with every misreading mended that the equations settle without doubt."""
    budget = _Budget()
    for _ in range(_MOST_REPAIRS):
        mended = _mend_one(innings, budget)
        if mended is None:
            break
        innings = mended
    return innings


def _mend_one(innings: Innings, budget: _Budget) -> Innings | None:
    checks = check(innings)
    before = _Before.of(checks)
    best: _Trial | None = None
    for suspect in _suspects(innings, checks):
        trial = _cheapest(innings, before, suspect, budget)
        if trial is not None and (best is None or trial.cost < best.cost):
            best = trial
    if best is None:
        return None
    return replace(best.innings, repairs=(*innings.repairs, best.repair))


def _suspects(innings: Innings, before: Sequence[Check]) -> Iterator[list[_Suspect]]:
    """Groups of readings of which one may be right: for each failing check, each unread cell."""
    mended = {repair.cell for repair in innings.repairs}
    for one in before:
        if one.verdict is Verdict.FAILS:
            yield [
                (cell, reading)
                for cell in dict.fromkeys(one.cells)
                if cell not in mended and (value := value_at(innings, cell)) is not None
                for reading in other_readings(cell, value)
                if _may_settle(one, value.value, reading.value)
            ]
    for unread in innings.unread:
        yield [
            (unread.cell, reading)
            for number in numbers_for(innings, unread.cell)
            if (reading := reading_of_ink(unread.cell, number, unread.ink)) is not None
        ]


def _may_settle(one: Check, read: object, other: object) -> bool:
    """Whether the change is as large as what an equation of sums is apart; a cheap first sieve."""
    if not (one.pins and one.left.isdigit() and one.right.isdigit()):
        return True
    apart = abs(int(one.left) - int(one.right))
    return abs(_size(read) - _size(other)) == apart


def _size(number: object) -> int:
    if isinstance(number, Overs):
        return number.total_balls
    return number if isinstance(number, int) else 0


def _cheapest(
    innings: Innings, before: _Before, suspects: Sequence[_Suspect], budget: _Budget
) -> _Trial | None:
    """The one cheapest reading that mends; None where a second is about as cheap."""
    trials = sorted(_trials(innings, before, suspects, budget), key=lambda trial: trial.cost)
    # Without all the trials nobody knows whether the cheapest is the only one.
    if (
        not trials
        or budget.left < 0
        or (len(trials) > 1 and trials[1].cost < trials[0].cost + _CLEARLY)
    ):
        return None
    return trials[0]


def _trials(
    innings: Innings, before: _Before, suspects: Sequence[_Suspect], budget: _Budget
) -> Iterator[_Trial]:
    for cell, reading in suspects:
        if not budget.take():
            return
        changed = _with_reading(innings, cell, reading)
        settles = _settled(before, check_around(changed, cell))
        if settles:
            repair = Repair(
                cell,
                reading.ink.text,
                str(reading.value),
                tuple(one.name for one in settles),
                by_inference=reading.by_inference,
            )
            cost = reading.cost - _AGREEMENT * (len(settles) - 1)
            if cost <= _DEAREST:
                yield _Trial(cost, changed, repair)


def _with_reading(innings: Innings, cell: str, reading: Reading) -> Innings:
    ink = reading.ink
    value: Value[object] = Value(
        reading.value, ink.text, ink.page, ink.box, ink.confidence, ink.alternatives
    )
    changed = with_value(innings, cell, value)
    left = tuple(unread for unread in changed.unread if unread.cell != cell)
    return replace(changed, unread=left)


def _settled(before: _Before, after: Sequence[Check]) -> list[Check]:
    """Equations that hold since; none at all if any other fails that did not."""
    settled = []
    for one in after:
        if one.verdict is Verdict.FAILS and one.name not in before.failed:
            return []
        if one.verdict is Verdict.HOLDS and one.name not in before.held and one.pins:
            settled.append(one)
    return settled
