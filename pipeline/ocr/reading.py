"""Runs of ink -> words with their places on the page."""

from collections.abc import Sequence

from pipeline.imaging.crop import Crop, crop_run
from pipeline.imaging.runs import Layout
from pipeline.ocr.digits import second_opinions
from pipeline.ocr.settling import settle
from pipeline.ocr.tesseract import Engine
from pipeline.ocr.words import Box, Word


def read_layout(engine: Engine, layout: Layout) -> list[Word]:
    """The words of a page, each run read on its own."""
    crops = [crop_run(layout.grey, layout.labels, run) for run in layout.runs]
    found = read_crops(engine, crops)
    texts = ["".join(word.text for word in words) for words in found]
    opinions = second_opinions(layout.grey, layout.runs, texts)
    return [
        word
        for run, words, opinion in zip(layout.runs, found, opinions, strict=True)
        for word in (words if opinion is None else settle(run, words, opinion))
    ]


def read_crops(engine: Engine, crops: Sequence[Crop]) -> list[list[Word]]:
    """The words of each crop, boxes in pixels of the page."""
    found = engine.lines([crop.image for crop in crops])
    return [
        [_on_page(word, crop) for word in words] for words, crop in zip(found, crops, strict=True)
    ]


def _on_page(word: Word, crop: Crop) -> Word:
    box = Box(
        left=round(crop.left + word.box.left / crop.scale),
        top=round(crop.top + word.box.top / crop.scale),
        right=round(crop.left + word.box.right / crop.scale),
        bottom=round(crop.top + word.box.bottom / crop.scale),
    )
    return Word(word.text, box, word.confidence, word.alternatives)
