"""Small valid files, one or more of each format, for breaking."""

import io
from functools import cache
from pathlib import Path

from PIL import Image

from tests.unit.imaging.printing import printed, table

_HEIC = Path(__file__).parents[1] / "unit" / "imaging" / "heic"


@cache
def seeds() -> dict[str, bytes]:
    """Valid files by name; each is read to a document."""
    large = Image.fromarray(printed(table(4), width=860, height=340))
    card = large.resize((430, 170))
    grey, two = card.convert("L"), [card, card.transpose(Image.Transpose.ROTATE_180)]
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "baseline.jpg": _saved(card, "JPEG", exif=exif, quality=80),
        "progressive.jpg": _saved(card, "JPEG", progressive=True, quality=80),
        "cmyk.jpg": _saved(card.convert("CMYK"), "JPEG"),
        "colour.png": _saved(card, "PNG"),
        "palette.png": _saved(card.convert("P"), "PNG", transparency=0),
        "deep.png": _saved(grey.convert("I;16"), "PNG"),
        "lossy.webp": _saved(card, "WEBP", exif=exif),
        "lossless.webp": _saved(card.convert("RGBA"), "WEBP", lossless=True),
        "animated.webp": _saved(card, "WEBP", save_all=True, append_images=two),
        "still.avif": _saved(card, "AVIF", exif=exif),
        "turned.heic": (_HEIC / "quarter_turn.heic").read_bytes(),
        "upright.heic": (_HEIC / "upright.heic").read_bytes(),
        "raw.tif": _saved(card, "TIFF"),
        "lzw.tif": _saved(card, "TIFF", compression="tiff_lzw"),
        "jpeg.tif": _saved(card, "TIFF", compression="jpeg"),
        "fax.tif": _saved(
            grey.convert("1"), "TIFF", compression="group4", save_all=True,
            append_images=[grey.convert("1")] * 2,
        ),
        "animated.gif": _saved(card, "GIF", save_all=True, append_images=two),
        "plain.bmp": _saved(card, "BMP"),
        "scan.pdf": _saved(card, "PDF", save_all=True, append_images=two),
        "text.pdf": text_pdf(),
    }  # fmt: skip


def text_pdf() -> bytes:
    """A PDF whose page brings its own text, uncompressed, so that breaking it goes deep."""
    rows = [f"Batter {number} c Smith b Jones {7 * number} {9 * number}" for number in range(12)]
    shown = b"".join(
        b"1 0 0 1 40 %d Tm (%s) Tj " % (380 - 20 * number, row.encode())
        for number, row in enumerate(rows)
    )
    text = b"BT /F1 12 Tf " + shown + b"ET"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 420] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, rows, count, trailer, len(content))
    )


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
