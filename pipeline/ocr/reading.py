"""Runs of ink -> words with their places on the page."""

import re
from collections.abc import Mapping, Sequence

from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.likeness import is_short
from pipeline.ocr.looks import Looks
from pipeline.ocr.numbers_in_text import confirmed, doubtful_numbers
from pipeline.ocr.page_digits import PageDigits
from pipeline.ocr.repeated import above_each, told_by_others, worth_reading
from pipeline.ocr.run_reader import RunReader
from pipeline.ocr.same_ink import SameInk
from pipeline.ocr.settling import is_number, settle
from pipeline.ocr.tesseract import Engine
from pipeline.ocr.words import Word
from pipeline.options import Look

_CLEARLY_LETTERS = 0.75
"""Confidence of letters that are not looked at again."""
_SURELY_READ = 0.9
"""Confidence of a word that is taken for all that show the same ink."""
_UNLIKE_DIGITS = frozenset("RMWNHKVXFwmnkvxhd")
"""Letters for which Tesseract takes no digit, also where it stands alone."""
_INITIALS = re.compile(r"(?:[A-Z][.]){2,}")
"""A number has one point at most."""
_BOUNDARIES = frozenset({"4s", "6s"})
"""Headings that are no numbers, though a digit stands in them."""
_MOSTLY_DIGITS = 0.5
"""Share of a line's characters from which it is read as carefully as a lone number."""

Found = list[list[Word]]
"""The words of each of a page's runs."""


def read_layout(engine: Engine, layout: Layout, looks: Looks | None = None) -> list[Word]:
    """The words of a page, each run read on its own.

    What may be a number is compared with the page's other digits; where the two do not agree it
    is read again, larger and sharper, and all readings are kept.

    Args:
        engine: reads.
        layout: the page's runs.
        looks: those that are taken, and where they are counted; None: all.
    """
    looks = looks or Looks()
    runs, reader = layout.runs, RunReader(engine, layout)
    digits = PageDigits(layout, looks)
    first: Found = [[] for _ in runs]
    _read_text(reader, runs, first, looks)
    same = SameInk(runs, digits.short)
    told = _read_short(reader, runs, first, digits, same)
    readings = [[_joined(words)] for words in first]
    opinions = digits.opinions(readings)
    second = _read_doubtful(reader, runs, first, opinions, same, looks)
    for number, words in second.items():
        readings[number].append(_joined(words))
    if second:
        opinions = digits.opinions(readings)
    return [
        word
        for number, run in enumerate(runs)
        for word in (
            first[number]
            if not is_short(run) or (number in told and number not in second)
            else settle(run, first[number], second.get(number, []), opinions[number])
        )
    ]


def _read_text(reader: RunReader, runs: Sequence[Run], found: Found, looks: Looks) -> None:
    """Reads what is no number into `found`, and what numbers it holds once more."""
    lines = [number for number, run in enumerate(runs) if not is_short(run)]
    text = reader.as_text([runs[number] for number in lines])
    _read_into(found, dict(zip(lines, text, strict=True)))
    of_digits = [number for number in lines if _share_of_digits(found[number]) >= _MOSTLY_DIGITS]
    if of_digits and Look.LINE_OF_DIGITS in looks:
        with looks.spending(Look.LINE_OF_DIGITS, len(of_digits)):
            again = reader.as_numbers([runs[number] for number in of_digits])
        _read_into(found, dict(zip(of_digits, again, strict=True)))
    asked = [
        (number, place, part)
        for number in lines
        for place, part in doubtful_numbers(runs[number], found[number])
    ]
    if not asked or Look.NUMBER_IN_TEXT not in looks:
        return
    with looks.spending(Look.NUMBER_IN_TEXT, len(asked)):
        again = reader.closer([part for _, _, part in asked])
    for (number, place, _), words in zip(asked, again, strict=True):
        found[number][place] = confirmed(found[number][place], words)


def _read_short(
    reader: RunReader, runs: Sequence[Run], found: Found, digits: PageDigits, same: SameInk
) -> set[int]:
    """Reads what may be a number into `found`; returns those that others have told."""
    everything = {number for number, run in enumerate(runs) if is_short(run)}
    if digits.short is None:
        _read_into(found, same.read_once(everything, reader.as_numbers, _SURELY_READ))
        return set()
    above = above_each(digits.short, runs)
    chosen = worth_reading(digits.short, above)
    read = same.read_once(chosen, reader.as_numbers, _SURELY_READ)
    readings = [[_joined(read[number])] if number in read else [] for number in range(len(runs))]
    told = told_by_others(digits.short, above, readings, digits.opinions(readings))
    left = everything - chosen - set(told)
    _read_into(found, read)
    _read_into(found, {number: [word] for number, word in told.items()})
    _read_into(found, same.read_once(left, reader.as_numbers, _SURELY_READ, read))
    return set(told)


def _read_doubtful(
    reader: RunReader,
    runs: Sequence[Run],
    first: Found,
    opinions: Sequence[Opinion | None],
    same: SameInk,
    looks: Looks,
) -> dict[int, list[Word]]:
    """A second reading of the runs that need one, by their number."""
    doubtful = [
        number
        for number, run in enumerate(runs)
        if _is_doubtful(run, first[number], opinions[number])
    ]
    if not doubtful or Look.CLOSER not in looks:
        return {}
    with looks.spending(Look.CLOSER, len(doubtful)):
        return same.read_once(doubtful, reader.closer, _CLEARLY_LETTERS)


def _is_doubtful(run: Run, words: Sequence[Word], opinion: Opinion | None) -> bool:
    if not is_short(run):
        return False
    text = _joined(words)
    if opinion is not None:
        return text != opinion.text and not _is_surely_ended(words, opinion)
    # A short word is none of the page's digits either; a number should have been one.
    return is_number(text) or (len(run.letters) <= 2 and not _clearly_letters(words))


def _is_surely_ended(words: Sequence[Word], opinion: Opinion) -> bool:
    """Whether it is the opinion with a point behind it, as before a name: `1.`."""
    return _joined(words) == f"{opinion.text}." and all(
        word.confidence >= _SURELY_READ for word in words
    )


def _clearly_letters(words: Sequence[Word]) -> bool:
    """Whether what was read is initials, or letters of which no digit is taken for one."""
    text = _joined(words)
    if _INITIALS.fullmatch(text):
        return True
    is_word = not any(map(str.isdigit, text)) and not _UNLIKE_DIGITS.isdisjoint(text)
    return (is_word or text in _BOUNDARIES) and all(
        word.confidence >= _CLEARLY_LETTERS for word in words
    )


def _read_into(found: Found, read: Mapping[int, list[Word]]) -> None:
    for number, words in read.items():
        found[number] = words


def _share_of_digits(words: Sequence[Word]) -> float:
    text = _joined(words)
    return sum(map(str.isdigit, text)) / max(len(text), 1)


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)
