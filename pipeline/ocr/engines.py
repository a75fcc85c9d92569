"""The ways to reach Tesseract, in process or as a program, and which of them works here."""

from collections.abc import Callable
from functools import lru_cache

from pipeline.errors import InternalError
from pipeline.ocr.tesseract import Engine


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
