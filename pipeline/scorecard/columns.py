"""Where the columns of a table stand, and which words of a row belong to which.

Numeric columns come from geometry: digits of many rows that stand below one another, with white
space beside them, whatever their alignment. Their meaning comes from the heads above them and,
where those fail, from `roles`. Columns of words are told apart by gaps and by their heads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.figures import Figures
from pipeline.scorecard.header import TEXT_COLUMNS, Header, Heading
from pipeline.scorecard.numbers import digits_of, is_plainly_numeric
from pipeline.scorecard.rows import Row, within_brackets
from pipeline.scorecard.vocabulary import Column

_REACH = 2.0
"""Word heights that a head may stand beside its column."""
_LOOSE = 0.3
"""White space in word heights between a column and its head, past which they may be no pair."""
_PAD = 0.45
"""Word heights by which a column is wider than the digits seen in it."""
_CELL_GAP = 1.3
"""White space in word heights between two cells of words."""
_FEWEST_DISPLACED = 3
"""Columns from which their number tells that a row's numbers are all there."""
_UNSURE = 0.5
"""Confidence at most in a number that stands in no column."""
_NOUGHTS = frozenset("OoQ")
_SUPPORT = 0.5
"""Share of the rows in which a column without a head must show a number."""


@dataclass(frozen=True, slots=True)
class Band:
    """The stretch of the page's width that a numeric column takes; `column` None: no head."""

    left: float
    right: float
    column: Column | None = None

    @property
    def centre(self) -> float:
        """Its middle, in pixels."""
        return (self.left + self.right) / 2

    def gap(self, box: Box) -> float:
        """White space between the band and a box; 0 where they overlap."""
        return max(0.0, box.left - self.right, self.left - box.right)

    def holds(self, box: Box) -> bool:
        """Whether the greater part of a box lies in the band."""
        overlap = min(self.right, box.right) - max(self.left, box.left)
        return overlap > 0.5 * min(box.width, self.right - self.left)


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


def find_bands(header: Header, rows: Sequence[Row]) -> tuple[Band, ...]:
    """The numeric columns of a table, left to right."""
    height = median(row.height for row in rows) if rows else 1.0
    numbers = [numeric_words(row) for row in rows]
    seen = _stretches_of_ink([word.box for words in numbers for word in words], len(rows))
    heads = [h for h in header.headings if h.column not in TEXT_COLUMNS | {Column.OTHER}]
    firm = [number for number, band in enumerate(seen) if _supported(band, numbers)]
    pairs = _pair(heads, seen, firm, height)
    bands = [_named(band, pairs.get(index), heads) for index, band in enumerate(seen)]
    for number, head in enumerate(heads):
        if number not in pairs.values():
            bands.append(Band(head.box.left, head.box.right, head.column))
    kept = [b for b in bands if b.column is not None or _supported(b, numbers)]
    return _apart(sorted(kept, key=lambda band: band.centre), _PAD * height)


def _named(band: Band, head: int | None, heads: Sequence[Heading]) -> Band:
    return Band(band.left, band.right, heads[head].column if head is not None else None)


def _supported(band: Band, numbers: Sequence[Sequence[Word]]) -> bool:
    rows = [words for words in numbers if words]
    hits = sum(any(band.holds(word.box) for word in words) for words in rows)
    return hits >= max(2, _SUPPORT * len(rows)) or (len(rows) <= 2 and hits == len(rows))


def _apart(bands: Sequence[Band], pad: float) -> tuple[Band, ...]:
    """The bands, a little wider, but none into its neighbour."""
    grown = []
    for index, band in enumerate(bands):
        left, right = band.left - pad, band.right + pad
        if index > 0:
            left = max(left, (bands[index - 1].right + band.left) / 2)
        if index + 1 < len(bands):
            right = min(right, (band.right + bands[index + 1].left) / 2)
        grown.append(Band(min(left, band.left), max(right, band.right), band.column))
    return tuple(grown)


def numeric_words(row: Row) -> tuple[Word, ...]:
    """Numbers of a row that can be cells: not the running number, nothing in brackets."""
    found, after_text = [], not any(_is_text(word) for word in row.words)
    inside = within_brackets(row.words)
    # Behind all letters a lone `O` is a nought.
    lettered = [n for n, w in enumerate(row.words) if _is_text(w) and w.text not in _NOUGHTS]
    last = lettered[-1] if lettered else len(row.words)
    for number, word in enumerate(row.words):
        is_number = is_plainly_numeric(word.text) or (number > last and word.text in _NOUGHTS)
        if number not in inside and after_text and is_number:
            found.append(word)
        after_text = after_text or _is_text(word)
    return tuple(found)


def _is_text(word: Word) -> bool:
    return sum(character.isalpha() for character in word.text) >= min(2, len(word.text))


def _stretches_of_ink(boxes: Sequence[Box], rows: int) -> list[Band]:
    """Stretches of the width in which digits stand; one odd wide word bridges no gap."""
    needed = 1 if rows < 5 else 2
    edges = sorted([(box.left, 1) for box in boxes] + [(box.right, -1) for box in boxes])
    bands, depth, start = [], 0, 0
    for position, change in edges:
        before, depth = depth, depth + change
        if before < needed <= depth:
            start = position
        elif depth < needed <= before and position > start:
            bands.append(Band(start, position))
    return bands


def _pair(
    heads: Sequence[Heading], bands: Sequence[Band], firm: Sequence[int], height: float
) -> dict[int, int]:
    """Number of the head above each band; `firm`: those bands that most rows fill.

    Where heads stand at the left of wide columns and numbers at their right, hardly a number stands
    below its head, and the nearest head is that of the next column.
    """
    nearest = _nearest(heads, bands, height)
    loose = sum(bands[b].gap(heads[h].box) > _LOOSE * height for b, h in nearest.items())
    between = _between(heads, bands)
    more = len(between.keys() & set(firm)) - len(nearest.keys() & set(firm))
    # As many either way: what stands below its head is sooner believed.
    is_loose = 2 * loose >= max(len(nearest), 1)
    return between if more > 0 or (more == 0 and is_loose) else nearest


def _between(heads: Sequence[Heading], bands: Sequence[Band]) -> dict[int, int]:
    """Bands by the head at the left of their column: none at its right begins before the band."""
    pairs: dict[int, int] = {}
    for number, band in enumerate(bands):
        before = [h for h, head in enumerate(heads) if head.box.left <= band.centre]
        head = max(before, key=lambda h: heads[h].box.left, default=None)
        if head is not None and head not in pairs.values():
            pairs[number] = head
    return pairs


def _nearest(heads: Sequence[Heading], bands: Sequence[Band], height: float) -> dict[int, int]:
    """Nearest pairs first, each head and each band once."""
    distances = sorted(
        (
            (band.gap(head.box), abs(band.centre - (head.box.left + head.box.right) / 2), b, h)
            for b, band in enumerate(bands)
            for h, head in enumerate(heads)
        ),
    )
    pairs: dict[int, int] = {}
    for gap, _, band_number, head_number in distances:
        near = gap <= _REACH * height
        if near and band_number not in pairs and head_number not in pairs.values():
            pairs[band_number] = head_number
    return pairs


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
        may_be_number = seen_text or not any(_is_text(w) for w in row.words)
        if band is not None and may_be_number and _may_stand_in_cell(word):
            cells[band].append(word)
        else:
            texts.append(word)
        seen_text = seen_text or _is_text(word)
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
    """The words of a bowlers' column, where the catchers have one of their own."""
    fielder, bowler = header.named(Column.FIELDER), header.named(Column.BOWLER)
    if fielder is None or bowler is None:
        return ()
    reach = 0.6 * row.height
    start, end = bowler.box.left - reach, fielder.box.left - reach
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
    start = bands[0].left - _REACH * row.height
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
    return digits_of(word.text) is not None or len(word.text) <= 3 or not _is_text(word)


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
