"""Files that a stranger might upload and that nobody can read, as bytes."""

import io
import struct
import zlib

import numpy as np
import pypdfium2 as pdfium
from PIL import Image

HUGE_SIDE = 60_000


def empty() -> bytes:
    return b""


def text() -> bytes:
    """What someone saved as `card.jpg`."""
    return b"Smith c Jones b Brown 45\n" * 20


def truncated_jpeg() -> bytes:
    """A picture whose second half did not arrive."""
    grain = np.random.default_rng(1).integers(0, 255, (400, 300, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grain).save(buffer, "JPEG")
    content = buffer.getvalue()
    return content[: len(content) // 2]


def huge_png() -> bytes:
    """A PNG whose header says 60,000 x 60,000; of its rows there are only some."""
    row = b"\x00" + b"\xff" * (HUGE_SIDE // 8)
    header = struct.pack(">IIBBBBB", HUGE_SIDE, HUGE_SIDE, 1, 0, 0, 0, 0)
    rows = zlib.compress(row * 64)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def pdf_of(pages: int) -> bytes:
    """A PDF of so many empty pages."""
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 200).close()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def pdf_of_21_pages() -> bytes:
    return pdf_of(21)


def encrypted_pdf() -> bytes:
    """A PDF whose password nobody knows: what its key is checked against matches no password."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <"
        + b"5a" * 32
        + b"> /U <"
        + b"a5" * 32
        + b"> >>",
    )
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(content)
    identity = b"[<" + b"01" * 16 + b"> <" + b"01" * 16 + b">]"
    content += b"xref\n0 5\n0000000000 65535 f \n" + table
    content += b"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID " + identity + b" >>\n"
    return content + b"startxref\n%d\n%%%%EOF\n" % start


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
