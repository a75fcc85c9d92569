"""Which Tesseract is behind an engine."""

import re

_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def version_of(engine: str) -> str:
    """The version of Tesseract behind an opened engine, as `5.5.0`.

    Args:
        engine: its name, `tesserocr` or `pytesseract`.
    """
    if engine == "tesserocr":
        import tesserocr

        said = str(tesserocr.tesseract_version())
    else:
        import pytesseract

        said = str(pytesseract.get_tesseract_version())
    found = _NUMBER.search(said)
    return found[0] if found else "0"
