"""Two readings of a number -> one, with the other as its alternative."""

from collections.abc import Sequence

from pipeline.imaging.runs import Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.words import Box, Word

_SURE_SHARE = 0.7
_SURE_LIKENESS = 0.86
_DOUBTFUL = 0.5
"""Confidence of a number on which the readings differ."""

# A heading of one letter looks like a digit; over a column of numbers it stays a letter.
_LETTERS_LIKE_DIGITS = frozenset("OBSIlDQZ")


def settle(run: Run, words: Sequence[Word], opinion: Opinion) -> list[Word]:
    """The words of a run of which the page's own digits have an opinion.

    Args:
        run: the run.
        words: what Tesseract read of it.
        opinion: what the page's digits say.
    """
    read = "".join(word.text for word in words)
    sure = opinion.share >= _SURE_SHARE and opinion.likeness >= _SURE_LIKENESS
    if read == opinion.text:
        confidence = max(opinion.share, min(word.confidence for word in words))
        return [_word(run, read, confidence)]
    if _is_number(read):
        other = (opinion.text, read) if sure else (read, opinion.text)
        return [_word(run, other[0], _DOUBTFUL, other[1:])]
    if not sure or read in _LETTERS_LIKE_DIGITS:
        return [
            Word(word.text, word.box, word.confidence, (opinion.text,)) if len(words) == 1 else word
            for word in words
        ]
    return [_word(run, opinion.text, opinion.share * opinion.likeness, (read,) if read else ())]


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _word(run: Run, text: str, confidence: float, alternatives: tuple[str, ...] = ()) -> Word:
    box = Box(run.left, run.top, run.right, run.bottom)
    return Word(text, box, min(max(confidence, 0.0), 1.0), alternatives)
