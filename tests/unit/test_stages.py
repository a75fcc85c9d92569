import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import OcrError, TooManyPixels, UnreadableImage
from pipeline.options import Limits, ReadingOptions
from pipeline.stages import Reading, read
from tests.unit import broken_files

CARDS = Path(__file__).parents[1] / "cards"
PICTURE_STAGES = ["decode", "page", "deskew", "binarise", "grid", "ocr", "parse"]


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
    assert told == [(name, 1 if name != "parse" else None) for name in PICTURE_STAGES]
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
        ("parse", None),
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
    assert other.raw_text == one.raw_text


def test_words_lead_back_to_the_picture_that_was_uploaded() -> None:
    reading = reading_of("mobile_photo.jpg")
    (page,) = reading.pages
    assert page.to_picture is not None
    a, b, c, d, e, f, g, h, i = page.to_picture
    for x, y in ((0, 0), (page.width, page.height)):
        w = g * x + h * y + i
        assert -60 <= (a * x + b * y + c) / w <= 829 + 60
        assert -60 <= (d * x + e * y + f) / w <= 2700 + 60


def test_document_of_a_reading_is_json() -> None:
    reading = reading_of("tv_scan.jpg")
    assert json.loads(json.dumps(reading.document))["innings"]
    assert "179" in reading.raw_text
