"""The text that a PDF holds itself -> words. Nothing is recognised, so nothing is in doubt."""

from collections.abc import Iterator, Sequence

from pipeline.imaging.picture import Glyph, Sheet
from pipeline.ocr.words import Box, Page, Word

# Shares of the word's height. The rooms that two letters of a word take touch, but for rounding.
_WIDEST_GAP = 0.18
# Kerning leaves hardly more of a space between two capitals ("FA Allen").
_WIDEST_GAP_IN_CAPITALS = 0.08
_WIDEST_GAP_IN_NUMBER = 0.25
_FURTHEST_BACK = 0.6


def own_text_page(sheet: Sheet) -> Page:
    """The words of a sheet that brings its own text."""
    words = tuple(_word(letters) for letters in _words(sheet.glyphs))
    return Page(number=sheet.number, width=sheet.width, height=sheet.height, words=words)


def _words(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs of one word after the other, in the file's order."""
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and (glyph.text == " " or not _goes_on(word, glyph)):
            yield word
            word = []
        if glyph.text != " ":
            word.append(glyph)
    if word:
        yield word


def _goes_on(word: list[Glyph], glyph: Glyph) -> bool:
    last = word[-1]
    if (last.left, last.top) == (glyph.left, glyph.top):
        # A ligature: each of its letters has the box of the whole.
        return True
    top, bottom = min(part.top for part in word), max(part.bottom for part in word)
    height = max(bottom - top, glyph.bottom - glyph.top, 1.0)
    same_line = top - 0.3 * height < glyph.bottom and glyph.top < bottom + 0.3 * height
    widest = _WIDEST_GAP
    if last.text.isupper() and glyph.text.isupper():
        widest = _WIDEST_GAP_IN_CAPITALS
    elif last.text.isdigit() and glyph.text.isdigit():
        widest = _WIDEST_GAP_IN_NUMBER
    return same_line and -_FURTHEST_BACK < (glyph.left - last.right) / height < widest


def _word(letters: list[Glyph]) -> Word:
    box = Box(
        left=round(min(letter.left for letter in letters)),
        top=round(min(letter.top for letter in letters)),
        right=round(max(letter.right for letter in letters)),
        bottom=round(max(letter.bottom for letter in letters)),
    )
    return Word("".join(letter.text for letter in letters), box, confidence=1.0)
