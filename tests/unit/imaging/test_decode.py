import io
from collections.abc import Callable
from pathlib import Path

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
from tests.fuzz.seeds import pdf, stream
from tests.unit import broken_files
from tests.unit.imaging.printing import printed

UPSIDE_DOWN, QUARTER_TURN = 3, 6
HEIC = Path(__file__).parent / "heic"
EXIF_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")


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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF", "GIF", "BMP"])
def test_format_is_told_from_the_bytes_alone(kind: str) -> None:
    picture = printed([(50, 100, "Smith 45")], width=300, height=200)
    difference = only_picture(saved(Image.fromarray(picture), kind)).astype(int) - picture
    assert np.abs(difference).mean() < 2


def test_video_in_the_same_container_as_heic_is_no_picture() -> None:
    header = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41"
    with pytest.raises(UnsupportedFormat, match="JPEG, PNG, WebP, AVIF, HEIC, TIFF"):
        list(decode(header + bytes(400), Limits()))


def scene() -> Picture:
    """White, its upper left corner black."""
    picture = np.full((80, 120, 3), 255, np.uint8)
    picture[:20, :20] = 0
    return picture


def dark_corner(picture: Picture) -> str:
    """Which of the corners is black: `upper left` and so on; and nothing else is."""
    middle = {"upper left": (5, 5), "upper right": (5, -6), "lower left": (-6, 5)}
    middle["lower right"] = (-6, -6)
    (dark,) = [name for name, (y, x) in middle.items() if picture[y, x].max() < 60]
    return dark


@pytest.mark.parametrize("kind", EXIF_FORMATS)
def test_exif_orientation_is_applied_exactly_once(kind: str) -> None:
    for orientation, corner in (
        (1, "upper left"),
        (2, "upper right"),
        (UPSIDE_DOWN, "lower right"),
        (4, "lower left"),
        (5, "upper left"),
        (QUARTER_TURN, "upper right"),
        (7, "lower right"),
        (8, "lower left"),
    ):
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture = only_picture(saved(Image.fromarray(scene()), kind, exif=exif, quality=95))
        assert picture.shape[:2] == ((120, 80) if orientation > 4 else (80, 120))
        assert dark_corner(picture) == corner


@pytest.mark.parametrize(
    ("name", "corner"),
    [
        ("upright", "upper left"),
        ("upside_down", "lower right"),
        ("quarter_turn", "upper right"),
    ],
)
def test_heic_is_turned_once_though_it_says_so_twice(name: str, corner: str) -> None:
    picture = only_picture((HEIC / f"{name}.heic").read_bytes())
    assert picture.shape[:2] == ((120, 80) if name == "quarter_turn" else (80, 120))
    assert dark_corner(picture) == corner


def test_broken_exif_beside_good_pixels_is_passed_over() -> None:
    content = saved(Image.fromarray(scene()), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")
    assert dark_corner(only_picture(content)) == "upper left"


def test_transparency_lies_on_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.putpixel((3, 3), (200, 0, 0, 255))
    picture = only_picture(saved(image, "PNG"))
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[3, 3].tolist() == [200, 0, 0]


def test_light_print_on_nothing_lies_on_black() -> None:
    """As a dark screen's print would, cut out; on white it could not be seen."""
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.putpixel((3, 3), (250, 250, 240, 255))
    picture = only_picture(saved(image, "PNG"))
    assert picture[0, 0].tolist() == [0, 0, 0]
    assert picture[3, 3].tolist() == [250, 250, 240]


def test_transparent_colour_of_a_palette_lies_on_white() -> None:
    image = Image.new("P", (10, 10), 1)
    image.putpalette([200, 0, 0, 0, 0, 0])
    image.putpixel((3, 3), 0)
    for kind in ("PNG", "GIF"):
        picture = only_picture(saved(image, kind, transparency=1))
        assert picture[0, 0].tolist() == [255, 255, 255]
        assert picture[3, 3].tolist() == [200, 0, 0]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_become_eight(kind: str) -> None:
    deep = np.array([[0, 257 * 128, 65535]], np.uint16)
    assert only_picture(saved(Image.fromarray(deep), kind))[0, :, 0].tolist() == [0, 128, 255]


def test_twelve_bits_in_sixteen_become_eight() -> None:
    deep = np.array([[0, 16 * 128, 4095]], np.uint16)
    assert only_picture(saved(Image.fromarray(deep), "TIFF"))[0, :, 0].tolist() == [0, 128, 255]


def test_fractions_become_eight_bits() -> None:
    fractions = np.array([[0, 0.5, 1, np.nan]], np.float32)
    content = saved(Image.fromarray(fractions), "TIFF")
    assert only_picture(content)[0, :, 0].tolist() == [0, 127, 255, 0]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *((mode, "PNG") for mode in ("L", "LA", "1", "P")),
        *((mode, "TIFF") for mode in ("L", "1", "P", "CMYK", "RGBA")),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGBA", "WEBP"),
    ],
)
def test_other_colour_modes_are_read(mode: str, kind: str) -> None:
    image = Image.new("RGB", (30, 30), (255, 255, 255))
    image.paste((0, 0, 0), (0, 0, 15, 30))
    picture = only_picture(saved(image.convert(mode), kind))
    assert picture[:, 22:].min() > 240
    assert picture[:, :8].max() < 60


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_bilevel_fax_pages_are_read(compression: str) -> None:
    image = Image.fromarray(scene()).convert("1")
    assert dark_corner(only_picture(saved(image, "TIFF", compression=compression))) == "upper left"


def tiff_of(pages: int) -> bytes:
    first, *others = [
        Image.new("L", (60 + number, 40), min(255, 10 * number)) for number in range(pages)
    ]
    return saved(first, "TIFF", save_all=True, append_images=others)


def test_tiff_pages_come_one_by_one_with_their_number() -> None:
    sheets = list(decode(tiff_of(3), Limits()))
    assert [(sheet.number, sheet.of, sheet.width) for sheet in sheets] == [
        (1, 3, 60),
        (2, 3, 61),
        (3, 3, 62),
    ]
    assert [int(sheet.picture.max()) for sheet in sheets if sheet.picture is not None] == [
        0,
        10,
        20,
    ]


def test_tiff_of_too_many_pages_is_refused_before_one_is_decoded() -> None:
    assert len(list(decode(tiff_of(5), Limits(max_pages=5)))) == 5
    with pytest.raises(TooManyPages):
        next(decode(tiff_of(6), Limits(max_pages=5)))


def test_small_copy_in_a_tiff_is_no_page() -> None:
    small, large = Image.new("L", (30, 20)), Image.new("L", (300, 200))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    content = saved(large, "TIFF", save_all=True, append_images=[small])
    assert [sheet.width for sheet in decode(content, Limits())] == [300]


def test_each_page_of_a_tiff_is_checked_against_the_limit() -> None:
    with pytest.raises(TooManyPixels):
        list(decode(tiff_of(3), Limits(max_pixels=61 * 40)))


def test_first_frame_of_an_animation_is_the_page() -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("white", "black", "red")]
    for kind in ("GIF", "WEBP", "PNG"):
        content = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert only_picture(content).min() > 240


def test_picture_at_the_limit_is_read_and_above_it_refused() -> None:
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "AVIF", "GIF", "BMP"):
        content = saved(Image.new("RGB", (100, 50)), kind)
        assert only_picture(content, Limits(max_pixels=5000)).shape == (50, 100, 3)
        for limit in (4999, 1000):
            with pytest.raises(TooManyPixels):
                list(decode(content, Limits(max_pixels=limit)))


def test_heic_above_the_limit_is_refused() -> None:
    with pytest.raises(TooManyPixels):
        list(decode((HEIC / "upright.heic").read_bytes(), Limits(max_pixels=9_599)))


def test_pdf_pages_come_one_by_one_with_their_number() -> None:
    sheets = list(decode(broken_files.pdf_of(3), Limits()))
    assert [(sheet.number, sheet.of) for sheet in sheets] == [(1, 3), (2, 3), (3, 3)]


def test_scan_in_a_pdf_is_not_resampled() -> None:
    scan = printed([(50, 100, "Smith 45")], width=600, height=800)
    content = saved(Image.fromarray(scan), "PDF", resolution=150)
    picture = only_picture(content)
    assert abs(picture.shape[0] - 800) <= 1
    assert abs(picture.shape[1] - 600) <= 1


@pytest.mark.parametrize(
    ("matrix", "own"),
    [
        (b"1 0 0 1 40 300", True),
        (b"0 1 -1 0 300 40", False),
        (b"-1 0 0 -1 380 300", False),
        (b"0 -1 1 0 300 380", False),
    ],
    ids=["upright", "quarter turn", "upside down", "three quarters"],
)
def test_text_that_stands_turned_on_its_page_is_looked_at_as_a_picture(
    matrix: bytes, own: bool
) -> None:
    """Only a picture is turned upright later."""
    row = b"Khawaja c Smith b Jones 45 62 4 1 Labuschagne lbw b Roy 7 Warner"
    text = b"BT /F1 8 Tf %s Tm (%s) Tj ET"
    content = pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 420] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(text % (matrix, row)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    (sheet,) = decode(content, Limits())
    assert (sheet.picture is None) is own
    assert bool(sheet.glyphs) is own


def test_huge_page_of_a_pdf_is_refused_before_it_is_rendered() -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(14_000, 14_000).close()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    with pytest.raises(TooManyPixels):
        list(decode(buffer.getvalue(), Limits()))
