"""Which words of a row belong to which column of its table.

Columns of words are told apart by gaps and by their heads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.bands import REACH, Band, is_text, numeric_words
from pipeline.scorecard.figures import Figures
from pipeline.scorecard.header import Header
from pipeline.scorecard.numbers import digits_of, is_plainly_numeric
from pipeline.scorecard.rows import Row, within_brackets
from pipeline.scorecard.vocabulary import Column

_CELL_GAP = 1.3
"""White space in word heights between two cells of words."""
_FEWEST_DISPLACED = 3
"""Columns from which their number tells that a row's numbers are all there."""
_UNSURE = 0.5
"""Confidence at most in a number that stands in no column."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table, its numbers by band and its words apart."""

    row: Row
    texts: tuple[tuple[Word, ...], ...]
    """Cells of words, left to right."""
    numbers: tuple[tuple[Word, ...], ...]
    """For each band of the table, the words in it."""
    figures: Figures = field(default_factory=Figures)
    """Numbers that stand in no column."""
    bowler: tuple[Word, ...] = ()
    """Those of the words that stand below the head of the bowlers' column."""

    @property
    def numeric(self) -> bool:
        """Whether any band holds ink, or the row any figures."""
        return any(self.numbers) or bool(self.figures)

    def adds_to(self, other: "TableRow") -> bool:
        """Whether this row's numbers are all ones that the other has not."""
        columns = zip(self.numbers, other.numbers, strict=True)
        return not (
            any(mine and theirs for mine, theirs in columns)
            or self.figures.columns & other.figures.columns
        )

    def joined(self, other: "TableRow") -> "TableRow":
        """This row with the numbers of another one, which adds to it."""
        numbers = tuple(
            mine or theirs for mine, theirs in zip(self.numbers, other.numbers, strict=True)
        )
        return replace(self, numbers=numbers, figures=self.figures.joined(other.figures))


def divide(row: Row, bands: Sequence[Band], header: Header) -> TableRow:
    """The row's words, by band and by cell of words."""
    if not row.words:
        return TableRow(row, (), tuple(() for _ in bands))
    cells: list[list[Word]] = [[] for _ in bands]
    texts: list[Word] = []
    inside = within_brackets(row.words)
    seen_text = False
    for number, word in enumerate(row.words):
        lone = number in inside and not word.text.startswith("(")
        band = None if lone else _band_of(word, bands)
        may_be_number = seen_text or not any(is_text(w) for w in row.words)
        if band is not None and may_be_number and _may_stand_in_cell(word):
            cells[band].append(word)
        else:
            texts.append(word)
        seen_text = seen_text or is_text(word)
    _take_parted(cells, texts, 1.2 * row.height)
    displaced = _displaced(row, bands, cells)
    if displaced:
        # Dirt beside an empty cell looks the same: only an equation makes these sure.
        cells = [[replace(w, confidence=min(w.confidence, _UNSURE))] for w in displaced]
        cells += [[] for _ in bands[len(cells) :]]
        texts = [word for word in row.words if all(word is not other for other in displaced)]
    return TableRow(
        row,
        _text_cells(texts, row, header),
        tuple(tuple(cell) for cell in cells),
        bowler=_below_bowler(texts, row, header),
    )


def _below_bowler(words: Sequence[Word], row: Row, header: Header) -> tuple[Word, ...]:
    """The words of a bowlers' column; none where none begins below its head."""
    fielder, bowler = header.named(Column.FIELDER), header.named(Column.BOWLER)
    if bowler is None:
        return ()
    reach = 0.6 * row.height
    start = bowler.box.left - reach
    if fielder is None:
        # A head in the middle of its column does not tell where it begins.
        begins = any(abs(word.box.left - bowler.box.left) < reach for word in words)
        return tuple(word for word in words if begins and word.box.left >= start)
    end = fielder.box.left - reach
    if end < start:
        return tuple(word for word in words if word.box.left >= start)
    return tuple(word for word in words if start <= word.box.left < end)


def _displaced(
    row: Row, bands: Sequence[Band], cells: Sequence[Sequence[Word]]
) -> tuple[Word, ...]:
    """A row's numbers where a long text has pushed them out of their columns; else none.

    They are as many as there are columns, but some column is empty: their order tells. Or all of
    them stand one column further right than the first, which no row leaves empty.
    """
    if len(bands) < _FEWEST_DISPLACED or all(cells):
        return ()
    start = bands[0].left - REACH * row.height
    numbers = tuple(word for word in numeric_words(row) if word.box.left >= start)
    filled = [number for number, cell in enumerate(cells) if cell]
    is_one_on = len(numbers) >= _FEWEST_DISPLACED and filled == list(range(1, len(numbers) + 1))
    return numbers if len(numbers) == len(bands) or is_one_on else ()


def _take_parted(cells: list[list[Word]], texts: list[Word], reach: float) -> None:
    """Digits right before a number, beside its column, are its own: `23 2` for `23.2`."""
    for cell in cells:
        if cell and texts and is_plainly_numeric(texts[-1].text):
            gap = cell[0].box.left - texts[-1].box.right
            if 0 <= gap < reach:
                cell.insert(0, texts.pop())


def _band_of(word: Word, bands: Sequence[Band]) -> int | None:
    held = [index for index, band in enumerate(bands) if band.holds(word.box)]
    return min(held, key=lambda i: abs(bands[i].centre - _centre(word.box)), default=None)


def _centre(box: Box) -> float:
    return (box.left + box.right) / 2


def _may_stand_in_cell(word: Word) -> bool:
    """Digits, what engines make of digits, or ink too short to be a word."""
    return digits_of(word.text) is not None or len(word.text) <= 3 or not is_text(word)


def _text_cells(words: Iterable[Word], row: Row, header: Header) -> tuple[tuple[Word, ...], ...]:
    """Cells of words: parted at wide gaps and where a word begins below a head."""
    starts = [
        heading.box.left
        for column in (Column.HOW_OUT, Column.FIELDER, Column.BOWLER)
        if (heading := header.named(column)) is not None
    ]
    height = row.height
    reach = 0.6 * height
    cells: list[list[Word]] = []
    for word in words:
        if not cells:
            cells.append([word])
            continue
        gap = word.box.left - cells[-1][-1].box.right
        below_head = any(abs(word.box.left - start) < reach for start in starts)
        if gap > _CELL_GAP * height or (below_head and gap > 0.2 * height):
            cells.append([word])
        else:
            cells[-1].append(word)
    return tuple(tuple(cell) for cell in cells)
