"""What is read of the cards that the project keeps may get better, not worse."""

from pathlib import Path

import pytest

from benchmarks.__main__ import SHEETS
from benchmarks.accuracy.comparison import compare
from benchmarks.accuracy.folder import CardFile, cards_in
from pipeline.options import ReadingOptions
from pipeline.stages import read

NOT_READ = {"club_scan": 1, "bulletin_001_a4": 2, "spreadsheet_001_a4": 26}
"""Numbers of a card that are not read rightly; of the others, all are."""
TELLING = ("bulletin", "report", "spreadsheet")
"""Layouts of A4 sheets: a coloured one, one with leading dots, one with many gutters."""
OWN_CARDS = (
    *cards_in(Path(__file__).parents[2] / "cards"),
    *(card for card in cards_in(SHEETS) if card.layout in TELLING),
)


@pytest.mark.parametrize("card", OWN_CARDS, ids=lambda card: card.picture.stem)
def test_card_is_read_as_well_as_it_was(card: CardFile) -> None:
    reading = read(card.picture.read_bytes(), ReadingOptions())
    score = compare(card.truth, reading.document)
    assert score.numbers - score.right <= NOT_READ.get(card.picture.stem, 0), score.mistakes
    assert score.silent == 0
