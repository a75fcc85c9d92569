"""Runs of ink -> words with their places on the page."""

from collections.abc import Sequence

from pipeline.imaging.crop import Crop, crop_run, sharpened
from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.digits import MOST_LETTERS, Opinion, second_opinions
from pipeline.ocr.numbers_in_text import confirmed, doubtful_numbers
from pipeline.ocr.settling import is_number, settle
from pipeline.ocr.tesseract import Engine
from pipeline.ocr.words import Box, Word

# Height of a digit in the crop, in pixels. Long runs are words, which bear being small, and cost
# most; what may be a number is shown larger, and larger still at a second look.
_LONG, _SHORT, _CLOSER = 24.0, 28.0, 36.0


def read_layout(engine: Engine, layout: Layout) -> list[Word]:
    """The words of a page, each run read on its own.

    What may be a number is compared with the page's other digits; where the two do not agree it
    is read again, larger and sharper, and all readings are kept.
    """
    runs = layout.runs
    first = _confirmed(engine, layout, _read(engine, layout, runs))
    readings = [[_joined(words)] for words in first]
    opinions = second_opinions(layout.grey, runs, readings)
    doubtful = [
        number
        for number, run in enumerate(runs)
        if _is_doubtful(run, readings[number][0], opinions[number])
    ]
    closer = _read(engine, layout, [runs[number] for number in doubtful], closer=True)
    second = dict(zip(doubtful, closer, strict=True))
    for number, words in second.items():
        readings[number].append(_joined(words))
    if second:
        opinions = second_opinions(layout.grey, runs, readings)
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
        if len(run.letters) > MOST_LETTERS
        for place, part in doubtful_numbers(run, found[number])
    ]
    again = _read(engine, layout, [part for _, _, part in asked], closer=True)
    for (number, place, _), words in zip(asked, again, strict=True):
        found[number][place] = confirmed(found[number][place], words)
    return found


def _is_doubtful(run: Run, text: str, opinion: Opinion | None) -> bool:
    if len(run.letters) > MOST_LETTERS:
        return False
    if opinion is None:
        # A short word is none of the page's digits either; a number should have been one.
        return is_number(text) or len(run.letters) <= 2
    return text != opinion.text


def _settled(
    run: Run, first: list[Word], second: list[Word], opinion: Opinion | None
) -> list[Word]:
    if len(run.letters) > MOST_LETTERS:
        return first
    return settle(run, first, second, opinion)


def _read(
    engine: Engine, layout: Layout, runs: Sequence[Run], *, closer: bool = False
) -> list[list[Word]]:
    """Tesseract's words of each run, boxes in pixels of the page."""
    crops = [_crop(layout, run, closer=closer) for run in runs]
    found = engine.lines([crop.image for crop in crops])
    return [
        [_on_page(word, crop) for word in words] for words, crop in zip(found, crops, strict=True)
    ]


def _crop(layout: Layout, run: Run, *, closer: bool) -> Crop:
    if closer:
        return sharpened(crop_run(layout.grey, layout.labels, run, _CLOSER))
    height = _SHORT if len(run.letters) <= MOST_LETTERS else _LONG
    return crop_run(layout.grey, layout.labels, run, height)


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
