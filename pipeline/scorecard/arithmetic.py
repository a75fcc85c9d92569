"""The equations of cricket, tried on an innings; and when they are enough to trust it.

A scorecard says most things twice. What an innings says only once is trusted as far as the engine
trusts it, and no further.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from statistics import fmean
from typing import Final

from pipeline.scorecard import batting_checks, bowling_checks
from pipeline.scorecard.characters import DASHES, QUOTES
from pipeline.scorecard.document import values_within
from pipeline.scorecard.fall_checks import fall_checks
from pipeline.scorecard.model import Batting, Bowling, Check, Innings, Verdict
from pipeline.scorecard.numbers import digits_of
from pipeline.scorecard.value import Value

SURE: Final = 0.9
"""Confidence from which a number that no equation covers is believed."""
SURE_ON_A_POOR_PICTURE: Final = 0.95
"""The same where all of the picture was hard to read: there, engines are sure of wrong digits."""
GOOD_PICTURE: Final = 0.94
"""Mean confidence of an innings' names and numbers on a picture that is not poor."""
SURE_OF_NOUGHT: Final = 0.72
SURE_OF_ROUND: Final = 0.955
"""The same for a lone 6, 8 or 9."""
_ROUND: Final = frozenset("689")
_OF_NUMBERS: Final = frozenset("0123456789.,/()*:; " + QUOTES + DASHES)
"""What the text of a cleanly read number is made of, with what cards print beside it."""

_WORDS: Final = frozenset({"team", "name", "how_out", "batter", "bowler", "strike_rate", "economy"})
"""Values that are no numbers of their own: rates follow from the numbers beside them."""


def check(innings: Innings) -> tuple[Check, ...]:
    """Every equation with what it found; those that the card cannot support say so."""
    return (
        *batting_checks.batting_checks(innings),
        *bowling_checks.bowling_checks(innings),
        *fall_checks(innings),
    )


def check_around(innings: Innings, cell: str) -> tuple[Check, ...]:
    """The equations that a cell can take part in: cheaper than all of them."""
    section, _, rest = cell.partition("/")
    row = rest.partition("/")[0]
    own = (int(row),) if row.isdigit() else ()
    return (
        *batting_checks.batting_checks(innings, own if section == "batting" else ()),
        *bowling_checks.bowling_checks(innings, own if section == "bowling" else ()),
        *(fall_checks(innings) if section in ("fall_of_wickets", "total") else ()),
    )


def audited(innings: Innings) -> Innings:
    """The innings with its checks, and whether they verify it."""
    checks = check(innings)
    return replace(innings, checks=checks, verified=is_verified(innings, checks))


def is_verified(innings: Innings, checks: Sequence[Check]) -> bool:
    """Whether the equations hold, cover what they can, and leave no doubtful number uncovered."""
    if any(_is_number(unread.cell) for unread in innings.unread) or any(
        one.verdict is Verdict.FAILS for one in checks
    ):
        return False
    holding = [one for one in checks if one.verdict is Verdict.HOLDS and one.pins]
    if not _required(innings) <= {one.name for one in holding} or has_holes(innings):
        return False
    times = [cell for one in holding for cell in one.cells]
    for repair in innings.repairs:
        # What an equation mended it no longer proves: a second one has to.
        if repair.by_inference and times.count(repair.cell) < 2:
            return False
    covered = frozenset(times)
    sure = _sure_from(innings)
    return all(
        cell in covered or not is_doubtful(value, sure) for cell, value in numbers_of(innings)
    )


def _required(innings: Innings) -> set[str]:
    """The equations without which an innings is not verified, by what it shows."""
    required = {batting_checks.RUNS}
    if innings.bowling:
        required |= {bowling_checks.RUNS, bowling_checks.BALLS}
    return required


def has_holes(innings: Innings) -> bool:
    """Whether a column that most rows fill is empty in some."""
    tables: tuple[tuple[Batting | Bowling, ...], ...] = (
        innings.batting or (),
        innings.bowling or (),
    )
    for rows in tables:
        for field in fields(rows[0]) if rows else ():
            filled = sum(getattr(row, field.name) is not None for row in rows)
            if field.name not in _WORDS and 0 < filled < len(rows):
                return True
    falls = innings.fall_of_wickets or ()
    overs = sum(fall.over is not None for fall in falls)
    return any(fall.runs is None for fall in falls) or 0 < overs < len(falls)


def is_doubtful(value: Value[object], sure: float = SURE) -> bool:
    """Whether the engine was unsure of a number, or read another one from the same ink.

    A nought is hardly ever anything else; but a dotted or stroked one is read as 6, 8 or 9, and
    engines are quite sure of it.
    """
    if set(value.text) - _OF_NUMBERS:
        return True
    read = digits_of(value.text) or value.text
    if {digits_of(text) for text in value.alternatives} - {None, read}:
        return True
    if set(read) <= {"0"}:
        return value.confidence < SURE_OF_NOUGHT
    return value.confidence < (SURE_OF_ROUND if read in _ROUND else sure)


def _sure_from(innings: Innings) -> float:
    confidences = [value.confidence for _, value in values_within(innings)]
    return SURE if fmean(confidences) >= GOOD_PICTURE else SURE_ON_A_POOR_PICTURE


def numbers_of(innings: Innings) -> Iterator[tuple[str, Value[object]]]:
    """Every number of an innings with its pointer."""
    for cell, value in values_within(innings):
        if _is_number(cell):
            yield cell, value


def _is_number(cell: str) -> bool:
    section, _, field = cell.partition("/")
    return section != "did_not_bat" and field.rpartition("/")[2] not in _WORDS and bool(field)
