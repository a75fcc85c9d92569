"""Pictures of what the stages found: boxes on the level page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.imaging.picture import Grey, Picture
from pipeline.imaging.runs import Run
from pipeline.ocr.words import Box, Word

Colour = tuple[int, int, int]
SURE, UNSURE, DOUBTFUL = (20, 140, 60), (215, 130, 0), (205, 30, 30)
RUN_COLOURS: tuple[Colour, ...] = ((30, 90, 200), (150, 50, 170), (0, 130, 140))
COLUMN_COLOURS: tuple[Colour, ...] = (
    (30, 90, 200), (190, 60, 20), (20, 140, 60), (150, 50, 170), (170, 120, 0), (0, 130, 140),
)  # fmt: skip
_SURE_FROM, _UNSURE_FROM = 0.9, 0.7
_PALE = 0.55
"""How much of the print is left under boxes, so that they stand out."""
_TINT = 0.18
_LETTERS_PER_PIXEL = 1 / 32
"""Size in OpenCV's font of letters that are two thirds of their box high."""
_SMALLEST, _LARGEST = 0.32, 0.7
_NAME = 0.42
_STEPS, _STEP = 3, 11
"""Names of columns side by side stand on steps, so that none covers the next."""


@dataclass(frozen=True, slots=True)
class Column:
    """One meaning of a table's numbers, and the stretch of the page that they stand in."""

    label: str
    box: Box


def runs_drawn(grey: Grey, runs: Sequence[Run]) -> Picture:
    """The page with a box around every run; neighbours differ in colour."""
    picture = _pale(grey)
    for number, run in enumerate(runs):
        _rectangle(picture, Box(run.left, run.top, run.right, run.bottom), _of(RUN_COLOURS, number))
    return picture


def words_drawn(grey: Grey, words: Iterable[Word]) -> Picture:
    """The page with a box around every word: green, amber, red, as sure as it was read."""
    picture = _pale(grey)
    for word in words:
        _rectangle(picture, word.box, colour_of(word.confidence))
        size = min(max(word.box.height * _LETTERS_PER_PIXEL, _SMALLEST), _LARGEST)
        _write(picture, word.text, (word.box.left, word.box.top), colour_of(word.confidence), size)
    return picture


def columns_drawn(grey: Grey, columns: Sequence[Column]) -> Picture:
    """The page with each column tinted and named."""
    picture = _pale(grey)
    for number, column in enumerate(columns):
        box, colour = column.box, _of(COLUMN_COLOURS, number)
        part = picture[max(0, box.top) : box.bottom, max(0, box.left) : box.right]
        part[:] = (part * (1 - _TINT) + np.array(colour) * _TINT).astype(np.uint8)
        _rectangle(picture, box, colour)
        place = (box.left, box.top - _STEP * (number % _STEPS))
        _write(picture, column.label, place, colour, _NAME)
    return picture


def colour_of(confidence: float) -> Colour:
    """Green, amber or red."""
    if confidence >= _SURE_FROM:
        return SURE
    return UNSURE if confidence >= _UNSURE_FROM else DOUBTFUL


def png(picture: Picture | Grey) -> bytes:
    """A picture as a PNG file."""
    shown = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, content = cv2.imencode(".png", shown, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    return content.tobytes()


def _of(colours: Sequence[Colour], number: int) -> Colour:
    return colours[number % len(colours)]


def _pale(grey: Grey) -> Picture:
    light = (255 - (255 - grey.astype(np.float32)) * _PALE).astype(np.uint8)
    return np.dstack([light] * 3)


def _rectangle(picture: Picture, box: Box, colour: Colour) -> None:
    cv2.rectangle(picture, (box.left, box.top), (box.right, box.bottom), colour, 1)


def _write(
    picture: Picture, text: str, place: tuple[int, int], colour: Colour, size: float
) -> None:
    """Text that ends above a place."""
    # OpenCV's font holds ASCII alone.
    plain = text.encode("ascii", "replace").decode()
    corner = (max(0, place[0]), max(10, place[1] - 2))
    cv2.putText(picture, plain, corner, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)
