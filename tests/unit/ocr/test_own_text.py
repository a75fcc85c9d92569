from pathlib import Path

from pipeline.imaging.decode import decode
from pipeline.imaging.picture import Glyph, Sheet
from pipeline.ocr.own_text import own_text_page
from pipeline.ocr.plain_text import plain_text
from pipeline.ocr.words import Box
from pipeline.options import Limits

CARDS = Path(__file__).parents[2] / "cards" / "images"


def typed(text: str, left: float = 0.0, pitch: float = 10.0, top: float = 20.0) -> list[Glyph]:
    return [
        Glyph(letter, left + pitch * at, top, left + pitch * at + 10, top + 14)
        if letter != " "
        else Glyph(" ", 0, 0, 0, 0)
        for at, letter in enumerate(text)
    ]


def words_of(glyphs: list[Glyph]) -> list[str]:
    page = own_text_page(Sheet(1, 1, 600, 800, None, tuple(glyphs)))
    return [word.text for word in page.words]


def test_spaces_and_gaps_part_words() -> None:
    assert words_of([*typed("not out"), *typed("45", left=300)]) == ["not", "out", "45"]


def test_next_line_begins_a_word() -> None:
    assert words_of([*typed("Smith"), *typed("Jones", top=60)]) == ["Smith", "Jones"]


def test_number_is_not_torn_by_loose_spacing() -> None:
    assert words_of(typed("104", pitch=12)) == ["104"]


def test_ligature_is_part_of_its_word() -> None:
    ligature = [Glyph(letter, 30, 20, 50, 34) for letter in "ffi"]
    assert words_of([*typed("Gri"), *ligature, *typed("n", left=50)]) == ["Griffin"]


def test_word_has_the_box_of_its_letters_and_no_doubt() -> None:
    page = own_text_page(Sheet(1, 1, 600, 800, None, tuple(typed("45", left=100))))
    assert page.words[0].box == Box(100, 20, 120, 34)
    assert page.words[0].confidence == 1.0


def test_pdf_with_its_own_text_is_read_word_for_word() -> None:
    sheets = list(decode((CARDS / "pdf_text.pdf").read_bytes(), Limits()))
    assert all(sheet.picture is None for sheet in sheets)
    lines = plain_text(own_text_page(sheets[0])).splitlines()
    assert "2 AJ Finch bowled HR Walsh 53 37 5 3 143.2" in lines
    assert "SS Cottrell 4 0 31 0 2 0 7.75" in lines
