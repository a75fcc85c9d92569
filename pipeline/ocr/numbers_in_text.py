"""The numbers in lines of text: `1-23 (Smith, 3.4 ov), 2-40`.

A cell of its own is read large; a line of text small, for it costs most. So its numbers are less
sure than they could be: the doubtful ones are cut out and read once more, larger.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.imaging.runs import Run
from pipeline.ocr.settling import digits_in
from pipeline.ocr.words import Word

_NUMBER = re.compile(r"[(]?[0-9][-0-9/.,;:()*]*")
"""Digits with what separates them, and no letter."""
_ENOUGH = 0.96
"""Confidence from which a number is not looked at again."""
_CLEARLY_READ = 0.85
"""Confidence that either reading needs: 1 of 400 that agreed was wrong, and that one read
below it."""


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
    if text != word.text:
        # A point is what a second reading loses most easily.
        differs = _NUMBER.fullmatch(text) and digits_in(text) != digits_in(word.text)
        return replace(word, alternatives=(*word.alternatives, text)) if differs else word
    doubts = [1 - read.confidence for read in (word, *again)]
    if max(doubts) > 1 - _CLEARLY_READ:
        return word
    return replace(word, confidence=1 - doubts[0] * max(doubts[1:]))
