import io
from collections.abc import Callable

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from pipeline.errors import (
    EncryptedPdf,
    OcrError,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    UnreadableImage,
    UnsupportedFormat,
)
from pipeline.imaging.decode import decode
from pipeline.imaging.picture import Picture
from pipeline.options import Limits
from tests.unit import broken_files
from tests.unit.imaging.printing import printed

UPSIDE_DOWN, QUARTER_TURN = 3, 6


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def only_picture(content: bytes, limits: Limits | None = None) -> Picture:
    (sheet,) = decode(content, limits or Limits())
    assert sheet.picture is not None
    assert sheet.picture.shape == (sheet.height, sheet.width, 3)
    return sheet.picture


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (broken_files.empty, UnsupportedFormat),
        (broken_files.text, UnsupportedFormat),
        (broken_files.truncated_jpeg, UnreadableImage),
        (broken_files.huge_png, TooManyPixels),
        (broken_files.pdf_of_21_pages, TooManyPages),
        (broken_files.encrypted_pdf, EncryptedPdf),
    ],
)
def test_file_that_nobody_can_read_is_refused_with_its_error(
    make: Callable[[], bytes], error: type[OcrError]
) -> None:
    with pytest.raises(error):
        list(decode(make(), Limits()))


def test_file_above_the_limit_is_refused_whatever_it_is() -> None:
    with pytest.raises(TooLarge):
        list(decode(b"\xff\xd8\xff" + bytes(100), Limits(max_bytes=50)))


def test_header_without_a_picture_behind_it_is_unreadable() -> None:
    for magic in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n"):
        with pytest.raises(UnreadableImage):
            list(decode(magic + b"nothing else", Limits()))


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9, 0.99])
def test_png_that_was_cut_off_is_unreadable(cut: float) -> None:
    grain = np.random.default_rng(3).integers(0, 255, (120, 90, 3), dtype=np.uint8)
    content = saved(Image.fromarray(grain), "PNG")
    with pytest.raises(UnreadableImage):
        list(decode(content[: int(cut * len(content))], Limits()))


def test_format_is_told_from_the_bytes_of_jpeg_and_png_alike() -> None:
    picture = printed([(50, 100, "Smith 45")], width=300, height=200)
    for kind in ("PNG", "JPEG"):
        difference = only_picture(saved(Image.fromarray(picture), kind)).astype(int) - picture
        assert np.abs(difference).mean() < 2


def test_exif_orientation_is_applied_exactly_once() -> None:
    scene = np.full((80, 120, 3), 255, np.uint8)
    scene[:20, :20] = 0
    for orientation, corner, shape in (
        (1, (5, 5), (80, 120)),
        (UPSIDE_DOWN, (75, 115), (80, 120)),
        (QUARTER_TURN, (5, 75), (120, 80)),
    ):
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture = only_picture(saved(Image.fromarray(scene), "JPEG", exif=exif, quality=95))
        assert picture.shape[:2] == shape
        assert picture[corner].max() < 60


def test_transparency_lies_on_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.putpixel((3, 3), (200, 0, 0, 255))
    picture = only_picture(saved(image, "PNG"))
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[3, 3].tolist() == [200, 0, 0]


def test_sixteen_bits_become_eight() -> None:
    deep = np.array([[0, 257 * 128, 65535]], np.uint16)
    assert only_picture(saved(Image.fromarray(deep), "PNG"))[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_other_colour_modes_are_read(mode: str) -> None:
    image = Image.new("RGB", (30, 30), (255, 255, 255)).convert(mode)
    content = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    assert only_picture(content).min() > 250


def test_picture_at_the_limit_is_read_and_above_it_refused() -> None:
    content = saved(Image.new("RGB", (100, 50)), "PNG")
    assert only_picture(content, Limits(max_pixels=5000)).shape == (50, 100, 3)
    with pytest.raises(TooManyPixels):
        list(decode(content, Limits(max_pixels=4999)))


def test_pdf_pages_come_one_by_one_with_their_number() -> None:
    sheets = list(decode(broken_files.pdf_of(3), Limits()))
    assert [(sheet.number, sheet.of) for sheet in sheets] == [(1, 3), (2, 3), (3, 3)]


def test_scan_in_a_pdf_is_not_resampled() -> None:
    scan = printed([(50, 100, "Smith 45")], width=600, height=800)
    content = saved(Image.fromarray(scan), "PDF", resolution=150)
    picture = only_picture(content)
    assert abs(picture.shape[0] - 800) <= 1
    assert abs(picture.shape[1] - 600) <= 1


def test_huge_page_of_a_pdf_is_refused_before_it_is_rendered() -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(14_000, 14_000).close()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    with pytest.raises(TooManyPixels):
        list(decode(buffer.getvalue(), Limits()))
