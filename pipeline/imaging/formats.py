"""The file formats that are read, and how each is told from its first bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

# A PDF may have junk before its header; readers look for it in the first kilobyte.
_PDF_HEADER_WITHIN = 1024
_BMP_HEADER_SIZES = frozenset({12, 40, 52, 56, 64, 108, 124})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_MOST_BRANDS = 64
"""Of an ISO media file's first box that are looked at."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format that is read."""

    name: str
    """As people write it."""
    media_type: str
    suffixes: tuple[str, ...]
    """Of file names, with the dot: a name decides nothing, but a folder is searched by them."""
    starts: Callable[[bytes], bool]
    """Whether bytes begin as a file of this format does."""
    plugin: str | None = None
    """Pillow's name of it; None: read by another library."""


def detect(content: bytes) -> FileFormat | None:
    """The format that a file's first bytes announce; None where it is none that is read."""
    return next((each for each in FORMATS if each.starts(content)), None)


def suffixes() -> frozenset[str]:
    """The suffixes of all formats, in small letters, with the dot."""
    return frozenset(suffix for each in FORMATS for suffix in each.suffixes)


def media_type_of(filename: str) -> str | None:
    """The media type that a file's name promises; None where its suffix is none of a format."""
    suffix = PurePath(filename).suffix.lower()
    return next((each.media_type for each in FORMATS if suffix in each.suffixes), None)


def _prefixed(*prefixes: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(prefixes)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_bmp(content: bytes) -> bool:
    # Two letters alone begin many a text.
    size = int.from_bytes(content[14:18], "little")
    return content[:2] == b"BM" and content[6:10] == bytes(4) and size in _BMP_HEADER_SIZES


def _brands(content: bytes) -> frozenset[bytes]:
    """What an ISO media file (HEIC, AVIF, also any MP4) says it is, in its first box."""
    if content[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(content[:4], "big"), len(content), 4 * _MOST_BRANDS)
    # The second word is a version, no brand.
    return frozenset(content[at : at + 4] for at in range(8, end - 3, 4) if at != 12)


def _is_avif(content: bytes) -> bool:
    return bool(_brands(content) & _AVIF_BRANDS)


def _is_heic(content: bytes) -> bool:
    return bool(_brands(content) & _HEIC_BRANDS)


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:_PDF_HEADER_WITHIN]


# Files of HEIC's family name both brands; AVIF is the narrower one, and PDF's mark may stand
# anywhere in the first kilobyte of another file.
FORMATS = (
    FileFormat("JPEG", "image/jpeg", (".jpg", ".jpeg"), _prefixed(b"\xff\xd8\xff"), "JPEG"),
    FileFormat("PNG", "image/png", (".png",), _prefixed(b"\x89PNG\r\n\x1a\n"), "PNG"),
    FileFormat("WebP", "image/webp", (".webp",), _is_webp, "WEBP"),
    FileFormat("AVIF", "image/avif", (".avif",), _is_avif, "AVIF"),
    FileFormat("HEIC", "image/heic", (".heic", ".heif"), _is_heic, "HEIF"),
    FileFormat(
        "TIFF",
        "image/tiff",
        (".tif", ".tiff"),
        _prefixed(b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
        "TIFF",
    ),
    FileFormat("GIF", "image/gif", (".gif",), _prefixed(b"GIF87a", b"GIF89a"), "GIF"),
    FileFormat("BMP", "image/bmp", (".bmp",), _is_bmp, "BMP"),
    FileFormat("PDF", "application/pdf", (".pdf",), _is_pdf),
)

NAMES = ", ".join(each.name for each in FORMATS)
"""For a sentence that says what is read."""
