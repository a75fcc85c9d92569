"""Runs of a page -> what Tesseract reads of them, in pixels of the page."""

from collections.abc import Sequence

from pipeline.imaging.crop import Crop, crop_line, crop_run, sharpened
from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.tesseract import PSM_LINE, PSM_RAW_LINE, Engine
from pipeline.ocr.word_boxes import on_their_ink
from pipeline.ocr.words import Box, Word

_DIGIT, _CLOSER = 28.0, 36.0
"""Height of a digit in the crop, in pixels: of what may be a number, and of it at a second look."""


class RunReader:
    """Shows the runs of one page to Tesseract; as many lists of words as runs."""

    def __init__(self, engine: Engine, layout: Layout) -> None:
        self._engine = engine
        self._layout = layout

    def as_text(self, runs: Sequence[Run]) -> list[list[Word]]:
        """Small, as lines of text bear it, which cost most."""
        crops = [crop_line(self._layout.grey, self._layout.labels, run) for run in runs]
        read = self._recognised(crops, PSM_RAW_LINE)
        return [on_their_ink(run, words) for run, words in zip(runs, read, strict=True)]

    def as_numbers(self, runs: Sequence[Run]) -> list[list[Word]]:
        """Larger, as what may be a number wants it."""
        return self._recognised([self._crop(run, _DIGIT) for run in runs], PSM_LINE)

    def closer(self, runs: Sequence[Run]) -> list[list[Word]]:
        """Larger still, and sharper: a second look at what may be a number."""
        return self._recognised([sharpened(self._crop(run, _CLOSER)) for run in runs], PSM_LINE)

    def _crop(self, run: Run, digit_height: float) -> Crop:
        return crop_run(self._layout.grey, self._layout.labels, run, digit_height)

    def _recognised(self, crops: Sequence[Crop], psm: int) -> list[list[Word]]:
        found = self._engine.lines([crop.image for crop in crops], psm=psm)
        return [
            [_on_page(word, crop) for word in words]
            for words, crop in zip(found, crops, strict=True)
        ]


def _on_page(word: Word, crop: Crop) -> Word:
    box = Box(
        left=round(crop.left + word.box.left / crop.scale),
        top=round(crop.top + word.box.top / crop.scale),
        right=round(crop.left + word.box.right / crop.scale),
        bottom=round(crop.top + word.box.bottom / crop.scale),
    )
    return Word(word.text, box, word.confidence, word.alternatives)
