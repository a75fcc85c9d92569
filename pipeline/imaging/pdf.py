"""PDF through PDFium: a page's own text where it has any, else its picture."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.errors import EncryptedPdf, TooManyPages, TooManyPixels, UnreadableImage
from pipeline.imaging.picture import Glyph, Picture, Sheet
from pipeline.imaging.raster import MOST_PIXELS_READ, check_pixels
from pipeline.options import Limits

_POINTS_PER_INCH = 72
_TEXT_DPI = 200
"""Pixels an inch of a page that is not rendered: only its boxes need a unit."""
_LEAST_DPI, _MOST_DPI = 100, 300

# Fewer characters than this are a stamp or a page number on a scan, not a card.
_LEAST_CHARACTERS = 50
# More than this are no card either, and each costs 20 µs.
_MOST_CHARACTERS = 30_000
# Text over a picture of the page is what some scanner's OCR made of it.
_MOST_COVERED = 0.5
_HALVES = range(0xD800, 0xE000)
# Fonts without a mapping to Unicode give private or replacement characters.
_MOST_GARBAGE = 0.05


def pdf_sheets(content: bytes, limits: Limits) -> Iterator[Sheet]:
    """The pages of a PDF, one at a time.

    Raises:
        EncryptedPdf: it asks for a password.
        UnreadableImage: it cannot be opened.
        TooManyPages: more than `limits.max_pages`; none was looked at.
        TooManyPixels: a page, or a picture on it, with more than `limits.max_pixels`.
    """
    document = _open(content)
    try:
        if len(document) > limits.max_pages:
            raise TooManyPages(
                f"The PDF has {len(document)} pages; {limits.max_pages} are allowed."
            )
        for index in range(len(document)):
            yield _sheet(document, index, limits)
    except pdfium.PdfiumError as error:
        raise UnreadableImage(f"A page of the PDF is broken: {error}") from error
    finally:
        document.close()


def render_page(content: bytes, number: int, width: int) -> Picture:
    """The picture of a page whose text was taken as it is.

    Args:
        content: the whole file.
        number: of the page, from 1.
        width: of the picture, in pixels.

    Raises:
        EncryptedPdf: it asks for a password.
        UnreadableImage: it cannot be opened, or a page is broken.
    """
    document = _open(content)
    try:
        page = document[number - 1]
        return _render(page, width / page.get_width())
    except pdfium.PdfiumError as error:
        raise UnreadableImage(f"A page of the PDF is broken: {error}") from error
    finally:
        document.close()


def _open(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise EncryptedPdf("The PDF is locked with a password.") from error
        raise UnreadableImage("The PDF is broken or cut off.") from error


def _sheet(document: pdfium.PdfDocument, index: int, limits: Limits) -> Sheet:
    page = document[index]
    try:
        images = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))
        for image in images:
            across, down = image.get_px_size()
            check_pixels(across, down, limits)
        if _covered(page, images) < _MOST_COVERED:
            scale = _fitting_scale(page, _TEXT_DPI, limits)
            glyphs = _glyphs(page, scale)
            if _is_text(glyphs):
                width, height = (round(side * scale) for side in page.get_size())
                return Sheet(index + 1, len(document), width, height, None, glyphs)
        picture = _render(page, _fitting_scale(page, _native_dpi(images), limits))
        height, width = picture.shape[:2]
        return Sheet(index + 1, len(document), width, height, picture)
    finally:
        page.close()


def _fitting_scale(page: pdfium.PdfPage, dpi: float, limits: Limits) -> float:
    """Pixels a point: `dpi`, or as much of it as a huge page leaves."""
    width, height = page.get_size()
    inches = float(width * height) / _POINTS_PER_INCH**2
    if inches * _LEAST_DPI**2 > limits.max_pixels:
        raise TooManyPixels(
            f"A page of {inches:,.0f} square inches has more than "
            f"{limits.max_pixels:,} pixels at {_LEAST_DPI} dpi."
        )
    most = min(limits.max_pixels, MOST_PIXELS_READ)
    return min(dpi, float(np.sqrt(most / max(inches, 1e-6)))) / _POINTS_PER_INCH


def _native_dpi(images: list[pdfium.PdfImage]) -> float:
    """The resolution of the finest picture on the page, so that a scan is not resampled."""
    finest = 0.0
    for image in images:
        left, _, right, _ = image.get_bounds()
        if right - left > _POINTS_PER_INCH:
            finest = max(finest, image.get_px_size()[0] / (right - left) * _POINTS_PER_INCH)
    return float(np.clip(finest or _TEXT_DPI, _LEAST_DPI, _MOST_DPI))


def _covered(page: pdfium.PdfPage, images: list[pdfium.PdfImage]) -> float:
    """Share of the page under its largest picture."""
    width, height = page.get_size()
    areas = [(right - left) * (top - bottom) for left, bottom, right, top in map(_bounds, images)]
    return float(max(areas, default=0.0) / max(width * height, 1.0))


def _bounds(image: pdfium.PdfImage) -> tuple[float, float, float, float]:
    left, bottom, right, top = image.get_bounds()
    return left, bottom, right, top


def _render(page: pdfium.PdfPage, scale: float) -> Picture:
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    picture: Picture = bitmap.to_numpy().copy()
    bitmap.close()
    return np.dstack([picture] * 3) if picture.ndim == 2 else picture[:, :, :3]


def _glyphs(page: pdfium.PdfPage, scale: float) -> tuple[Glyph, ...]:
    """The page's visible characters; whitespace and line ends become one space glyph each.

    None where there are too many for a page that people read.
    """
    text = page.get_textpage()
    try:
        height = page.get_height()
        count = text.count_chars()
        if count > _MOST_CHARACTERS:
            return ()
        found = [_glyph(page, text, at, scale, height) for at in range(count)]
    finally:
        text.close()
    return tuple(glyph for glyph in found if glyph is not None)


def _glyph(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int, scale: float, height: float
) -> Glyph | None:
    code = raw.FPDFText_GetUnicode(text, index)
    # Half of a pair stands for nothing, and no UTF-8 can hold it.
    character = "\ufffd" if code in _HALVES else chr(code)
    if character.isspace():
        return Glyph(" ", 0, 0, 0, 0)
    shown = raw.FPDFText_GetTextObject(text, index)
    if shown and raw.FPDFTextObj_GetTextRenderMode(shown) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return None
    _, bottom, _, top = text.get_charbox(index)
    # To the side the box of the advance, not of the ink: what is left between two is a space.
    left, _, right, _ = text.get_charbox(index, loose=True)
    x0, y0 = _on_sheet(page, left, top, scale, height)
    x1, y1 = _on_sheet(page, right, bottom, scale, height)
    return Glyph(character, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _on_sheet(
    page: pdfium.PdfPage, x: float, y: float, scale: float, height: float
) -> tuple[float, float]:
    """A point of the page's own coordinates in the sheet's pixels: crop box and /Rotate applied."""
    # PDFium answers in whole device units: a thousandth of a pixel is fine enough.
    fine = 1000
    width = page.get_width()
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(
        page, 0, 0, round(width * fine), round(height * fine), 0, x, y, across, down
    )
    return across.value / fine * scale, down.value / fine * scale


def _is_text(glyphs: tuple[Glyph, ...]) -> bool:
    characters = [glyph.text for glyph in glyphs if glyph.text != " "]
    garbage = sum(1 for text in characters if not text.isprintable() or text == "\ufffd")
    return (
        len(characters) >= _LEAST_CHARACTERS
        and garbage <= _MOST_GARBAGE * len(characters)
        and _runs_across(glyphs)
    )


def _runs_across(glyphs: tuple[Glyph, ...]) -> bool:
    """Whether most letters stand to the right of the one before: none does on a turned page."""
    steps = [
        (after.left - before.left, abs(after.bottom - before.bottom))
        for before, after in pairwise(glyphs)
        if " " not in (before.text, after.text)
    ]
    return sum(across > down for across, down in steps) > len(steps) / 2
