"""The stages in order: a file's bytes -> what it says.

    decode      bytes -> pages, the right way up
    page        the sheet found on a photo, turned flat
    deskew      print black on white, its lines across and level
    binarise    ink or no ink
    grid        ruled lines out; ink in runs, a cell or a line of text each
    upright     some runs read both ways: is it upside down?
    ocr         each run read by Tesseract
    parse       words -> scorecard, as printed
    arithmetic  its numbers checked against one another, and repaired

A page of a PDF that brings its own text goes from `decode` straight to `parse`. One that is upside
down is turned, and goes once more through `deskew`, `binarise` and `grid`.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from statistics import fmean
from typing import Any, ParamSpec, TypeVar

import cv2
import numpy as np

from pipeline.errors import OcrError
from pipeline.imaging.binarise import binarise
from pipeline.imaging.decode import decode
from pipeline.imaging.level import LevelPrint, level_print
from pipeline.imaging.orientation import turned
from pipeline.imaging.page import FlatPage, flatten
from pipeline.imaging.picture import Sheet
from pipeline.imaging.runs import Layout, lay_out
from pipeline.ocr.engines import open_engine
from pipeline.ocr.looks import Looks
from pipeline.ocr.own_text import own_text_page
from pipeline.ocr.plain_text import plain_text
from pipeline.ocr.reading import read_layout
from pipeline.ocr.tesseract import Engine
from pipeline.ocr.upright import is_upside_down
from pipeline.ocr.words import Page
from pipeline.options import Limits, ReadingOptions
from pipeline.reading import Reading, StageTime
from pipeline.scorecard.document import document_of
from pipeline.scorecard.parse import add_up, as_printed

P = ParamSpec("P")
T = TypeVar("T")

StageStarted = Callable[[str, int | None], None]
"""Called with a stage's name and its page (from 1; None = the whole file) as it begins."""

StageEnded = Callable[[str, int | None, object], None]
"""Called with a stage's name, its page and what it made; not where it failed."""


def _nobody(_stage: str, _page: int | None) -> None:
    """Listens to no stage."""


def _unseen(_stage: str, _page: int | None, _product: object) -> None:
    """Looks at nothing that a stage makes."""


def read(
    content: bytes,
    options: ReadingOptions,
    *,
    on_stage: StageStarted = _nobody,
    on_product: StageEnded = _unseen,
) -> Reading:
    """Reads a file.

    Args:
        content: the whole file.
        options: engine, languages and limits.
        on_stage: told each stage as it begins.
        on_product: shown what each stage has made, to explain a reading.

    Raises:
        OcrError: the file cannot be read; `stages` on the error holds the stages so far.
    """
    # One upload has one core; OpenCV's threads would fight with the other children's.
    cv2.setNumThreads(1)
    stages = _Stages(on_stage, on_product)
    cpu = time.process_time()
    try:
        engine = open_engine(options.engine, options.languages)
        looks = Looks(options.looks)
        pages = tuple(_pages(content, options.limits, _Reader(engine, looks), stages))
        printed = stages.run("parse", None, as_printed, pages)
        card = stages.run("arithmetic", None, add_up, printed)
    except OcrError as error:
        error.stages = stages.times
        raise
    words = [word for page in pages for word in page.words]
    return Reading(
        document={**document_of(card), "pages": [_geometry(page) for page in pages]},
        verified=bool(card.innings) and all(innings.verified for innings in card.innings),
        warnings=card.warnings,
        raw_text="\n".join(map(plain_text, pages)),
        confidence=fmean([word.confidence for word in words]) if words else 0.0,
        stages=stages.times,
        pages=pages,
        cpu_seconds=time.process_time() - cpu,
        looks=looks.costs,
        engine=engine.name,
    )


def _geometry(page: Page) -> dict[str, Any]:
    """How a page lay on the uploaded picture, as the document states it: its boxes need it."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "to_picture": page.to_picture and list(page.to_picture),
    }


def _pages(content: bytes, limits: Limits, reader: "_Reader", stages: "_Stages") -> Iterator[Page]:
    """The pages with their words, one decoded after the other has been read."""
    sheets = decode(content, limits)
    for number in count(1):
        sheet: Sheet = stages.run("decode", number, next, sheets)
        of = sheet.of
        page = own_text_page(sheet) if sheet.picture is None else _page(sheet, reader, stages)
        # Its picture may go before the next one comes.
        del sheet
        yield page
        if number == of:
            return


def _page(sheet: Sheet, reader: "_Reader", stages: "_Stages") -> Page:
    """One picture's words, in pixels of its flat, upright and level page."""
    number = sheet.number
    flat = stages.run("page", number, _flat, sheet)
    print_, layout = _laid_out(number, flat, stages)
    if stages.run("upright", number, is_upside_down, reader.engine, layout, reader.looks):
        flat = turned(flat, 2)
        print_, layout = _laid_out(number, flat, stages)
    words = stages.run("ocr", number, read_layout, reader.engine, layout, reader.looks)
    height, width = print_.grey.shape
    return Page(
        number=number,
        width=width,
        height=height,
        words=tuple(words),
        to_picture=tuple((flat.to_picture @ print_.to_page).ravel().tolist()),
    )


def _flat(sheet: Sheet) -> FlatPage:
    """The sheet of paper on a picture, any side up."""
    assert sheet.picture is not None  # noqa: S101  # pages with a text of their own do not come here
    flat = flatten(sheet.picture)
    return FlatPage(flat.picture, np.diag([sheet.shrunk, sheet.shrunk, 1.0]) @ flat.to_picture)


def _laid_out(number: int, flat: FlatPage, stages: "_Stages") -> tuple[LevelPrint, Layout]:
    print_ = stages.run("deskew", number, level_print, flat.picture)
    ink = stages.run("binarise", number, binarise, print_.grey)
    return print_, stages.run("grid", number, lay_out, print_, ink)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads pages, and which looks it takes at them."""

    engine: Engine
    looks: Looks


class _Stages:
    """Runs the stages: tells each as it begins, times it, and shows what it made."""

    def __init__(self, on_stage: StageStarted, on_product: StageEnded) -> None:
        self._on_stage = on_stage
        self._on_product = on_product
        self._times: list[StageTime] = []

    @property
    def times(self) -> tuple[StageTime, ...]:
        return tuple(self._times)

    def run(
        self, name: str, page: int | None, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What the work makes of its arguments."""
        self._on_stage(name, page)
        started = time.time()
        try:
            product = work(*args, **kwargs)
        finally:
            self._times.append(StageTime(name, started, time.time(), page))
        self._on_product(name, page, product)
        return product
