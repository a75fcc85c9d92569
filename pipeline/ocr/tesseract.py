"""What is asked of Tesseract, and how, whichever way it is reached."""

from collections.abc import Sequence
from typing import Protocol

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


def word_of(text: str, left: int, top: int, width: int, height: int, percent: float) -> Word:
    """A word from a row of Tesseract's TSV; the confidence there is in percent."""
    box = Box(left, top, left + width, top + height)
    return Word(text=text, box=box, confidence=min(max(percent / 100, 0.0), 1.0))
