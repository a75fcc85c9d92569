"""Which bowlers an innings' dismissals name, and whose bowling a table then is.

On a crowded page a table may be read into the innings beside its own. The dismissals tell: who is
credited with wickets stands in the bowling of that innings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz

from pipeline.scorecard.dismissal import ending_of
from pipeline.scorecard.model import Batting, Bowling, Innings, Unread

BOWLED_BY: Final = re.compile(r"(?:^|\s)b\s+(?P<name>\S.*)$")
"""The bowler in the document's text of a dismissal."""
_ALIKE: Final = 80
"""Likeness of two spellings of one surname, out of 100."""
_FEWEST: Final = 3
"""Credited dismissals that can tell whose bowling a table is."""
_HIS, _ANOTHERS = 0.8, 0.4
"""Share of an innings' credited dismissals whose bowler is in its table, and in another side's."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The bowling of one innings, with what belongs to it."""

    bowling: tuple[Bowling, ...]
    unread: tuple[Unread, ...]
    marked: frozenset[str]


def credited(batting: Sequence[Batting] | None) -> list[str]:
    """The bowlers that dismissals are credited to, once for each."""
    names = []
    for batter in batting or ():
        how_out = batter.how_out.value if batter.how_out is not None else ""
        ending, bowler = ending_of(how_out), BOWLED_BY.search(how_out)
        if ending is not None and ending.credits_bowler and bowler is not None:
            names.append(bowler["name"])
    return names


def share_known(batting: Sequence[Batting] | None, bowling: Sequence[Bowling]) -> float | None:
    """Share of the credited dismissals whose bowler is in a table; None where too few tell."""
    names = credited(batting)
    if len(names) < _FEWEST:
        return None
    known = [_surname(bowler.name.value) for bowler in bowling]
    return sum(any(_is_same(name, other) for other in known) for name in names) / len(names)


def is_of_another_side(innings: Innings) -> bool:
    """Whether an innings' bowlers are surely not those whom its dismissals name."""
    share = share_known(innings.batting, innings.bowling) if innings.bowling else None
    return share is not None and share < _ANOTHERS


def with_own_bowling(innings: Sequence[Innings]) -> tuple[Innings, ...]:
    """The innings, each bowling with the batting whose dismissals name its bowlers.

    Nothing is moved unless both the innings that a table leaves and the one that it joins agree.
    """
    tables = [_table_of(one) for one in innings]
    taken: dict[int, int] = {}
    for number, one in enumerate(innings):
        if tables[number] is not None and not is_of_another_side(one):
            continue
        better = [
            other
            for other, table in enumerate(tables)
            if other != number
            and table is not None
            and (share_known(one.batting, table.bowling) or 0.0) >= _HIS
            and (not innings[other].batting or is_of_another_side(innings[other]))
        ]
        if len(better) == 1:
            taken[number] = better[0]
    if not taken or len(set(taken.values())) < len(taken):
        return tuple(innings)
    left = [None if n in taken.values() else table for n, table in enumerate(tables)]
    moved = (
        _with_table(one, tables[taken[number]] if number in taken else left[number])
        for number, one in enumerate(innings)
    )
    return tuple(one for one in moved if _holds_anything(one))


def _table_of(innings: Innings) -> _Table | None:
    if not innings.bowling:
        return None
    return _Table(
        innings.bowling,
        tuple(unread for unread in innings.unread if _is_bowling(unread.cell)),
        frozenset(filter(_is_bowling, innings.marked)),
    )


def _with_table(innings: Innings, table: _Table | None) -> Innings:
    unread = tuple(unread for unread in innings.unread if not _is_bowling(unread.cell))
    marked = frozenset(cell for cell in innings.marked if not _is_bowling(cell))
    return replace(
        innings,
        bowling=table.bowling if table else None,
        unread=(*unread, *(table.unread if table else ())),
        marked=marked | (table.marked if table else frozenset()),
    )


def _is_bowling(cell: str) -> bool:
    return cell.startswith("bowling/")


def _holds_anything(innings: Innings) -> bool:
    return any(
        (
            innings.batting,
            innings.bowling,
            innings.total,
            innings.extras,
            innings.fall_of_wickets,
            innings.deliveries,
        )
    )


def _is_same(name: str, surname: str) -> bool:
    return fuzz.ratio(_surname(name), surname) >= _ALIKE or surname in name.casefold().split()


def _surname(name: str) -> str:
    """The longest word of a name: the surname may stand first or last, initials are short."""
    return max(name.casefold().split(), key=len, default="")
