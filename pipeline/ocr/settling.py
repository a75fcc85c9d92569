"""Several readings of a number -> one, with the others as its alternatives."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.imaging.runs import Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.noughts import ROUND_DIGITS
from pipeline.ocr.word_boxes import box_of
from pipeline.ocr.words import Word

_SURE_SHARE = 0.7
_SURE_LIKENESS = 0.86
_DOUBTFUL = 0.5
"""Confidence of a number on which the readings differ."""
MAJORITY = 0.75
"""Confidence of a number on which two readings agree, however unsure they are."""
_SURELY_READ = 0.95
"""Confidence that both of Tesseract's readings need to outweigh the page's own digits."""
_STRONG = 0.9
"""Share and likeness from which an opinion is outweighed by nothing."""
_LEAST_OF_TWO, _BEST_OF_TWO = 0.6, 0.9
"""Confidence that the less and the more sure of two readings need to make each other surer."""
_ROUND = frozenset("689")
"""What a dotted or stroked nought is read as, surely and every time."""

# A heading of one letter looks like a digit; over a column of numbers it stays a letter.
_LETTERS_LIKE_DIGITS = frozenset("OBSIlDQZ")


_NUMBER = re.compile(r"[0-9]+(?:[./-][0-9]+)?|[.][0-9]+|[0-9]+[.]")


def is_number(text: str) -> bool:
    """Digits with at most one point among them, or the two numbers of a score: `195-9`, `195/9`."""
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
    opinion = _weighed(opinion, first, second)
    seen = [_bare(_joined(words), opinion) for words in (first, second) if words]
    texts = [_with_noughts(text, opinion) for text in seen]
    numbers = [text for text in texts if is_number(text)]
    sure = opinion is not None and (
        opinion.share >= _SURE_SHARE and opinion.likeness >= _SURE_LIKENESS
    )
    if opinion is not None and (numbers or sure):
        numbers.insert(0 if sure else len(numbers), opinion.text)
    if not numbers or (texts and texts[0] in _LETTERS_LIKE_DIGITS and not is_number(texts[-1])):
        return [_with(word, numbers) if len(first) == 1 else word for word in first]
    best = max(numbers, key=numbers.count)
    confidence = _confidence(best, numbers, texts, (first, second), opinion)
    if opinion is not None and sure and _all_miscounted(numbers[1:], opinion):
        best, confidence = opinion.text, MAJORITY
    others = tuple(dict.fromkeys(text for text in (*numbers, *texts, *seen) if text != best))
    return [Word(best, box_of(run), confidence, others)]


def _weighed(
    opinion: Opinion | None, first: Sequence[Word], second: Sequence[Word]
) -> Opinion | None:
    """The opinion, with a mark that Tesseract saw in it; None where its reading outweighs that.

    Of 40 numbers that Tesseract read twice and surely, against an opinion that was none too sure,
    none was wrong. A lone 6, 8 or 9 may always be a nought.
    """
    if opinion is None or not first:
        return opinion
    text = _joined(first)
    if not second:
        return replace(opinion, text=text) if text == f"{opinion.text}." else opinion
    if text != _joined(second) or not is_number(text) or opinion.noughts:
        return opinion
    if _is_slashed(text, opinion.text) or text.replace("-", "") == opinion.text:
        return replace(opinion, text=text)
    is_weak = min(opinion.share, opinion.likeness) < _STRONG
    is_sure = min(_sureness(first), _sureness(second)) >= _SURELY_READ and text not in _ROUND
    same_count = len(digits_in(text)) == len(digits_in(opinion.text))
    return None if is_weak and is_sure and same_count else opinion


def _is_slashed(text: str, opinion: str) -> bool:
    """Whether two readings differ by a slash alone, which is like no digit of the page."""
    return len(text) == len(opinion) and all(
        one in ("/", other) for one, other in zip(text, opinion, strict=True)
    )


def _bare(text: str, opinion: Opinion | None) -> str:
    """A reading without the comma behind it, where nothing else tells it from the opinion."""
    bare = text.rstrip(",;:")
    return bare if opinion is not None and bare == opinion.text else text


def _with_noughts(text: str, opinion: Opinion | None) -> str:
    """A reading with the noughts that their outline tells, where it has as many digits."""
    if opinion is None or not opinion.noughts or not is_number(text):
        return text
    places = [place for place, character in enumerate(text) if character.isdigit()]
    if len(places) != len(digits_in(opinion.text)):
        return text
    noughts = {places[number] for number in opinion.noughts}
    return "".join(
        "0" if place in noughts and character in ROUND_DIGITS else character
        for place, character in enumerate(text)
    )


def _all_miscounted(readings: Sequence[str], opinion: Opinion) -> bool:
    """Whether Tesseract's numbers all have more or fewer digits than there are marks of ink."""
    count = len(digits_in(opinion.text))
    return bool(readings) and all(
        "/" not in reading and len(digits_in(reading)) != count for reading in readings
    )


def _confidence(
    best: str,
    numbers: list[str],
    texts: list[str],
    readings: tuple[Sequence[Word], Sequence[Word]],
    opinion: Opinion | None,
) -> float:
    first, second = readings
    if len(set(numbers)) > 1 and not _differ_in_a_mark_that_is_seen(best, numbers, opinion):
        return MAJORITY if numbers.count(best) > 1 else _DOUBTFUL
    read = _sureness(first)
    if opinion is None:
        if len(texts) == 1:
            return read
        same = texts == [best, best]
        return max(of_two(best, read, _sureness(second)) if same else read, MAJORITY)
    vote = opinion.share * opinion.likeness
    return min(1.0, max(read, opinion.share) if best in texts else vote)


def of_two(text: str, one: float, other: float) -> float:
    """Confidence of a number that two readings of its ink agree on: `one`, or more.

    They do not add up where neither was sure, or one was not sure at all: then both may have seen
    the same blot. Of 1,300 others, each at its own size, one was wrong. Nor do they for a lone 6,
    8 or 9, which may be a nought.
    """
    lower, higher = sorted((one, other))
    if lower < _LEAST_OF_TWO or higher < _BEST_OF_TWO or digits_in(text) in _ROUND:
        return one
    return 1 - (1 - lower) * (1 - higher)


def _sureness(words: Sequence[Word]) -> float:
    return min((word.confidence for word in words), default=0.0)


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
