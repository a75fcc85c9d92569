"""A flat page -> its print, black on white and with level lines."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.binarise import binarise
from pipeline.imaging.components import Components, digit_height, find_components
from pipeline.imaging.deskew import Levelling, apply_levelling, level
from pipeline.imaging.normalise import normalise
from pipeline.imaging.orientation import is_sideways, turned
from pipeline.imaging.page import FlatPage
from pipeline.imaging.picture import Grey, Matrix, Picture

_USUAL_DIGIT = 18.0
# Outside of these, in pixels, the neighbourhood that `normalise` looks at was of the wrong size.
_LEAST_DIGIT, _MOST_DIGIT = 13.0, 26.0


@dataclass(frozen=True, slots=True)
class LevelPrint:
    """The print of a page as it would lie on a scanner's glass."""

    grey: Grey
    """(H, W): paper 255, ink towards 0."""
    digit_height: float
    """Of ordinary text, in pixels."""
    to_page: Matrix
    """From its pixels to those of the page that was given; a bend is evened out."""


def level_print(page: Picture) -> LevelPrint:
    """Normalises, measures and levels a page; lines that run up or down are laid across."""
    flat = FlatPage(page, np.eye(3))
    grey, pieces = _print(flat.picture, _USUAL_DIGIT)
    if is_sideways(pieces, grey.shape[1], grey.shape[0]):
        flat = turned(flat, 1)
        grey, pieces = _print(flat.picture, _USUAL_DIGIT)
    digit = digit_height(pieces)
    if not _LEAST_DIGIT <= digit <= _MOST_DIGIT:
        grey, pieces = _print(flat.picture, digit)
        digit = digit_height(pieces)
    height, width = grey.shape
    levelling = level(_letters(pieces, digit), digit, width, height)
    to_page = flat.to_picture @ _homography(levelling)
    return LevelPrint(apply_levelling(grey, levelling), digit, to_page)


def _print(page: Picture, digit: float) -> tuple[Grey, Components]:
    """A page's print, and its pieces of ink."""
    grey = normalise(page, digit)
    pieces, _ = find_components(binarise(grey))
    return grey, pieces


def _letters(pieces: Components, digit: float) -> Components:
    return pieces.where(
        (pieces.height >= 0.45 * digit)
        & (pieces.height <= 2.6 * digit)
        & (pieces.width < 4 * pieces.height)
    )


def _homography(levelling: Levelling) -> Matrix:
    """The homography nearest to the levelling, over a lattice of points."""
    x, y = np.meshgrid(np.linspace(0, levelling.width, 9), np.linspace(0, levelling.height, 9))
    given: NDArray[np.float64] = np.stack([x.ravel(), y.ravel()], axis=1)
    found = np.stack(levelling.on_page(given[:, 0], given[:, 1]), axis=1)
    matrix, _ = cv2.findHomography(given, found)
    return np.asarray(matrix, np.float64)
