"""A folder of cards: `images/`, `truth/` and `manifest.csv`."""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.render.browser import Browser
from benchmarks.render.document import show, truth_of
from benchmarks.render.layout import Layout
from benchmarks.render.matches import Json, shuffled
from benchmarks.render.page import html_of
from benchmarks.render.wear import TEXT_HEIGHT, worn
from benchmarks.render.wear.file import PictureFile

COLUMNS = ("id", "file", "layout", "level", "match_type", "gender", "kind", "cricsheet_id")


@dataclass(frozen=True, slots=True)
class Card:
    """A card before it is rendered."""

    stem: str
    layout: Layout
    level: str
    match: Json
    document: Json
    """What is printed."""
    html: str
    scale: float
    """Pixels a CSS pixel."""
    seed: int
    """Of its wear."""


def plan(
    matches: Sequence[Json], layouts: Sequence[Layout], levels: Sequence[str], count: int, seed: int
) -> Iterator[Card]:
    """Cards of each layout at each level, `count` of each; the same for the same seed.

    A layout takes matches that fit it, each once before any comes again.
    """
    for layout in layouts:
        # By its name, so that a card does not depend on which others are asked for with it.
        rng = random.Random(f"{seed} {layout.name}")  # noqa: S311 (looks, no secrets)
        fitting = shuffled([match for match in matches if layout.fits(match)], rng)
        for number in range(count * len(levels)):
            level = levels[number % len(levels)]
            # Each level meets each showing, turn about.
            which = (number + number // len(levels)) % len(layout.showings)
            match = fitting[number % len(fitting)]
            yield _card(f"{layout.name}_{number + 1:03d}_{level}", layout, level, match, which, rng)


def _card(
    stem: str, layout: Layout, level: str, match: Json, which: int, rng: random.Random
) -> Card:
    look: Json = {key: rng.choice(values) for key, values in layout.looks.items()}
    look["showing"] = which
    document = show(match, layout.showings[which], rng)
    seed = rng.getrandbits(32)
    return Card(
        stem=stem,
        layout=layout,
        level=level,
        match=match,
        document=document,
        html=html_of(layout.template, document, look),
        scale=rng.uniform(*TEXT_HEIGHT[level]) / layout.text,
        seed=seed,
    )


class Folder:
    """Takes cards as they are made; the manifest names those that are whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        for inner in ("images", "truth"):
            (path / inner).mkdir(parents=True, exist_ok=True)
        self._rows: list[dict[str, str]] = []

    def add(self, card: Card, file: PictureFile) -> None:
        """Writes a card's picture and truth, and its line of the manifest."""
        name = f"images/{card.stem}{file.ending}"
        (self._path / name).write_bytes(file.content)
        truth = json.dumps(truth_of(card.document), indent=1, ensure_ascii=False)
        (self._path / "truth" / f"{card.stem}.json").write_text(f"{truth}\n")
        values = (
            card.stem,
            name,
            card.layout.name,
            card.level,
            card.match["match"]["match_type"],
            card.match["match"]["gender"],
            "image",
            card.match["id"],
        )
        self._rows.append(dict(zip(COLUMNS, values, strict=True)))
        with (self._path / "manifest.csv").open("w", newline="") as manifest:
            writer = csv.DictWriter(manifest, COLUMNS)
            writer.writeheader()
            writer.writerows(self._rows)


def render(card: Card, browser: Browser) -> PictureFile:
    """The card's file, worn as its level is."""
    page = browser.picture(card.html, card.layout.width, card.scale)
    return worn(page, card.level, card.seed)
