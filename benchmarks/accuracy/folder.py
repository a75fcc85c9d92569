"""A folder of cards: pictures with their truth, and a manifest that says what each is."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNKNOWN = "?"


class NoCards(Exception):
    """The folder holds no card that could be measured."""


@dataclass(frozen=True, slots=True)
class CardFile:
    """A picture with what is known of it."""

    picture: Path
    truth: dict[str, Any]
    layout: str
    level: str


def cards_in(folder: Path) -> list[CardFile]:
    """Every picture of a folder that has its truth, by name.

    Raises:
        NoCards: there is none.
    """
    cards = list(_cards(folder))
    if not cards:
        raise NoCards(f"{folder} holds no cards: images/ with truth/<same stem>.json beside it.")
    return cards


def _cards(folder: Path) -> Iterator[CardFile]:
    kinds = _kinds(folder / "manifest.csv")
    for picture in sorted((folder / "images").glob("*.*")):
        truth = folder / "truth" / f"{picture.stem}.json"
        if truth.exists():
            kind = kinds.get(picture.stem, {})
            yield CardFile(
                picture=picture,
                truth=json.loads(truth.read_text()),
                layout=kind.get("layout", UNKNOWN),
                level=kind.get("level", UNKNOWN),
            )


def _kinds(manifest: Path) -> dict[str, dict[str, str]]:
    if not manifest.exists():
        return {}
    with manifest.open(newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}
