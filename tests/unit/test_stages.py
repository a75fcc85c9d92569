import io
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import OcrError, TooManyPixels, UnreadableImage
from pipeline.imaging import raster
from pipeline.options import Limits, ReadingOptions
from pipeline.reading import Reading
from pipeline.stages import read
from tests.unit import broken_files

CARDS = Path(__file__).parents[1] / "cards"
CARD_STAGES = ["parse", "arithmetic"]
PICTURE_STAGES = ["decode", "page", "deskew", "binarise", "grid", "upright", "ocr"]


def reading_of(name: str, options: ReadingOptions | None = None) -> Reading:
    return read((CARDS / "images" / name).read_bytes(), options or ReadingOptions())


def numbers_of(document: dict[str, Any]) -> list[str]:
    """Every number of the tables of a document, as it would be printed."""
    found = []
    for innings in document["innings"]:
        for row in (*(innings["batting"] or ()), *(innings["bowling"] or ())):
            found += [
                str(row[key])
                for key in ("runs", "balls", "overs", "maidens", "wickets", "fours", "sixes")
                if row.get(key) is not None
            ]
    return found


@pytest.mark.parametrize(
    "card", ["tv_scan.jpg", "tv_clean.png", "mobile_photo.jpg", "web_photo.jpg", "pdf_text.pdf"]
)
def test_numbers_of_a_card_are_among_its_words(card: str) -> None:
    truth = json.loads((CARDS / "truth" / card).with_suffix(".json").read_text())
    words = [word.text for page in reading_of(card).pages for word in page.words]
    wanted = numbers_of(truth)
    missing = []
    for number in wanted:
        if number in words:
            words.remove(number)
        else:
            missing.append(number)
    assert len(missing) <= 0.02 * len(wanted)


def test_stages_are_told_as_they_begin_and_timed_as_they_end() -> None:
    told: list[tuple[str, int | None]] = []
    content = (CARDS / "images" / "tv_scan.jpg").read_bytes()
    reading = read(content, ReadingOptions(), on_stage=lambda name, page: told.append((name, page)))
    assert told == [(name, 1) for name in PICTURE_STAGES] + [(name, None) for name in CARD_STAGES]
    assert [(stage.name, stage.page) for stage in reading.stages] == told
    for stage, after in zip(reading.stages, reading.stages[1:], strict=False):
        assert stage.started_at <= stage.ended_at <= after.started_at
    assert reading.cpu_seconds > 0
    assert reading.engine == "tesserocr"


def test_pdf_with_its_own_text_needs_no_ocr() -> None:
    reading = reading_of("pdf_text.pdf")
    assert [(stage.name, stage.page) for stage in reading.stages] == [
        ("decode", 1),
        ("decode", 2),
        *((name, None) for name in CARD_STAGES),
    ]
    assert reading.confidence == 1.0


def test_error_brings_the_stages_so_far_and_survives_pickling() -> None:
    with pytest.raises(UnreadableImage) as caught:
        read(broken_files.truncated_jpeg(), ReadingOptions())
    error = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(error, OcrError)
    assert [stage.name for stage in error.stages] == ["decode"]
    assert str(error) == str(caught.value)


def test_limits_are_those_of_the_options() -> None:
    with pytest.raises(TooManyPixels):
        reading_of("tv_scan.jpg", ReadingOptions(limits=Limits(max_pixels=1000)))


def test_second_engine_reads_a_card_as_well() -> None:
    one, other = (
        reading_of("tv_scan.jpg", ReadingOptions(engine=engine))
        for engine in ("tesserocr", "pytesseract")
    )
    assert other.engine == "pytesseract"
    # The program may be of another version, which makes other words of specks.
    assert lines_with_numbers(other) == lines_with_numbers(one) != []


def lines_with_numbers(reading: Reading) -> list[str]:
    return [line for line in reading.raw_text.splitlines() if any(map(str.isdigit, line))]


def test_words_lead_back_to_the_picture_that_was_uploaded() -> None:
    reading = reading_of("mobile_photo.jpg")
    (page,) = reading.pages
    assert page.to_picture is not None
    a, b, c, d, e, f, g, h, i = page.to_picture
    for x, y in ((0, 0), (page.width, page.height)):
        w = g * x + h * y + i
        assert -60 <= (a * x + b * y + c) / w <= 829 + 60
        assert -60 <= (d * x + e * y + f) / w <= 2700 + 60


@pytest.mark.parametrize(("quarters", "layouts"), [(1, 2), (3, 1)])
def test_card_is_turned_upright_and_its_words_lead_back(quarters: int, layouts: int) -> None:
    """A quarter turn is undone first; that may leave the page upside down."""
    with Image.open(CARDS / "images" / "tv_scan.jpg") as image:
        upright = np.asarray(image.convert("RGB"))
    buffer = io.BytesIO()
    Image.fromarray(np.rot90(upright, quarters)).save(buffer, "PNG", compress_level=1)
    reading = read(buffer.getvalue(), ReadingOptions())

    assert [stage.name for stage in reading.stages].count("grid") == layouts
    assert "179" in reading.raw_text
    (page,) = reading.pages
    assert page.to_picture is not None
    # The upright page's upper left corner, and one step to its right, on the turned picture.
    (x0, y0), (x1, y1) = (place_on_picture(page.to_picture, x, 0) for x in (0, 100))
    height, width = upright.shape[:2]
    corner = {1: (0, width), 3: (height, 0)}[quarters]
    step = {1: (0, -100), 3: (0, 100)}[quarters]
    assert np.hypot(x0 - corner[0], y0 - corner[1]) < 100
    assert np.hypot(x1 - x0 - step[0], y1 - y0 - step[1]) < 8


def test_words_of_a_shrunken_page_lead_back_to_the_whole_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = (CARDS / "images" / "tv_scan.jpg").read_bytes()
    monkeypatch.setattr(raster, "MOST_PIXELS_READ", 1_000_000)
    (page,) = read(content, ReadingOptions()).pages
    assert page.width * page.height < 1_200_000
    assert page.to_picture is not None
    with Image.open(io.BytesIO(content)) as image:
        x, y = place_on_picture(page.to_picture, page.width, page.height)
        assert np.hypot(x - image.width, y - image.height) < 100


def place_on_picture(to_picture: tuple[float, ...], x: float, y: float) -> tuple[float, float]:
    across, down, w = np.array(to_picture).reshape(3, 3) @ (x, y, 1)
    return float(across / w), float(down / w)


def test_products_of_the_stages_are_shown_in_order() -> None:
    seen: list[tuple[str, int | None, str]] = []
    content = (CARDS / "images" / "tv_scan.jpg").read_bytes()
    read(
        content,
        ReadingOptions(),
        on_product=lambda name, page, made: seen.append((name, page, type(made).__name__)),
    )
    of_the_page = ["Sheet", "FlatPage", "LevelPrint", "ndarray", "Layout", "bool", "list"]
    assert [each for _, _, each in seen] == [*of_the_page, "Scorecard", "Scorecard"]
    assert [name for name, _, _ in seen] == [*PICTURE_STAGES, *CARD_STAGES]


def test_document_of_a_reading_is_json() -> None:
    reading = reading_of("tv_scan.jpg")
    assert json.loads(json.dumps(reading.document))["innings"]
    assert "179" in reading.raw_text


def test_reading_a_card_takes_one_thread() -> None:
    script = """
import os, sys
from pathlib import Path
from pipeline.options import ReadingOptions
from pipeline.stages import read
read(Path(sys.argv[1]).read_bytes(), ReadingOptions())
print(len(os.listdir("/proc/self/task")))
"""
    card = CARDS / "images" / "tv_clean.png"
    done = subprocess.run(  # this interpreter, on a card of ours
        [sys.executable, "-c", script, str(card)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
