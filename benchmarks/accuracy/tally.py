"""What is counted of one card."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.accuracy.sameness import Same


@dataclass(slots=True)
class Cells:
    """Cells of one kind."""

    right: int = 0
    wrong: int = 0
    """Read, and not what stands there, or read where nothing stands."""
    missed: int = 0
    """What stands there was not read, or read wrongly."""

    def add(self, other: "Cells") -> None:
        """Counts the cells of another card with these."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed


@dataclass(frozen=True, slots=True)
class Mistake:
    """A number that was not read as it stands."""

    kind: str
    where: str
    true: Any
    read: Any
    """None: it was not read at all."""


@dataclass(slots=True)
class Tally:
    """Counts cells as they are compared."""

    cells: defaultdict[str, Cells] = field(default_factory=lambda: defaultdict(Cells))
    numbers: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    def word(self, kind: str, true: Any, read: Any, same: Same) -> bool:
        """Counts a cell that stands on the card; whether it was read rightly."""
        absent = read is None or read == ""
        right = not absent and same(true, read)
        cells = self.cells[kind]
        cells.right += right
        cells.missed += not right
        cells.wrong += not right and not absent
        return right

    def number(self, kind: str, true: Any, read: Any, same: Same, where: str) -> bool:
        """The same of a number; False only where a wrong one was read.

        What the card does not show (None) is not counted, whatever was read.
        """
        if true is None:
            return True
        self.numbers += 1
        if self.word(kind, true, read, same):
            return True
        self.mistakes.append(Mistake(kind, where, true, read))
        return read is None or read == ""

    def made_up(self, kind: str, count: int = 1) -> None:
        """Counts what was read where nothing stands."""
        self.cells[kind].wrong += count
