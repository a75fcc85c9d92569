"""Tesseract behind one interface, in process or as a program."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

from pipeline.errors import InternalError
from pipeline.imaging.picture import Grey
from pipeline.ocr.words import Box, Word

PSM_PAGE = 4
"""One column of lines of different sizes: of the page modes the one that keeps ruled tables."""
PSM_LINE = 7
PSM_RAW_LINE = 13
"""The picture as it is goes to the network; it has to be cut out tightly."""

VARIABLES = {
    # The picture is black on white by now; trying it the other way round doubles the time.
    "tessedit_do_invert": "0",
    # The default guesses from the picture's size and complains on standard error.
    "user_defined_dpi": "300",
}


class Engine(Protocol):
    """Finds words in a picture of black ink on white paper."""

    @property
    def name(self) -> str:
        """`tesserocr` or `pytesseract`."""
        ...

    def words(self, image: Grey, *, psm: int) -> list[Word]:
        """The words of one picture, boxes in its pixels, in reading order.

        Args:
            image: (H, W) uint8.
            psm: Tesseract's page segmentation mode.
        """
        ...

    def lines(self, images: Sequence[Grey], *, psm: int = PSM_LINE) -> list[list[Word]]:
        """The words of each of many pictures of one text line; as many lists as pictures."""
        ...


class EngineMissing(InternalError):
    """No OCR engine works here."""


def open_engine(engine: str, languages: str) -> Engine:
    """The engine of that name, or for `auto` the first that works; the same one every time.

    Args:
        engine: `tesserocr`, `pytesseract` or `auto`.
        languages: as Tesseract writes it: `eng+hin`.

    Raises:
        EngineMissing: unknown, not installed, or it does not start.
        LanguageDataMissing: a language's data is not installed.
    """
    names = tuple(_OPENERS) if engine == "auto" else (engine,)
    reasons = []
    for name in names:
        try:
            return _open(name, languages)
        except EngineMissing as error:
            reasons.append(f"{name}: {error}")
    raise EngineMissing("; ".join(reasons))


@lru_cache(maxsize=8)
def _open(name: str, languages: str) -> Engine:
    if name not in _OPENERS:
        raise EngineMissing(f"unknown; known are {', '.join(_OPENERS)}")
    try:
        return _OPENERS[name](languages)
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineMissing(str(error) or type(error).__name__) from error


def _open_tesserocr(languages: str) -> Engine:
    from pipeline.ocr.in_process import InProcessTesseract

    return InProcessTesseract(languages)


def _open_pytesseract(languages: str) -> Engine:
    from pipeline.ocr.program import TesseractProgram

    return TesseractProgram(languages)


_OPENERS: dict[str, Callable[[str], Engine]] = {
    "tesserocr": _open_tesserocr,
    "pytesseract": _open_pytesseract,
}


def word_of(text: str, left: int, top: int, width: int, height: int, percent: float) -> Word:
    """A word from a row of Tesseract's TSV; the confidence there is in percent."""
    box = Box(left, top, left + width, top + height)
    return Word(text=text, box=box, confidence=min(max(percent / 100, 0.0), 1.0))
