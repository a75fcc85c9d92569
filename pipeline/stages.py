"""The stages in order: a file's bytes -> what it says.

    decode      bytes -> pages, the right way up
    page        the sheet found on a photo, and turned flat
    deskew      print black on white, its lines level
    binarise    ink or no ink
    grid        ruled lines out; ink in runs, a cell or a line of text each
    ocr         each run read by Tesseract
    parse       words -> scorecard, with its arithmetic

A page of a PDF that brings its own text goes from `decode` straight to `parse`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import fmean
from typing import Any

import cv2

from pipeline.errors import OcrError
from pipeline.imaging.binarise import binarise
from pipeline.imaging.decode import decode
from pipeline.imaging.level import level_print
from pipeline.imaging.page import flatten
from pipeline.imaging.picture import Picture
from pipeline.imaging.runs import lay_out
from pipeline.ocr.own_text import own_text_page
from pipeline.ocr.plain_text import plain_text
from pipeline.ocr.reading import read_layout
from pipeline.ocr.tesseract import Engine, open_engine
from pipeline.ocr.words import Page
from pipeline.options import ReadingOptions
from pipeline.scorecard.parse import parse_pages

PIPELINE_VERSION = "1"
"""Changes whenever the same file may give another document."""

StageStarted = Callable[[str, int | None], None]
"""Called with a stage's name and its page (from 1; None = the whole file) as it begins."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """When a stage ran, once for every page."""

    name: str
    started_at: float
    """Seconds since the epoch."""
    ended_at: float
    """Seconds since the epoch."""
    page: int | None = None
    """From 1; None for a stage over the whole file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one file."""

    document: dict[str, Any]
    """The scorecard document, ready for JSON."""
    verified: bool
    """There is an innings, and the arithmetic of every one of them leaves no doubt."""
    warnings: tuple[str, ...]
    raw_text: str
    """Every word, line by line."""
    confidence: float
    """Mean over the words, 0 to 1."""
    stages: tuple[StageTime, ...]
    pages: tuple[Page, ...]
    cpu_seconds: float
    engine: str
    """Name of the engine that was ready, also where no page needed it."""


def _nobody(_stage: str, _page: int | None) -> None:
    """Listens to no stage."""


def read(content: bytes, options: ReadingOptions, *, on_stage: StageStarted = _nobody) -> Reading:
    """Reads a file.

    Args:
        content: the whole file.
        options: engine, languages and limits.
        on_stage: told each stage as it begins.

    Raises:
        OcrError: the file cannot be read; `stages` on the error holds the stages so far.
    """
    # One upload has one core; OpenCV's threads would fight with the other children's.
    cv2.setNumThreads(1)
    clock = _Clock(on_stage)
    cpu = time.process_time()
    try:
        engine = open_engine(options.engine, options.languages)
        pages = tuple(_pages(content, options, engine, clock))
        with clock.stage("parse"):
            card = parse_pages(pages)
            document = card.to_document()
    except OcrError as error:
        error.stages = clock.times
        raise
    words = [word for page in pages for word in page.words]
    return Reading(
        document=document,
        verified=bool(card.innings) and all(innings.verified for innings in card.innings),
        warnings=card.warnings,
        raw_text="\n".join(map(plain_text, pages)),
        confidence=fmean([word.confidence for word in words]) if words else 0.0,
        stages=clock.times,
        pages=pages,
        cpu_seconds=time.process_time() - cpu,
        engine=engine.name,
    )


def _pages(
    content: bytes, options: ReadingOptions, engine: Engine, clock: "_Clock"
) -> Iterator[Page]:
    """The pages with their words, one decoded after the other has been read."""
    sheets = decode(content, options.limits)
    for number in count(1):
        with clock.stage("decode", number):
            sheet = next(sheets)
        if sheet.picture is None:
            yield own_text_page(sheet)
        else:
            yield _page(number, sheet.picture, engine, clock)
        if number == sheet.of:
            return


def _page(number: int, picture: Picture, engine: Engine, clock: "_Clock") -> Page:
    """One picture's words, in pixels of its flat and level page."""
    with clock.stage("page", number):
        flat = flatten(picture)
    with clock.stage("deskew", number):
        print_ = level_print(flat.picture)
    with clock.stage("binarise", number):
        ink = binarise(print_.grey)
    with clock.stage("grid", number):
        layout = lay_out(print_, ink)
    with clock.stage("ocr", number):
        words = read_layout(engine, layout)
    height, width = print_.grey.shape
    return Page(
        number=number,
        width=width,
        height=height,
        words=tuple(words),
        to_picture=tuple((flat.to_picture @ print_.to_page).ravel().tolist()),
    )


class _Clock:
    """Times the stages as they pass."""

    def __init__(self, on_stage: StageStarted) -> None:
        self._on_stage = on_stage
        self._times: list[StageTime] = []

    @property
    def times(self) -> tuple[StageTime, ...]:
        return tuple(self._times)

    @contextmanager
    def stage(self, name: str, page: int | None = None) -> Iterator[None]:
        self._on_stage(name, page)
        started = time.time()
        try:
            yield
        finally:
            self._times.append(StageTime(name, started, time.time(), page))
