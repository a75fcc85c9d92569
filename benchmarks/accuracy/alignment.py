"""Which row, and which innings, of a reading is which of the truth."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.accuracy.sameness import Same, alike, plain_name, same_name

Json = Mapping[str, Any]
Column = tuple[str, str, Same]
"""A row's key, its name in the figures, and when two of its values are the same."""

_NAMES, _VALUES, _ORDER = 0.65, 0.35, 0.02
"""What names, values and order weigh when rows are matched."""
_NAMES_ALIKE = 0.5
_MOST_VALUES = 0.75
_NAMES_NOT_UNLIKE = 0.3


def rows_matched(
    true: Sequence[Json], read: Sequence[Json], columns: Iterable[Column]
) -> dict[int, int]:
    """Row of the reading for a row of the truth, best matches first, none used twice."""
    columns = list(columns)
    pairs = [
        (likeness, i, j)
        for i, row in enumerate(true)
        for j, other in enumerate(read)
        if (
            likeness := _likeness(row, other, columns, i / max(1, len(true)), j / max(1, len(read)))
        )
        is not None
    ]
    return _best_first(pairs)


def innings_matched(true: Sequence[Json], read: Sequence[Json]) -> dict[int, int]:
    """Innings of the reading for an innings of the truth; every one that there is gets one."""
    return _best_first(
        [
            (_innings_likeness(innings, other) + 0.05 * (i == j), i, j)
            for i, innings in enumerate(true)
            for j, other in enumerate(read)
        ]
    )


def rows_of(innings: Json, section: str) -> list[Json]:
    """The rows of a reading's section; what is no row is passed over."""
    return [row for row in innings.get(section) or [] if isinstance(row, Mapping)]


def _best_first(pairs: list[tuple[float, int, int]]) -> dict[int, int]:
    matched: dict[int, int] = {}
    for _, i, j in sorted(pairs, reverse=True):
        if i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def _likeness(
    true: Json, read: Json, columns: list[Column], at: float, other_at: float
) -> float | None:
    """None where the rows cannot be the same."""
    name, other = _plain(true), _plain(read)
    names = alike(name, other) if name and other else 0.0
    shown = [column for column in columns if true.get(column[0]) is not None]
    agreeing = sum(
        read.get(key) is not None and same(true[key], read[key]) for key, _, same in shown
    )
    values = agreeing / len(shown) if shown else 0.0
    by_name = names >= _NAMES_ALIKE and bool(name) and bool(other)
    unnamed = not name or not other or names >= _NAMES_NOT_UNLIKE
    if not by_name and not (shown and values >= _MOST_VALUES and unnamed):
        return None
    return _NAMES * names + _VALUES * values + _ORDER * (1 - abs(at - other_at))


def _innings_likeness(true: Json, read: Json) -> float:
    batters, bowlers = (_shared(true, read, section) for section in ("batting", "bowling"))
    team = true.get("team") and read.get("team") and same_name(true["team"], read["team"])
    runs = _runs(true)
    return (
        2 * batters + bowlers + 0.6 * bool(team) + 0.6 * (runs is not None and runs == _runs(read))
    )


def _shared(true: Json, read: Json, section: str) -> float:
    """Share of the truth's names of a section that the reading has too."""
    names = {_plain(row) for row in true.get(section) or []}
    return len(names & {_plain(row) for row in rows_of(read, section)}) / max(1, len(names))


def _runs(innings: Json) -> Any:
    return (innings.get("total") or {}).get("runs")


def _plain(row: Json) -> str:
    return plain_name(row.get("name") or "")
