"""The batting table: a row a batter, with the dismissal beside the name, below it or far right."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.ocr.words import Word
from pipeline.scorecard.cells import marked_columns, number_cells
from pipeline.scorecard.columns import TableRow
from pipeline.scorecard.dismissal import (
    Dismissal,
    find_opening,
    is_unfinished,
    opening_at,
    parse_dismissal,
    parted,
)
from pipeline.scorecard.endings import Ending
from pipeline.scorecard.gathering import gathered
from pipeline.scorecard.model import Batting, Unread
from pipeline.scorecard.names import name_of
from pipeline.scorecard.value import Value, value_of
from pipeline.scorecard.vocabulary import Column

_COLUMNS = frozenset(
    {
        Column.RUNS,
        Column.BALLS,
        Column.FOURS,
        Column.SIXES,
        Column.STRIKE_RATE,
        Column.MINUTES,
    }
)
_BOUNDARIES = frozenset({Column.FOURS, Column.SIXES})
_LONGEST_SPECK = 1
"""Words before a dismissal, in its own cell, that may be a mark beside it."""
_A_HABIT = 2
"""Dismissals below names that tell where this table has them."""
_MARK = 2
"""Letters of no name."""
_SPECK = 0.5
"""Confidence below which a lone text without numbers and dismissal is no batter but dirt."""


@dataclass(frozen=True, slots=True)
class BattingTable:
    """What a batting table holds."""

    batters: tuple[Batting, ...]
    did_not_bat: tuple[Value[str], ...]
    unread: tuple[Unread, ...]
    marked: frozenset[Column] = frozenset()
    """Columns of `marked_columns`."""


@dataclass(slots=True)
class _Line:
    """One batter, while the rows are read."""

    page: int
    name: list[Word] = field(default_factory=list)
    how_out: list[Word] = field(default_factory=list)
    bowler: list[Word] = field(default_factory=list)
    numbers: TableRow | None = None
    below: bool = False
    """Whether the dismissal stood in the row below."""


def read_batting(rows: Sequence[TableRow], columns: Sequence[Column]) -> BattingTable:
    """Batters and those who did not bat, from the rows of a table.

    Args:
        rows: the rows below the head.
        columns: what each of their bands holds.
    """
    lines: list[_Line] = []
    for row in gathered(rows):
        line = _line(row)
        if not _continues(lines, line):
            lines.append(line)
    marked = marked_columns(rows, columns, _BOUNDARIES)
    return replace(_collect(_with_garbled(lines), columns), marked=marked)


def _with_garbled(lines: Sequence[_Line]) -> list[_Line]:
    """Where dismissals stand below the names, a bare text below a name is one, if a garbled one."""
    rest: list[_Line] = []
    below = sum(line.below for line in lines)
    for line in lines:
        above = rest[-1] if rest else None
        is_his = above is not None and above.numbers is not None and not above.how_out
        if below >= _A_HABIT and is_his and above is not None and line.numbers is None:
            above.how_out = line.name + line.how_out
        else:
            rest.append(line)
    return rest


def _line(row: TableRow) -> _Line:
    """Name, dismissal and bowler of a row, told apart by cells and by how dismissals begin."""
    line = _Line(row.row.page, numbers=row if row.numeric else None)
    cells = [parted(cell) for cell in row.texts if _has_letters(cell)]
    if not cells:
        return line
    for number, cell in enumerate(cells):
        opening = _opening_of(cell, is_first=number == 0)
        if opening is None:
            continue
        if opening == 0 or number == 0 or opening > _LONGEST_SPECK:
            # Letters before the dismissal belong to the name; a lone mark does not.
            line.name = [w for earlier in cells[:number] for w in earlier] + cell[:opening]
        else:
            line.name = [word for earlier in cells[:number] for word in earlier]
        line.how_out = cell[opening:]
        later = [word for after in cells[number + 1 :] for word in after]
        if row.bowler:
            line.how_out += [word for word in later if word not in row.bowler]
            line.bowler = list(row.bowler)
        elif line.name:
            line.bowler = later
        else:
            line.how_out += later
        return line
    line.name = [word for cell in cells for word in cell]
    return line


def _opening_of(cell: Sequence[Word], *, is_first: bool) -> int | None:
    """Where a dismissal begins in a cell; a cell of its own may write it in capitals."""
    opening = find_opening(cell)
    if opening is None and not is_first and opening_at(cell, strict=False) is not None:
        return 0
    return opening


def _continues(lines: Sequence[_Line], line: _Line) -> bool:
    """Whether a row went to the batter above: his dismissal, the rest of it, or his numbers."""
    above = lines[-1] if lines else None
    if not line.name and not line.how_out:
        if above is not None:
            _takes_numbers(above, line)
        return True
    if above is None:
        return False
    if _is_mark(line) and above.name and above.numbers is None and not above.how_out:
        line.name = []
    if not line.name:
        if not _takes_numbers(above, line):
            return False
        above.below = not above.how_out
        above.how_out += line.how_out
        above.bowler += line.bowler
        return True
    if line.numbers is None and not line.how_out and above.how_out and is_unfinished(above.how_out):
        above.how_out += line.name
        return True
    return False


def _is_mark(line: _Line) -> bool:
    """Whether a row of numbers has no name, but a letter or two that a sign was read as."""
    letters = sum(character.isalpha() for word in line.name for character in word.text)
    return line.numbers is not None and 0 < letters <= _MARK and not line.how_out


def _takes_numbers(above: _Line, line: _Line) -> bool:
    """Whether the numbers of a row can be those of the batter above; then he has them."""
    if line.numbers is None:
        return True
    if above.numbers is None:
        above.numbers = line.numbers
        return True
    if line.numbers.figures and line.numbers.adds_to(above.numbers):
        above.numbers = above.numbers.joined(line.numbers)
        return True
    return False


def _collect(lines: Sequence[_Line], columns: Sequence[Column]) -> BattingTable:
    batters: list[Batting] = []
    waiting: list[Value[str]] = []
    unread: list[Unread] = []
    last = max((n for n, line in enumerate(lines) if line.numbers or line.how_out), default=-1)
    for number, line in enumerate(lines):
        name = name_of(line.name, line.page)
        dismissal = parse_dismissal(line.how_out, line.bowler)
        if name is None or (_is_bare(line) and name.confidence < _SPECK):
            continue
        if number > last or (dismissal is not None and dismissal.ending is Ending.DID_NOT_BAT):
            waiting.append(name)
            continue
        cells = number_cells(line.numbers, columns, _COLUMNS)
        unread.extend(
            Unread(f"batting/{len(batters)}/{column}", ink) for column, ink in cells.unread
        )
        batters.append(
            Batting(
                name,
                how_out=_how_out(line, dismissal),
                runs=cells.integers.get(Column.RUNS),
                balls=cells.integers.get(Column.BALLS),
                fours=cells.integers.get(Column.FOURS),
                sixes=cells.integers.get(Column.SIXES),
                strike_rate=cells.rates.get(Column.STRIKE_RATE),
                minutes=cells.integers.get(Column.MINUTES),
            )
        )
    return BattingTable(tuple(batters), tuple(waiting), tuple(unread))


def _is_bare(line: _Line) -> bool:
    return line.numbers is None and not line.how_out


def _how_out(line: _Line, dismissal: Dismissal | None) -> Value[str] | None:
    if dismissal is None:
        return line.numbers.figures.not_out if line.numbers is not None else None
    return value_of(str(dismissal), line.page, [*line.how_out, *line.bowler])


def _has_letters(cell: Sequence[Word]) -> bool:
    return any(character.isalpha() or character == "&" for word in cell for character in word.text)
