"""libtesseract in this process, through tesserocr."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import tesserocr

from pipeline.imaging.picture import Grey
from pipeline.ocr.tessdata import find_tessdata
from pipeline.ocr.tesseract import PSM_LINE, VARIABLES, word_of
from pipeline.ocr.words import Word

_WORD_LEVEL = "5"


class InProcessTesseract:
    """One long-lived Tesseract; not for more than one thread.

    Raises:
        LanguageDataMissing: a language's data is not installed.
        RuntimeError: Tesseract does not start.
    """

    name: Final = "tesserocr"

    def __init__(self, languages: str) -> None:
        self._api: Any = tesserocr.PyTessBaseAPI(
            path=f"{find_tessdata(languages)}/", lang=languages, variables=dict(VARIABLES)
        )

    def words(self, image: Grey, *, psm: int) -> list[Word]:
        """The words of one picture, boxes in its pixels, in reading order."""
        height, width = image.shape
        self._api.SetPageSegMode(psm)
        # Bytes, not a PIL image: that is encoded and decoded again on the way.
        self._api.SetImageBytes(np.ascontiguousarray(image).tobytes(), width, height, 1, width)
        try:
            rows = self._api.GetTSVText(0).splitlines()
        finally:
            self._api.Clear()
        return [word for row in rows if (word := _word(row.split("\t"))) is not None]

    def lines(self, images: Sequence[Grey], *, psm: int = PSM_LINE) -> list[list[Word]]:
        """The words of each of many pictures of one text line; as many lists as pictures."""
        return [self.words(image, psm=psm) for image in images]


def _word(row: list[str]) -> Word | None:
    # level, page, block, paragraph, line, word, left, top, width, height, confidence, text
    if len(row) != 12 or row[0] != _WORD_LEVEL or not row[11].strip():
        return None
    left, top, width, height = map(int, row[6:10])
    return word_of(row[11], left, top, width, height, float(row[10]))
