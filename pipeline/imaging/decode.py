"""A file's bytes -> its pages, the right way up.

The format is told from the first bytes, never from a name. Nothing is decoded before the limits
have been checked, and a file of many pages is decoded one page at a time.
"""

from collections.abc import Callable, Iterator

from pipeline.errors import TooLarge, UnsupportedFormat
from pipeline.imaging.pdf import pdf_sheets
from pipeline.imaging.picture import Sheet
from pipeline.imaging.raster import raster_sheets
from pipeline.options import Limits

Decoder = Callable[[bytes, Limits], Iterator[Sheet]]

# A PDF may have junk before its header; readers look for it in the first kilobyte.
_PDF_HEADER_WITHIN = 1024


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
    return _decoder_of(content)(content, limits)


def _decoder_of(content: bytes) -> Decoder:
    if not content:
        raise UnsupportedFormat("The file is empty.")
    for magic, decoder in _FORMATS.items():
        if content.startswith(magic):
            return decoder
    if b"%PDF-" in content[:_PDF_HEADER_WITHIN]:
        return pdf_sheets
    raise UnsupportedFormat("The file is none of JPEG, PNG, PDF.")


_FORMATS: dict[bytes, Decoder] = {
    b"\xff\xd8\xff": raster_sheets,
    b"\x89PNG\r\n\x1a\n": raster_sheets,
    b"%PDF-": pdf_sheets,
}
