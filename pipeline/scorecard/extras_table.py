"""Extras, and the total beside them, as a table: `Byes  Leg byes  Wides  Extras`, numbers below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.labels import Labelled
from pipeline.scorecard.numbers import is_plainly_numeric, overs_of
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import EXTRA_KINDS, LABEL_PHRASES, Label, plain

_FEWEST_KINDS: Final = 3
_LONGEST: Final = 2
"""Words of the longest kind: `leg byes`."""
_MOST_UNREAD: Final = 5
"""Heads that were misread, and whose numbers are then nobody's."""
_OWN_LINE: Final = frozenset({Label.TOTAL, Label.WICKETS, Label.OVERS})


@dataclass(frozen=True, slots=True)
class _Head:
    words: tuple[Word, ...]
    label: Label | None
    """`EXTRAS` for a kind of them and for their sum; None for a head that was not read."""
    is_kind: bool = False


def extras_below(head: Row, below: Row | None) -> tuple[Labelled, ...]:
    """The lines that two rows tell, each number behind its label; none for other rows.

    Args:
        head: the row that may name kinds of extras, and nothing else.
        below: the next row, of numbers alone.
    """
    if below is None or below.page != head.page:
        return ()
    numbers = below.words
    if not all(is_plainly_numeric(word.text) for word in numbers):
        return ()
    heads = list(_heads(head))
    kinds = [one for one in heads if one.is_kind]
    unread = sum(one.label is None for one in heads)
    if len(kinds) < _FEWEST_KINDS or len(numbers) > len(heads) or unread > _MOST_UNREAD:
        return ()
    under = [min(range(len(heads)), key=lambda n: _apart(heads[n].words, word)) for word in numbers]
    if len(set(under)) < len(under) or any(overs_of(word.text) is None for word in numbers):
        return ()
    return tuple(_lines(head.page, heads, dict(zip(under, numbers, strict=True))))


def _lines(page: int, heads: Sequence[_Head], placed: dict[int, Word]) -> Iterator[Labelled]:
    # Without a sum of the extras, the total is that sum.
    has_sum = any(head.label is Label.EXTRAS and not head.is_kind for head in heads)
    of_extras = {Label.EXTRAS} if has_sum else {Label.EXTRAS, Label.TOTAL}
    words = [
        word
        for n, head in enumerate(heads)
        if head.label in of_extras and n in placed
        for word in (*head.words, placed[n])
    ]
    yield Labelled(Label.EXTRAS, page, (), tuple(words))
    for n, head in enumerate(heads):
        if head.label in _OWN_LINE - of_extras and n in placed:
            yield Labelled(head.label, page, head.words, (placed[n],))


def _heads(row: Row) -> Iterator[_Head]:
    position = 0
    while position < len(row.words):
        for length in range(min(_LONGEST, len(row.words) - position), 0, -1):
            words = row.words[position : position + length]
            text = plain(" ".join(word.text for word in words))
            is_kind = text.replace(" ", "").replace("-", "") in EXTRA_KINDS
            label = Label.EXTRAS if is_kind else LABEL_PHRASES.get(text)
            if label is Label.EXTRAS or label in _OWN_LINE:
                yield _Head(words, label, is_kind)
                position += length
                break
        else:
            yield _Head(row.words[position : position + 1], None)
            position += 1


def _apart(head: Sequence[Word], word: Word) -> float:
    """Pixels between the middles of a head and of a number."""
    return abs(head[0].box.left + head[-1].box.right - word.box.left - word.box.right) / 2
