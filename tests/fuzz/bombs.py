"""Files made to do harm: small themselves, absurd in what they ask of a reader."""

import io
import random
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.fuzz.seeds import pdf, seeds, stream
from tests.unit import broken_files

_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def bombs() -> dict[str, bytes]:
    """All of them, by name."""
    return {make.__name__: make() for make in (*_LIGHT, *_HEAVY)}


def light_bombs() -> dict[str, bytes]:
    """Those that are refused, or read, within moments."""
    return {make.__name__: make() for make in _LIGHT}


def blank_png_at_the_limit() -> bytes:
    """79 megapixels in some kilobytes: allowed, so it has to be read."""
    buffer = io.BytesIO()
    Image.new("L", (8_900, 8_900), 255).save(buffer, "PNG")
    return buffer.getvalue()


def speckled_png() -> bytes:
    """Nine megapixels of dots: a million pieces of ink."""
    dots = np.full((3_000, 3_000), 255, np.uint8)
    dots[::3, ::3] = 0
    return _png(Image.fromarray(dots))


def noise_png() -> bytes:
    """Four megapixels of noise."""
    return _png(
        Image.fromarray(np.random.default_rng(5).integers(0, 256, (2_000, 2_000), np.uint8))
    )


def striped_png() -> bytes:
    """Rules and nothing else."""
    stripes = np.full((2_000, 2_000), 255, np.uint8)
    stripes[::12] = 0
    stripes[:, ::12] = 0
    return _png(Image.fromarray(stripes))


def long_thin_png() -> bytes:
    """One pixel wide, a million high."""
    return _png(Image.new("L", (1, 1_000_000), 128))


def wide_flat_png() -> bytes:
    """A million pixels wide, one high."""
    return _png(Image.new("L", (1_000_000, 1), 128))


def one_pixel_png() -> bytes:
    """The smallest picture that there is."""
    return _png(Image.new("L", (1, 1), 128))


def png_with_a_text_bomb() -> bytes:
    """A comment that unpacks to 500 megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10**6)) for _ in range(500)) + packer.flush()
    return _with_chunk(b"zTXt", b"Comment\x00\x00" + packed)


def png_with_a_profile_bomb() -> bytes:
    """A colour profile that unpacks to 500 megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10**6)) for _ in range(500)) + packer.flush()
    return _with_chunk(b"iCCP", b"x\x00\x00" + packed)


def png_without_rows() -> bytes:
    """A header within the limit, and nothing of the 70 megapixels that it promises."""
    header = struct.pack(">IIBBBBB", 10_000, 7_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body) for kind, body in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def huge_jpeg() -> bytes:
    """65,535 pixels a side, by its frame header."""
    return _patched("baseline.jpg", b"\xff\xc0\x00\x11\x08", b"\xff\xff\xff\xff", after=True)


def jpeg_of_many_scans() -> bytes:
    """A progressive JPEG whose last scan comes a thousand times."""
    content = seeds()["progressive.jpg"]
    at = content.rindex(b"\xff\xda")
    return content[:-2] + content[at:-2] * 1000 + content[-2:]


def jpeg_of_markers() -> bytes:
    """Nothing but comments, 60 kilobytes each."""
    return b"\xff\xd8" + (b"\xff\xfe\xea\x60" + bytes(60_000 - 2)) * 100 + b"\xff\xd9"


def huge_webp() -> bytes:
    """A canvas of 16,777,216 pixels a side around a small picture."""
    content = bytearray(seeds()["animated.webp"])
    content[24:30] = b"\xff" * 6
    return bytes(content)


def huge_gif() -> bytes:
    """65,535 pixels a side."""
    content = bytearray(seeds()["animated.gif"])
    content[6:10] = b"\xff" * 4
    return bytes(content)


def gif_with_a_huge_frame() -> bytes:
    """A small screen; its first frame has 65,535 pixels a side."""
    content = seeds()["animated.gif"]
    at = content.index(b"\x2c", 13 + 3 * 256)
    return content[: at + 5] + b"\xff" * 4 + content[at + 9 :]


def huge_bmp() -> bytes:
    """Two thousand million pixels a side."""
    content = bytearray(seeds()["plain.bmp"])
    content[18:26] = b"\xff\xff\xff\x7f" * 2
    return bytes(content)


def huge_heic() -> bytes:
    """A picture that says it has 60,000 pixels a side."""
    return _patched("upright.heic", b"ispe\x00\x00\x00\x00", struct.pack(">II", 60_000, 60_000))


def huge_avif() -> bytes:
    """The same in AVIF."""
    return _patched("still.avif", b"ispe\x00\x00\x00\x00", struct.pack(">II", 60_000, 60_000))


def heic_of_brands() -> bytes:
    """A first box that never ends."""
    return b"\x7f\xff\xff\xffftypheic" + b"mif1" * 10_000


def tiff_in_a_circle() -> bytes:
    """A page whose next page is itself."""
    content = bytearray(seeds()["raw.tif"])
    (at,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, at)
    struct.pack_into("<I", content, at + 2 + 12 * entries, at)
    return bytes(content)


def tiff_of_a_million_pages() -> bytes:
    """Empty directories, each pointing to the next."""
    content = b"II*\x00" + struct.pack("<I", 8)
    return content + b"".join(struct.pack("<HI", 0, 14 + 6 * page) for page in range(1_000_000))


def huge_tiff() -> bytes:
    """Fax pages of 4,000,000,000 pixels a side in a few bytes."""
    content = bytearray(seeds()["fax.tif"])
    (at,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, at)
    for number in range(entries):
        entry = at + 2 + 12 * number
        if struct.unpack_from("<H", content, entry)[0] in (256, 257):
            struct.pack_into("<HII", content, entry + 2, 4, 1, 0xEE6B2800)
    return bytes(content)


def pdf_with_pages_in_a_circle() -> bytes:
    """A tree of pages that is its own branch."""
    return pdf(_CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 5 >>")


def pdf_with_a_million_pages() -> bytes:
    """By its count; there is one."""
    return pdf(
        _CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    )


def pdf_with_a_huge_page() -> bytes:
    """Miles of paper."""
    return _page_pdf(b"/MediaBox [0 0 1000000 1000000]")


def pdf_with_a_page_of_nothing() -> bytes:
    """No width, and a negative height."""
    return _page_pdf(b"/MediaBox [100 100 100 0]")


def pdf_with_huge_units() -> bytes:
    """A small page whose unit is a million points."""
    return _page_pdf(b"/MediaBox [0 0 200 200] /UserUnit 1000000")


def pdf_with_a_huge_picture() -> bytes:
    """An image of 60,000 pixels a side on a page of A4."""
    return _picture_pdf(60_000, 60_000, zlib.compress(bytes(1000)), b"/Filter /FlateDecode")


def pdf_with_a_twice_packed_picture() -> bytes:
    """Noughts packed, and packed again: a gigabyte in a kilobyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10**6)) for _ in range(1000)) + packer.flush()
    packed = zlib.compress(packed, 9)
    return _picture_pdf(8_000, 8_000, packed, b"/Filter [/FlateDecode /FlateDecode]")


def pdf_with_a_form_in_itself() -> bytes:
    """A form that draws itself."""
    form = stream(
        b"/F Do /F Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 200 200]"
        b" /Resources << /XObject << /F 5 0 R >> >>",
    )
    page = b"/MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >>"
    return _page_pdf(page, stream(b"/F Do"), form)


def pdf_of_many_laughs() -> bytes:
    """Forms that draw ten others each, nine deep: a thousand million rectangles."""
    forms = [
        stream(
            b" ".join([b"/F Do"] * 10),
            b"/Type /XObject /Subtype /Form /BBox [0 0 200 200]"
            b" /Resources << /XObject << /F %d 0 R >> >>" % (6 + depth),
        )
        for depth in range(9)
    ]
    last = stream(b"0 0 10 10 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 200 200]")
    page = b"/MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >>"
    return _page_pdf(page, stream(b"/F Do"), *forms, last)


def pdf_of_brackets() -> bytes:
    """Arrays in arrays, 100,000 deep."""
    return _page_pdf(b"/MediaBox " + b"[" * 100_000 + b"]" * 100_000)


def pdf_of_letters() -> bytes:
    """300,000 letters on one page."""
    text = b"BT /F1 1 Tf 40 40 Td " + b"(aaaaaaaaaa 12) Tj " * 25_000 + b"ET"
    page = b"/MediaBox [0 0 400 420] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return _page_pdf(page, stream(text), font)


def pdf_of_half_characters() -> bytes:
    """Text whose letters map to halves of UTF-16 pairs and to nothing at all."""
    text = b"BT /F1 12 Tf 40 40 Td (" + b"ABCDEFGHIJ" * 8 + b") Tj ET"
    mapping = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff>"
        b" endcodespacerange 3 beginbfchar <41> <d800> <42> <dc00> <43> <0000> endbfchar"
        b" endcmap end"
    )
    page = b"/MediaBox [0 0 900 420] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    return _page_pdf(page, stream(text), font, stream(mapping))


def pdf_whose_table_is_before_itself() -> bytes:
    """A cross-reference table whose earlier version is itself."""
    content = _page_pdf(b"/MediaBox [0 0 200 200]")
    at = content.rindex(b"xref\n0")
    return content.replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev %d " % at)


def pdf_behind_junk() -> bytes:
    """A kilobyte of noise, and a header with nothing behind it."""
    return random.Random(3).randbytes(1000) + b"%PDF-1.7\n"


def _page_pdf(page: bytes, *objects: bytes) -> bytes:
    return pdf(_CATALOGUE, _PAGES, b"<< /Type /Page /Parent 2 0 R " + page + b" >>", *objects)


def _picture_pdf(width: int, height: int, packed: bytes, entries: bytes) -> bytes:
    page = b"/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>"
    image = stream(
        packed,
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray %s" % (width, height, entries),
    )
    return _page_pdf(page, stream(b"q 595 0 0 842 0 0 cm /I Do Q"), image)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _with_chunk(kind: bytes, body: bytes) -> bytes:
    content = seeds()["colour.png"]
    # After the signature and the header.
    return content[:33] + _chunk(kind, body) + content[33:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _patched(name: str, mark: bytes, new: bytes, *, after: bool = True) -> bytes:
    content = seeds()[name]
    at = content.index(mark) + (len(mark) if after else 0)
    return content[:at] + new + content[at + len(new) :]


_LIGHT: tuple[Callable[[], bytes], ...] = (
    broken_files.empty,
    broken_files.text,
    broken_files.truncated_jpeg,
    broken_files.huge_png,
    broken_files.pdf_of_21_pages,
    broken_files.encrypted_pdf,
    one_pixel_png,
    png_without_rows,
    huge_jpeg,
    jpeg_of_markers,
    huge_webp,
    huge_gif,
    gif_with_a_huge_frame,
    huge_bmp,
    huge_heic,
    huge_avif,
    heic_of_brands,
    tiff_in_a_circle,
    huge_tiff,
    pdf_with_pages_in_a_circle,
    pdf_with_a_million_pages,
    pdf_with_a_huge_page,
    pdf_with_a_page_of_nothing,
    pdf_with_huge_units,
    pdf_with_a_huge_picture,
    pdf_of_half_characters,
    pdf_whose_table_is_before_itself,
    pdf_behind_junk,
)
_HEAVY: tuple[Callable[[], bytes], ...] = (
    blank_png_at_the_limit,
    speckled_png,
    noise_png,
    striped_png,
    long_thin_png,
    wide_flat_png,
    png_with_a_text_bomb,
    png_with_a_profile_bomb,
    jpeg_of_many_scans,
    tiff_of_a_million_pages,
    pdf_with_a_twice_packed_picture,
    pdf_of_brackets,
    pdf_of_letters,
    pdf_with_a_form_in_itself,
    pdf_of_many_laughs,
)
