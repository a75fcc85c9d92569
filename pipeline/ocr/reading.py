"""Runs of ink -> words with their places on the page."""

from collections.abc import Sequence

from pipeline.imaging.crop import Crop, crop_line, crop_run, sharpened
from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.digits import Opinion, second_opinions
from pipeline.ocr.likeness import ShortRuns, is_short, short_runs
from pipeline.ocr.numbers_in_text import confirmed, doubtful_numbers
from pipeline.ocr.repeated import above_each, told_by_others, worth_reading
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
    short = short_runs(layout.grey, runs)
    found, told = _read(engine, layout, short)
    first = _confirmed(engine, layout, found)
    readings = [[_joined(words)] for words in first]
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
        for word in (
            first[number]
            if not is_short(run) or (number in told and number not in second)
            else settle(run, first[number], second.get(number, []), opinions[number])
        )
    ]


def _confirmed(engine: Engine, layout: Layout, found: list[list[Word]]) -> list[list[Word]]:
    """The words of each run, the doubtful numbers in its text looked at once more."""
    asked = [
        (number, place, part)
        for number, run in enumerate(layout.runs)
        if not is_short(run)
        for place, part in doubtful_numbers(run, found[number])
    ]
    again = _read_closer(engine, layout, [part for _, _, part in asked])
    for (number, place, _), words in zip(asked, again, strict=True):
        found[number][place] = confirmed(found[number][place], words)
    return found


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
    return (
        not _UNLIKE_DIGITS.isdisjoint(text)
        and not any(map(str.isdigit, text))
        and all(word.confidence >= _CLEARLY_LETTERS for word in words)
    )


def _read(
    engine: Engine, layout: Layout, short: ShortRuns | None
) -> tuple[list[list[Word]], set[int]]:
    """Tesseract's words of each run, boxes in pixels of the page; and which others have told.

    Lines of text cost most, and bear being small; what may be a number is shown larger.
    """
    found: list[list[Word]] = [[] for _ in layout.runs]
    lines = {number: run for number, run in enumerate(layout.runs) if not is_short(run)}
    crops = [crop_line(layout.grey, layout.labels, run) for run in lines.values()]
    for (number, run), words in zip(
        lines.items(), _recognise(engine, crops, PSM_RAW_LINE), strict=True
    ):
        found[number] = on_their_ink(run, words)
    of_digits = [n for n in lines if _share_of_digits(found[n]) >= _MOSTLY_DIGITS]
    _read_large(engine, layout, of_digits, found)
    told = {} if short is None else _read_short(engine, layout, short, found)
    return found, set(told)


def _read_short(
    engine: Engine, layout: Layout, short: ShortRuns, found: list[list[Word]]
) -> dict[int, Word]:
    """Reads the short runs into `found`; those that the others tell, which need not be read."""
    above = above_each(short, layout.runs)
    first = worth_reading(short, above)
    _read_large(engine, layout, sorted(first), found)
    readings = [[_joined(found[number])] if number in first else [] for number in range(len(found))]
    told = told_by_others(short, above, readings, second_opinions(short, readings))
    for number, word in told.items():
        found[number] = [word]
    _read_large(engine, layout, [n for n in short.at if n not in first and n not in told], found)
    return told


def _read_large(
    engine: Engine, layout: Layout, numbers: Sequence[int], found: list[list[Word]]
) -> None:
    """Reads some runs as what may be a number, into `found`."""
    crops = [crop_run(layout.grey, layout.labels, layout.runs[n], _DIGIT) for n in numbers]
    for number, words in zip(numbers, _recognise(engine, crops, PSM_LINE), strict=True):
        found[number] = words


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
