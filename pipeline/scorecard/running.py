"""Batters told in running text: `Lee 2 (10) c Reakes b Kapp, Mack 58* (52), du Preez …`.

Messages and papers print them so, over rows that end anywhere. What follows a score up to the last
comma is how that batter was out; behind the comma the next name begins.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.dismissal import find_opening
from pipeline.scorecard.figures import Figured, batters_told
from pipeline.scorecard.labels import leading_label
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import Label

_FEWEST: Final = 2
"""Batters in one row, and rows of such, that make a text of a table."""
_STOPS: Final = ",;."
_INNER: Final = frozenset({Label.EXTRAS, Label.TOTAL, Label.DID_NOT_BAT})


def with_sentences_apart(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, parted where a sentence begins inside one: `… 7* (4). Extras 5 (b1 w4)`."""
    return tuple(part for row in rows for part in _sentences(row))


def _sentences(row: Row) -> Iterator[Row]:
    start = 0
    for number, word in enumerate(row.words[:-1], start=1):
        stopped = word.text.endswith((".", ";"))
        if stopped and leading_label(Row(row.page, row.words[number:])) in _INNER:
            yield Row(row.page, row.words[start:number])
            start = number
    yield Row(row.page, row.words[start:]) if start else row


def is_running_text(rows: Sequence[Row]) -> bool:
    """Whether rows tell of several batters each, their dismissals behind their scores."""
    several = sum(len(batters_told(row)[0]) >= _FEWEST for row in rows)
    return several >= _FEWEST and any(find_opening(row.words) is not None for row in rows)


def batters_in_text(rows: Sequence[Row]) -> tuple[Figured, ...]:
    """The batters of such rows, each with the words of his name and dismissal.

    Args:
        rows: of one page.
    """
    page = rows[0].page
    text = Row(page, tuple(word for row in rows if row.page == page for word in row.words))
    parts, tail = batters_told(text)
    lines: list[Figured] = []
    for number, part in enumerate(parts):
        out, name = _parted(part.row.words) if number else ((), part.row.words)
        if lines:
            lines[-1] = _with_words(lines[-1], out)
        lines.append(Figured(Row(page, name), part.figures))
    return (*lines[:-1], _with_words(lines[-1], tail)) if lines else ()


def _with_words(line: Figured, words: Sequence[Word]) -> Figured:
    return Figured(Row(line.row.page, (*line.row.words, *words)), line.figures)


def _parted(words: Sequence[Word]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Words between two scores: how the one was out, and the name of the other."""
    stops = [n for n, word in enumerate(words[:-1]) if word.text[-1:] in _STOPS]
    # The point of an initial is no stop.
    stops = [n for n in stops if words[n].text[-1] != "." or len(words[n].text) > len("JP.")]
    if not stops:
        return (), tuple(words)
    return tuple(words[: stops[-1] + 1]), tuple(words[stops[-1] + 1 :])
