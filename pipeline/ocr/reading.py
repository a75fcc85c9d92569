"""Runs of ink -> words with their places on the page."""

from collections.abc import Sequence

from pipeline.imaging.crop import Crop, crop_line, crop_run, sharpened
from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.digits import Opinion, second_opinions
from pipeline.ocr.likeness import is_short, short_runs
from pipeline.ocr.numbers_in_text import confirmed, doubtful_numbers
from pipeline.ocr.settling import is_number, settle
from pipeline.ocr.tesseract import PSM_LINE, PSM_RAW_LINE, Engine
from pipeline.ocr.word_boxes import on_their_ink
from pipeline.ocr.words import Box, Word

_DIGIT, _CLOSER = 28.0, 36.0
"""Height of a digit in the crop, in pixels: of what may be a number, and of it at a second look."""
_CLEARLY_LETTERS = 0.85
"""Confidence of letters that are not looked at again."""
_UNLIKE_DIGITS = frozenset("RMWNHKVXFwmnkvxhd")
"""Letters for which Tesseract takes no digit, also where it stands alone."""
_MOSTLY_DIGITS = 0.5
"""Share of a line's characters from which it is read as carefully as a lone number."""


def read_layout(engine: Engine, layout: Layout) -> list[Word]:
    """The words of a page, each run read on its own.

    What may be a number is compared with the page's other digits; where the two do not agree it
    is read again, larger and sharper, and all readings are kept.
    """
    runs = layout.runs
    first = _confirmed(engine, layout, _read(engine, layout))
    readings = [[_joined(words)] for words in first]
    short = short_runs(layout.grey, runs)
    opinions = second_opinions(short, readings)
    doubtful = [
        number
        for number, run in enumerate(runs)
        if _is_doubtful(run, first[number], opinions[number])
    ]
    closer = _read_closer(engine, layout, [runs[number] for number in doubtful])
    second = dict(zip(doubtful, closer, strict=True))
    for number, words in second.items():
        readings[number].append(_joined(words))
    if second:
        opinions = second_opinions(short, readings)
    return [
        word
        for number, run in enumerate(runs)
        for word in _settled(run, first[number], second.get(number, []), opinions[number])
    ]


def _confirmed(engine: Engine, layout: Layout, found: list[list[Word]]) -> list[list[Word]]:
    """The words of each run, the doubtful numbers in its text looked at once more."""
    asked = [
        (number, place, part)
        for number, run in enumerate(layout.runs)
        if _is_text(run)
        for place, part in doubtful_numbers(run, found[number])
    ]
    again = _read_closer(engine, layout, [part for _, _, part in asked])
    for (number, place, _), words in zip(asked, again, strict=True):
        found[number][place] = confirmed(found[number][place], words)
    return found


def _is_doubtful(run: Run, words: Sequence[Word], opinion: Opinion | None) -> bool:
    if _is_text(run):
        return False
    text = _joined(words)
    if opinion is not None:
        return text != opinion.text
    # A short word is none of the page's digits either; a number should have been one.
    return is_number(text) or (len(run.letters) <= 2 and not _clearly_letters(words))


def _clearly_letters(words: Sequence[Word]) -> bool:
    """Whether what was read is letters, and one among them that no digit is taken for."""
    text = _joined(words)
    return (
        not _UNLIKE_DIGITS.isdisjoint(text)
        and not any(map(str.isdigit, text))
        and all(word.confidence >= _CLEARLY_LETTERS for word in words)
    )


def _settled(
    run: Run, first: list[Word], second: list[Word], opinion: Opinion | None
) -> list[Word]:
    if _is_text(run):
        return first
    return settle(run, first, second, opinion)


def _is_text(run: Run) -> bool:
    return not is_short(run)


def _read(engine: Engine, layout: Layout) -> list[list[Word]]:
    """Tesseract's words of each run, boxes in pixels of the page.

    Lines of text cost most, and bear being small; what may be a number is shown larger.
    """
    found: list[list[Word]] = [[] for _ in layout.runs]
    lines = {number: run for number, run in enumerate(layout.runs) if _is_text(run)}
    crops = [crop_line(layout.grey, layout.labels, run) for run in lines.values()]
    for (number, run), words in zip(
        lines.items(), _recognise(engine, crops, PSM_RAW_LINE), strict=True
    ):
        found[number] = on_their_ink(run, words)
    numbers = {
        number: run
        for number, run in enumerate(layout.runs)
        if number not in lines or _share_of_digits(found[number]) >= _MOSTLY_DIGITS
    }
    crops = [crop_run(layout.grey, layout.labels, run, _DIGIT) for run in numbers.values()]
    for number, words in zip(numbers, _recognise(engine, crops, PSM_LINE), strict=True):
        found[number] = words
    return found


def _share_of_digits(words: Sequence[Word]) -> float:
    text = _joined(words)
    return sum(map(str.isdigit, text)) / max(len(text), 1)


def _read_closer(engine: Engine, layout: Layout, runs: Sequence[Run]) -> list[list[Word]]:
    """The same of some runs that may be numbers, larger and sharper."""
    crops = [sharpened(crop_run(layout.grey, layout.labels, run, _CLOSER)) for run in runs]
    return _recognise(engine, crops, PSM_LINE)


def _recognise(engine: Engine, crops: Sequence[Crop], psm: int) -> list[list[Word]]:
    found = engine.lines([crop.image for crop in crops], psm=psm)
    return [
        [_on_page(word, crop) for word in words] for words, crop in zip(found, crops, strict=True)
    ]


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _on_page(word: Word, crop: Crop) -> Word:
    box = Box(
        left=round(crop.left + word.box.left / crop.scale),
        top=round(crop.top + word.box.top / crop.scale),
        right=round(crop.left + word.box.right / crop.scale),
        bottom=round(crop.top + word.box.bottom / crop.scale),
    )
    return Word(word.text, box, word.confidence, word.alternatives)
