"""Several readings of a number -> one, with the others as its alternatives."""

import re
from collections.abc import Sequence

from pipeline.imaging.runs import Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.words import Box, Word

_SURE_SHARE = 0.7
_SURE_LIKENESS = 0.86
_DOUBTFUL = 0.5
"""Confidence of a number on which the readings differ."""
_MAJORITY = 0.75
"""Confidence of a number on which two readings of three agree."""

# A heading of one letter looks like a digit; over a column of numbers it stays a letter.
_LETTERS_LIKE_DIGITS = frozenset("OBSIlDQZ")


_NUMBER = re.compile(r"[0-9]+(?:[.-][0-9]+)?|[.][0-9]+|[0-9]+[.]")


def is_number(text: str) -> bool:
    """Digits with at most one point among them, or the two numbers of a score: `195-9`."""
    return _NUMBER.fullmatch(text) is not None


def digits_in(text: str) -> str:
    """The digits of a text, without what separates them."""
    return "".join(filter(str.isdigit, text))


def settle(
    run: Run, first: Sequence[Word], second: Sequence[Word], opinion: Opinion | None
) -> list[Word]:
    """The words of a run that may be a number.

    Args:
        run: the run.
        first: what Tesseract read of it.
        second: what it read of it on a closer look; empty where there was none.
        opinion: what the page's own digits say, where they can tell.
    """
    texts = [_joined(words) for words in (first, second) if words]
    numbers = [text for text in texts if is_number(text)]
    sure = opinion is not None and (
        opinion.share >= _SURE_SHARE and opinion.likeness >= _SURE_LIKENESS
    )
    if opinion is not None and (numbers or sure):
        numbers.insert(0 if sure else len(numbers), opinion.text)
    if not numbers or (texts and texts[0] in _LETTERS_LIKE_DIGITS and not is_number(texts[-1])):
        return [_with(word, numbers) if len(first) == 1 else word for word in first]
    best = max(numbers, key=numbers.count)
    confidence = _confidence(best, numbers, texts, first, opinion)
    others = tuple(dict.fromkeys(text for text in (*numbers, *texts) if text != best))
    box = Box(run.left, run.top, run.right, run.bottom)
    return [Word(best, box, confidence, others)]


def _confidence(
    best: str, numbers: list[str], texts: list[str], first: Sequence[Word], opinion: Opinion | None
) -> float:
    if len(set(numbers)) > 1 and not _differ_in_a_mark_that_is_seen(best, numbers, opinion):
        return _MAJORITY if numbers.count(best) > 1 else _DOUBTFUL
    read = min((word.confidence for word in first), default=0.0)
    if opinion is None:
        return read if len(texts) == 1 else max(read, _MAJORITY)
    vote = opinion.share * opinion.likeness
    return min(1.0, max(read, opinion.share) if best in texts else vote)


def _differ_in_a_mark_that_is_seen(
    best: str, numbers: Sequence[str], opinion: Opinion | None
) -> bool:
    """Whether all agree on the digits, and the ink shows the point or dash that some lack."""
    return len(set(map(digits_in, numbers))) == 1 and opinion is not None and opinion.text == best


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _with(word: Word, alternatives: Sequence[str]) -> Word:
    others = tuple(text for text in dict.fromkeys(alternatives) if text != word.text)
    return Word(word.text, word.box, word.confidence, others)
