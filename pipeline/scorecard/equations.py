"""What the checks are made of: values with their pointers, sums, and verdicts in a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.scorecard.model import Check, Verdict
from pipeline.scorecard.value import Value

_NOT_SHOWN: Final = "not shown"


@dataclass(frozen=True, slots=True)
class Term:
    """A number that takes part in an equation, and where it stands; None where it is not shown."""

    number: int | None
    cells: tuple[str, ...] = ()


def term(value: Value[int] | None, cell: str) -> Term:
    """One number of the card."""
    return Term(None) if value is None else Term(value.value, (cell,))


def total_of(terms: Iterable[Term]) -> Term:
    """The sum of numbers; not shown as soon as one of them, or all, are not."""
    parts = tuple(terms)
    cells = tuple(cell for part in parts for cell in part.cells)
    numbers = [part.number for part in parts]
    if not numbers or any(number is None for number in numbers):
        return Term(None, cells)
    return Term(sum(number for number in numbers if number is not None), cells)


def equation(name: str, left: Term, right: Term, what: str) -> Check:
    """Whether two numbers are one; `what` begins the reviewer's sentence."""
    return _check(name, left, right, what, sign="=", pins=True)


def bound(name: str, left: Term, right: Term, what: str) -> Check:
    """Whether the left number is at most the right one."""
    return _check(name, left, right, what, sign="<=", pins=False)


def finding(name: str, *, holds: bool, cells: Sequence[str], what: str, pins: bool = True) -> Check:
    """A check that is no comparison of two sums."""
    verdict = Verdict.HOLDS if holds else Verdict.FAILS
    return Check(name, "", "", verdict, f"{what}: {verdict.value}.", tuple(cells), pins)


def _check(name: str, left: Term, right: Term, what: str, *, sign: str, pins: bool) -> Check:
    cells = (*left.cells, *right.cells)
    if left.number is None or right.number is None:
        sentence = f"{what}: the card does not show all of it."
        return Check(
            name, _shown(left), _shown(right), Verdict.NOT_SUPPORTED, sentence, cells, pins
        )
    holds = left.number == right.number if sign == "=" else left.number <= right.number
    verdict = Verdict.HOLDS if holds else Verdict.FAILS
    differ = "" if holds else f", {abs(left.number - right.number)} apart"
    sentence = f"{what}: {left.number} {sign} {right.number} {verdict.value}{differ}."
    return Check(name, str(left.number), str(right.number), verdict, sentence, cells, pins)


def _shown(part: Term) -> str:
    return _NOT_SHOWN if part.number is None else str(part.number)
