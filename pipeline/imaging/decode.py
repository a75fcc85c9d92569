"""A file's bytes -> its pages, the right way up.

The format is told from the first bytes, never from a name. Nothing is decoded before the limits
have been checked, and a file of many pages is decoded one page at a time.
"""

from collections.abc import Iterator

from pipeline.errors import TooLarge, UnsupportedFormat
from pipeline.imaging.formats import NAMES, detect
from pipeline.imaging.pdf import pdf_sheets
from pipeline.imaging.picture import Sheet
from pipeline.imaging.raster import raster_sheets
from pipeline.options import Limits


def decode(content: bytes, limits: Limits) -> Iterator[Sheet]:
    """The pages of a file, each decoded when it is asked for.

    Args:
        content: the whole file.
        limits: what is refused; every page is checked from its header before its pixels exist.

    Raises:
        TooLarge: more bytes than `limits.max_bytes`.
        UnsupportedFormat: empty, or none of the formats.
        UnreadableImage: broken or cut off.
        TooManyPixels: a page with more than `limits.max_pixels`.
        TooManyPages: more than `limits.max_pages`.
        EncryptedPdf: a PDF that asks for a password.
    """
    if len(content) > limits.max_bytes:
        raise TooLarge(f"The file has {len(content):,} bytes; {limits.max_bytes:,} are allowed.")
    if not content:
        raise UnsupportedFormat("The file is empty.")
    found = detect(content)
    if found is None:
        raise UnsupportedFormat(f"The file is none of {NAMES}.")
    if found.plugin is None:
        return pdf_sheets(content, limits)
    return raster_sheets(content, found.plugin, limits)
