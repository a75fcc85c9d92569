"""The cards that are read."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.accuracy.comparison import compare
from benchmarks.accuracy.figures import share
from benchmarks.accuracy.folder import UNKNOWN, cards_in

CLEAN = {"clean", "a4", UNKNOWN}
"""The levels that are; a folder need not tell."""
PICTURES = {".png", ".jpg", ".webp"}
"""What the old worker could open: it knew no PDF."""
KEPT_SMALL = ".webp"
"""What is uploaded as PNG, as people have it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A picture, and what stands on it."""

    content: bytes
    truth: dict[str, Any] | None = None
    """None where that is not told."""


def clean_cards(folder: Path) -> list[Card]:
    """The clean pictures of a folder of images/, truth/ and manifest.csv; or all of a plain one."""
    return list(_cards(folder))


def share_right(cards: Sequence[Card], documents: Sequence[dict[str, Any]]) -> float | None:
    """The share of the numbers that were read exactly; None where no truth is told."""
    scores = [
        compare(card.truth, document)
        for card, document in zip(cards, documents, strict=True)
        if card.truth is not None
    ]
    return share(sum(each.right for each in scores), sum(each.numbers for each in scores))


def _cards(folder: Path) -> Iterator[Card]:
    if not (folder / "images").is_dir():
        for picture in sorted(folder.iterdir()):
            if picture.suffix in PICTURES:
                yield Card(_uploaded(picture))
        return
    for file in cards_in(folder):
        if file.picture.suffix in PICTURES and file.level in CLEAN:
            yield Card(_uploaded(file.picture), file.truth)


def _uploaded(picture: Path) -> bytes:
    if picture.suffix != KEPT_SMALL:
        return picture.read_bytes()
    file = io.BytesIO()
    with Image.open(picture) as image:
        image.save(file, "PNG")
    return file.getvalue()
