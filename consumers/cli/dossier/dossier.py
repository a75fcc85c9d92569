"""Takes what the stages make, as they make it, and writes it down."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from consumers.cli.dossier.columns import columns_of
from consumers.cli.dossier.drawing import columns_drawn, png, runs_drawn, words_drawn
from consumers.cli.dossier.html import PageShown, document_html, error_html
from consumers.cli.dossier.texts import checks_txt, words_tsv
from pipeline.errors import OcrError
from pipeline.imaging.level import LevelPrint
from pipeline.imaging.page import FlatPage
from pipeline.imaging.picture import Grey, Picture
from pipeline.imaging.runs import Layout
from pipeline.ocr.words import Page
from pipeline.reading import Reading

FLAT: Final = "1-page.png"
LEVEL: Final = "2-level.png"
INK: Final = "3-ink.png"
RUNS: Final = "4-runs.png"
WORDS: Final = "5-words.png"
COLUMNS: Final = "6-columns.png"


@dataclass(slots=True)
class _Seen:
    """What there is of one page so far."""

    flat: Picture | None = None
    grey: Grey | None = None
    files: dict[str, str] = field(default_factory=dict)
    """The name of each picture that was written, by its kind."""


class Dossier:
    """One file's folder; `take` is shown what every stage made.

    Args:
        folder: where it is written; made where it is missing.
        title: the file's name.
    """

    def __init__(self, folder: Path, title: str) -> None:
        self._folder = folder
        self._title = title
        self._pages: dict[int, _Seen] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, _stage: str, page: int | None, product: object) -> None:
        """Write down what a stage made of a page."""
        if page is None:
            return
        seen = self._pages.setdefault(page, _Seen())
        match product:
            case FlatPage(picture=picture):
                seen.flat = picture
                self._write(page, FLAT, picture)
            case LevelPrint(grey=grey):
                self._write(page, LEVEL, grey)
            case Layout(grey=grey, runs=runs):
                seen.grey = grey
                self._write(page, RUNS, runs_drawn(grey, runs))
            case np.ndarray():
                self._write(page, INK, np.asarray(255 - product, np.uint8))
            case True if seen.flat is not None:
                # It was upside down; what follows is made of the page turned by half.
                self._write(page, FLAT, np.ascontiguousarray(seen.flat[::-1, ::-1]))

    def close(self, reading: Reading) -> None:
        """Write down what was read, and the page that shows it all."""
        for page in reading.pages:
            grey = self._paper(page)
            self._write(page.number, WORDS, words_drawn(grey, page.words))
            columns = columns_of(reading.document, page.number)
            self._write(page.number, COLUMNS, columns_drawn(grey, columns))
        document = json.dumps(reading.document, indent=1, ensure_ascii=False) + "\n"
        self._text("document.json", document)
        self._text("words.tsv", words_tsv(reading.pages))
        self._text("checks.txt", checks_txt(reading.document))
        shown = [PageShown(page, self._pages[page.number].files) for page in reading.pages]
        self._text("index.html", document_html(self._title, reading, shown))

    def close_unread(self, error: OcrError) -> None:
        """Write down why the file could not be read, beside what was made before."""
        files = [name for seen in self._pages.values() for name in seen.files.values()]
        self._text("index.html", error_html(self._title, error, files))

    def _paper(self, page: Page) -> Grey:
        """The page's print, or plain paper where the file brings its own text."""
        grey = self._pages.setdefault(page.number, _Seen()).grey
        return np.full((page.height, page.width), 255, np.uint8) if grey is None else grey

    def _write(self, page: int, kind: str, picture: Picture | Grey) -> None:
        name = kind if page == 1 else f"page-{page}-{kind}"
        self._pages[page].files[kind] = name
        (self._folder / name).write_bytes(png(picture))

    def _text(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, encoding="utf-8")
