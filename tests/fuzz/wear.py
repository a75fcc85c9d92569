"""Ways in which a file is broken: by bad luck, or by somebody who knows its format."""

import random
import re
import struct
import zlib
from collections.abc import Callable

Wear = Callable[[bytes, random.Random], bytes]

_EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_PDF_NUMBERS = (b"-1", b"0", b"1e30", b"2147483648", b"4294967295", b"99999999999999", b"0.0001")
_HEADER = 256
"""Bytes at the start, where most of a format's lengths and sizes stand."""


def cut(content: bytes, chance: random.Random) -> bytes:
    """The upload broke off."""
    return content[: chance.randrange(4, len(content))]


def flip(content: bytes, chance: random.Random) -> bytes:
    """Some bits are wrong, anywhere."""
    return _flipped(content, chance, range(len(content)))


def flip_header(content: bytes, chance: random.Random) -> bytes:
    """Some bits are wrong near the start, after the mark that tells the format."""
    return _flipped(content, chance, range(8, min(_HEADER, len(content))))


def _flipped(content: bytes, chance: random.Random, places: range) -> bytes:
    worn = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 40))):
        worn[chance.choice(places)] ^= 1 << chance.randrange(8)
    return bytes(worn)


def swap(content: bytes, chance: random.Random) -> bytes:
    """Two pieces have changed places."""
    a, b, c, d = sorted(chance.randrange(8, len(content)) for _ in range(4))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def repeat(content: bytes, chance: random.Random) -> bytes:
    """A piece is there many times."""
    start, end = sorted(chance.randrange(8, len(content)) for _ in range(2))
    return content[:start] + content[start:end] * chance.choice((2, 3, 9)) + content[end:]


def blot(content: bytes, chance: random.Random) -> bytes:
    """A piece is all noughts, all ones, or noise."""
    start = chance.randrange(8, len(content))
    size = min(chance.choice((4, 64, 2000)), len(content) - start)
    filling = chance.choice((bytes(size), b"\xff" * size, chance.randbytes(size)))
    return content[:start] + filling + content[start + size :]


def exaggerate(content: bytes, chance: random.Random) -> bytes:
    """A number near the start, most often a length or a size, is absurd."""
    worn = bytearray(content)
    for _ in range(chance.choice((1, 1, 3))):
        code = chance.choice(("<H", ">H", "<I", ">I"))
        at = chance.randrange(8, min(_HEADER, len(worn) - 4))
        most = 0xFFFF if code.endswith("H") else 0xFFFFFFFF
        struct.pack_into(code, worn, at, min(chance.choice(_EXTREMES), most))
    return bytes(worn)


def forge_png(content: bytes, chance: random.Random) -> bytes:
    """Chunks of a PNG changed, moved or repeated, their checksums right: a reader goes on."""
    chunks, at = [], 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += 12 + size
    number = chance.randrange(len(chunks))
    kind, body = chunks[number]
    way = chance.randrange(4)
    if way == 0 and body:
        chunks[number] = (kind, _flipped(body, chance, range(len(body))))
    elif way == 1:
        chunks[number] = (kind, body[: len(body) // 2])
    elif way == 2:
        chunks.insert(chance.randrange(len(chunks)), chunks.pop(number))
    else:
        chunks[number:number] = [chunks[number]] * chance.choice((1, 20))
    return content[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def forge_pdf(content: bytes, chance: random.Random) -> bytes:
    """Numbers and references of a PDF changed: sizes absurd, objects that hold themselves."""
    numbers = list(re.finditer(rb"(?<![\w.])\d+(?= 0 R|[ /\]>])", content))
    worn = content
    for found in sorted(chance.sample(numbers, min(4, len(numbers))), key=lambda m: -m.start()):
        is_reference = content[found.end() :].startswith(b" 0 R")
        new = b"%d" % chance.randrange(1, 8) if is_reference else chance.choice(_PDF_NUMBERS)
        worn = worn[: found.start()] + new + worn[found.end() :]
    return worn


def forge_tiff(content: bytes, chance: random.Random) -> bytes:
    """An entry of a TIFF's directory changed: type, count, value or what comes next."""
    order = "<" if content.startswith(b"II") else ">"
    worn = bytearray(content)
    (at,) = struct.unpack_from(f"{order}I", worn, 4)
    (entries,) = struct.unpack_from(f"{order}H", worn, at)
    entry = at + 2 + 12 * chance.randrange(entries)
    place, code = chance.choice(((0, "H"), (2, "H"), (4, "I"), (8, "I"), (8, "H")))
    most = 0xFFFF if code == "H" else 0xFFFFFFFF
    struct.pack_into(f"{order}{code}", worn, entry + place, min(chance.choice(_EXTREMES), most))
    if chance.random() < 0.3:
        struct.pack_into(f"{order}I", worn, at + 2 + 12 * entries, chance.choice((at, at + 4, 8)))
    return bytes(worn)


EVERYWHERE: tuple[Wear, ...] = (cut, flip, flip_header, swap, repeat, blot, exaggerate)
FORGED: dict[str, Wear] = {"png": forge_png, "pdf": forge_pdf, "tif": forge_tiff}
"""By suffix."""


def wears_of(name: str) -> tuple[Wear, ...]:
    """The ways in which a file of that name can be broken."""
    forge = FORGED.get(name.rpartition(".")[2])
    return EVERYWHERE if forge is None else (*EVERYWHERE, forge, forge)
