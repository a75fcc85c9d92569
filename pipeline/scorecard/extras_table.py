"""Extras as a table of their own: `Byes  Leg byes  Wides  No balls  Total`, the numbers below."""

from collections.abc import Sequence
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.labels import Labelled
from pipeline.scorecard.numbers import integer_of, is_plainly_numeric
from pipeline.scorecard.rows import Row
from pipeline.scorecard.vocabulary import EXTRA_KINDS, LABEL_PHRASES, Label, plain

_FEWEST_KINDS: Final = 3
_LONGEST: Final = 2
"""Words of the longest kind: `leg byes`."""


def extras_below(head: Row, below: Row | None) -> Labelled | None:
    """The extras that two rows tell as one line, each number behind its kind; None for others."""
    kinds = _kinds(head)
    if below is None or not kinds or below.page != head.page:
        return None
    numbers = [word for word in below.words if is_plainly_numeric(word.text)]
    if len(numbers) != len(below.words) or len(numbers) > len(kinds):
        return None
    under = [min(range(len(kinds)), key=lambda n: _apart(kinds[n], word)) for word in numbers]
    if len(set(under)) < len(under) or any(integer_of(word.text) is None for word in numbers):
        return None
    placed = dict(zip(under, numbers, strict=True))
    words = [word for n, kind in enumerate(kinds) if n in placed for word in (*kind, placed[n])]
    return Labelled(Label.EXTRAS, head.page, (), tuple(words))


def _kinds(row: Row) -> list[tuple[Word, ...]]:
    """The heads of such a table; none where a row holds anything else."""
    found: list[tuple[Word, ...]] = []
    kinds = 0
    position = 0
    while position < len(row.words):
        for length in range(min(_LONGEST, len(row.words) - position), 0, -1):
            words = row.words[position : position + length]
            text = plain(" ".join(word.text for word in words))
            is_kind = text.replace(" ", "").replace("-", "") in EXTRA_KINDS
            if is_kind or LABEL_PHRASES.get(text) in (Label.TOTAL, Label.EXTRAS):
                found.append(tuple(words))
                kinds += is_kind
                position += length
                break
        else:
            return []
    return found if kinds >= _FEWEST_KINDS else []


def _apart(kind: Sequence[Word], word: Word) -> float:
    """Pixels between the middles of a head and of a number."""
    return abs(kind[0].box.left + kind[-1].box.right - word.box.left - word.box.right) / 2
