"""The numbers in lines of text: `1-23 (Smith, 3.4 ov), 2-40`.

A cell of its own is read large; a line of text small, for it costs most. So its numbers are less
sure than they could be: the doubtful ones are cut out and read once more, larger.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.imaging.runs import Run
from pipeline.ocr.settling import MAJORITY, digits_in, of_two
from pipeline.ocr.words import Word

_NUMBER = re.compile(
    r"[(]?[0-9][-0-9/.,;:()*]*|[0-9]{1,2}[xX\u00d7][46][,;)]?|[46]s[:=][0-9]{1,2}[,;)]?"
)
"""Digits with what separates them, and no letter; or a number of boundaries, `5x4`, `4s:5`."""
_ENOUGH = 0.96
"""Confidence from which a number is not looked at again."""
_UNLIKELY, _LIKELY = 0.75, 0.9
"""Confidence below which a reading gives way to a second one that is surer than this."""
_SEPARATORS = str.maketrans(",:;", "...")


def doubtful_numbers(run: Run, words: Sequence[Word]) -> Iterator[tuple[int, Run]]:
    """The places of the doubtful numbers among a line's words, and their parts of the line."""
    for place, word in enumerate(words):
        if _NUMBER.fullmatch(word.text) and word.confidence < _ENOUGH:
            part = run.between(word.box.left, word.box.right)
            if part is not None:
                yield place, part


def confirmed(word: Word, again: Sequence[Word]) -> Word:
    """A number, surer where a second reading has found the same.

    Where it has found another one, that is kept for the arithmetic to choose.
    """
    text = "".join(part.text for part in again)
    sureness = min((read.confidence for read in again), default=0.0)
    if _plain(text) == _plain(word.text):
        together = of_two(text, word.confidence, sureness)
        return replace(word, confidence=max(together, MAJORITY))
    is_surer = word.confidence < _UNLIKELY and sureness >= _LIKELY
    if is_surer and len(text) == len(word.text) and any(map(str.isdigit, text)):
        # Small, `4s:1` is read `45:4`.
        others = (word.text, *word.alternatives)
        return replace(word, text=text, confidence=min(sureness, _UNLIKELY), alternatives=others)
    # A point is what a second reading loses most easily.
    differs = _NUMBER.fullmatch(text) and digits_in(text) != digits_in(word.text)
    return replace(word, alternatives=(*word.alternatives, text)) if differs else word


def _plain(text: str) -> str:
    """A number without what ends it; points, commas and colons are one and the same."""
    return text.translate(_SEPARATORS).rstrip(".")
