"""Runs of ink -> words with their places on the page."""

from collections.abc import Sequence

from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.digits import Opinion
from pipeline.ocr.likeness import is_short
from pipeline.ocr.looks import Looks
from pipeline.ocr.numbers_in_text import confirmed, doubtful_numbers
from pipeline.ocr.page_digits import PageDigits
from pipeline.ocr.repeated import above_each, told_by_others, worth_reading
from pipeline.ocr.run_reader import RunReader
from pipeline.ocr.settling import is_number, settle
from pipeline.ocr.tesseract import Engine
from pipeline.ocr.words import Word
from pipeline.options import Look

_CLEARLY_LETTERS = 0.75
"""Confidence of letters that are not looked at again."""
_UNLIKE_DIGITS = frozenset("RMWNHKVXFwmnkvxhd")
"""Letters for which Tesseract takes no digit, also where it stands alone."""
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
    told = _read_short(reader, runs, first, digits)
    readings = [[_joined(words)] for words in first]
    opinions = digits.opinions(readings)
    second = _read_doubtful(reader, runs, first, opinions, looks)
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
    _read_into(found, lines, reader.as_text([runs[number] for number in lines]))
    of_digits = [number for number in lines if _share_of_digits(found[number]) >= _MOSTLY_DIGITS]
    if of_digits and Look.LINE_OF_DIGITS in looks:
        with looks.spending(Look.LINE_OF_DIGITS, len(of_digits)):
            again = reader.as_numbers([runs[number] for number in of_digits])
        _read_into(found, of_digits, again)
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
    reader: RunReader, runs: Sequence[Run], found: Found, digits: PageDigits
) -> set[int]:
    """Reads what may be a number into `found`; returns those that others have told."""
    everything = [number for number, run in enumerate(runs) if is_short(run)]
    if digits.short is None:
        _read_into(found, everything, reader.as_numbers([runs[number] for number in everything]))
        return set()
    above = above_each(digits.short, runs)
    chosen = sorted(worth_reading(digits.short, above))
    _read_into(found, chosen, reader.as_numbers([runs[number] for number in chosen]))
    readings: list[list[str]] = [[] for _ in runs]
    for number in chosen:
        readings[number] = [_joined(found[number])]
    told = told_by_others(digits.short, above, readings, digits.opinions(readings))
    for number, word in told.items():
        found[number] = [word]
    left = sorted(set(everything) - set(chosen) - set(told))
    _read_into(found, left, reader.as_numbers([runs[number] for number in left]))
    return set(told)


def _read_doubtful(
    reader: RunReader,
    runs: Sequence[Run],
    first: Found,
    opinions: Sequence[Opinion | None],
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
        again = reader.closer([runs[number] for number in doubtful])
    return dict(zip(doubtful, again, strict=True))


def _is_doubtful(run: Run, words: Sequence[Word], opinion: Opinion | None) -> bool:
    if not is_short(run):
        return False
    text = _joined(words)
    if opinion is not None:
        return text != opinion.text
    # A short word is none of the page's digits either; a number should have been one.
    return is_number(text) or (len(run.letters) <= 2 and not _clearly_letters(words))


def _clearly_letters(words: Sequence[Word]) -> bool:
    """Whether what was read is letters, and one among them that no digit is taken for."""
    text = _joined(words)
    is_word = not any(map(str.isdigit, text)) and not _UNLIKE_DIGITS.isdisjoint(text)
    return (is_word or text in _BOUNDARIES) and all(
        word.confidence >= _CLEARLY_LETTERS for word in words
    )


def _read_into(found: Found, numbers: Sequence[int], read: Sequence[list[Word]]) -> None:
    for number, words in zip(numbers, read, strict=True):
        found[number] = words


def _share_of_digits(words: Sequence[Word]) -> float:
    text = _joined(words)
    return sum(map(str.isdigit, text)) / max(len(text), 1)


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)
