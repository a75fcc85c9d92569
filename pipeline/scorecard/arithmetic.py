"""The equations of cricket, tried on an innings; and when they are enough to trust it.

A scorecard says most things twice. What an innings says only once is trusted as far as the engine
trusts it, and no further.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import fields, replace
from statistics import fmean
from typing import Final

from pipeline.scorecard import batting_checks, bowling_checks
from pipeline.scorecard.document import values_within
from pipeline.scorecard.doubt import (
    GOOD_PICTURE,
    SURE,
    SURE_BESIDE_PROVEN,
    SURE_ON_A_POOR_PICTURE,
    is_doubtful,
)
from pipeline.scorecard.fall_checks import fall_checks
from pipeline.scorecard.model import Batting, Bowling, Check, Innings, Verdict
from pipeline.scorecard.value import Value

_SHORTEST_NAME: Final = 3
"""Letters of a name."""
_SURE_OF_NAME: Final = 0.6
"""Confidence of the name of a batter whose dismissal could not be told."""
_NO_NAME: Final = re.compile(r"\d{2}|\d\s?[/:]|[/:]\s?\d")
"""Numbers that a name swallowed; one digit may be an initial `O` that was misread."""
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
    """The equations that a number can take part in: cheaper than all of them."""
    section, _, rest = cell.partition("/")
    row = rest.partition("/")[0]
    own = (int(row),) if row.isdigit() else ()
    if section == "batting":
        return tuple(batting_checks.batting_checks(innings, own))
    if section == "bowling":
        return tuple(bowling_checks.bowling_checks(innings, own))
    if section == "fall_of_wickets":
        return tuple(fall_checks(innings))
    return (
        *batting_checks.batting_checks(innings, ()),
        *bowling_checks.bowling_checks(innings, ()),
        *(fall_checks(innings) if section == "total" else ()),
    )


def audited(innings: Innings) -> Innings:
    """The innings with its checks, and whether they verify it."""
    checks = check(innings)
    return replace(innings, checks=checks, verified=is_verified(innings, checks))


def is_verified(innings: Innings, checks: Sequence[Check]) -> bool:
    """Whether the equations hold, cover what they can, and leave no doubtful number uncovered."""
    if any(_is_number(unread.cell) for unread in innings.unread) or any(
        one.verdict is Verdict.FAILS or _leaves_a_column_open(one) for one in checks
    ):
        return False
    inferred = {repair.cell for repair in innings.repairs if repair.by_inference}
    holding = [
        one
        for one in checks
        if one.verdict is Verdict.HOLDS and one.pins and not _is_circular(one, inferred)
    ]
    times = [cell for one in holding for cell in one.cells]
    if not _adds_up(innings, {one.name for one in holding}, frozenset(times)):
        return False
    if has_holes(innings) or _has_marks_for_names(innings) or _has_a_garbled_row(innings):
        return False
    # What an equation mended it no longer proves: a second one has to.
    if any(times.count(cell) < 2 for cell in inferred if _is_number(cell)):
        return False
    covered = frozenset(times)
    usual = _sure_from(innings)
    proven = _maidens_in_proven_words(innings, covered)
    return all(
        cell in covered or not is_doubtful(value, SURE_BESIDE_PROVEN if cell in proven else usual)
        for cell, value in numbers_of(innings)
    )


def _leaves_a_column_open(one: Check) -> bool:
    """Whether wides or no-balls are fewer than the extras: the column may be another's."""
    return one.verdict is Verdict.HOLDS and one.name.endswith(bowling_checks.OR_LESS)


def _maidens_in_proven_words(innings: Innings, covered: Container[str]) -> frozenset[str]:
    """Maidens of `12-3-40-2` where the equations prove all else of that word."""
    return frozenset(
        f"bowling/{row}/maidens"
        for row, bowler in enumerate(innings.bowling or ())
        if _is_one_word(bowler)
        and all(f"bowling/{row}/{field}" in covered for field in ("overs", "runs", "wickets"))
    )


def _is_one_word(bowler: Bowling) -> bool:
    """Whether an analysis was read as one word: its parts have that word's edges and confidence."""
    parts = (bowler.overs, bowler.maidens, bowler.runs, bowler.wickets)
    return (
        len(
            {part and (part.page, part.box.top, part.box.bottom, part.confidence) for part in parts}
        )
        == 1
    )


def _is_circular(one: Check, inferred: Container[str]) -> bool:
    """Whether a rate takes part that was itself inferred from the numbers beside it."""
    return any(cell in inferred and not _is_number(cell) for cell in one.cells)


def _adds_up(innings: Innings, holding: Container[str], covered: Container[str]) -> bool:
    """Whether those equations hold without which an innings is not verified, by what it shows."""
    if batting_checks.RUNS not in holding:
        return False
    if not innings.bowling:
        return True
    if bowling_checks.BALLS not in holding:
        return False
    if innings.extras is not None and not innings.extras.parts:
        # Byes cannot be told from wides: every bowler's economy has to prove his runs then.
        rows = range(len(innings.bowling))
        return all(f"bowling/{row}/runs" in covered for row in rows)
    return bowling_checks.RUNS in holding


def has_holes(innings: Innings) -> bool:
    """Whether a column that most rows fill is empty in some."""
    tables: tuple[tuple[str, tuple[Batting | Bowling, ...]], ...] = (
        ("batting", innings.batting or ()),
        ("bowling", innings.bowling or ()),
    )
    for table, rows in tables:
        for field in fields(rows[0]) if rows else ():
            filled = sum(getattr(row, field.name) is not None for row in rows)
            optional = field.name in _WORDS or f"{table}/{field.name}" in innings.marked
            if not optional and 0 < filled < len(rows):
                return True
    falls = innings.fall_of_wickets or ()
    overs = sum(fall.over is not None for fall in falls)
    return any(fall.runs is None for fall in falls) or 0 < overs < len(falls)


def _has_a_garbled_row(innings: Innings) -> bool:
    """Whether one batter, of many whose end is told, has none and a name that nobody is sure of."""
    batting = innings.batting or ()
    silent = [batter for batter in batting if batter.how_out is None]
    return len(silent) < len(batting) / 2 and any(
        batter.name.confidence < _SURE_OF_NAME for batter in silent
    )


def _has_marks_for_names(innings: Innings) -> bool:
    """Whether a name is so short that it is a sign beside the row, or holds what is no name.

    Whose row is it then?
    """
    names = [batter.name.value for batter in innings.batting or ()]
    names += [bowler.name.value for bowler in innings.bowling or ()]
    return any(
        sum(map(str.isalpha, name)) < _SHORTEST_NAME or _NO_NAME.search(name) for name in names
    )


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
