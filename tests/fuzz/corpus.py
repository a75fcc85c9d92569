"""The files of a run: bombs first, then valid files broken in every way by a seeded chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

from tests.fuzz.bombs import bombs, light_bombs
from tests.fuzz.seeds import seeds
from tests.fuzz.wear import wears_of


@dataclass(frozen=True, slots=True)
class Specimen:
    """One file of a run."""

    name: str
    content: bytes


def corpus(files: int, seed: int, *, heavy: bool) -> list[Specimen]:
    """So many files, the same ones for the same seed.

    Args:
        files: how many; the bombs are among them.
        seed: of the chance that breaks files.
        heavy: also the bombs that cost seconds.
    """
    made = bombs() if heavy else light_bombs()
    first = [Specimen(name, content) for name, content in made.items()]
    return [*first[:files], *islice(_worn(seed), max(0, files - len(first)))]


def _worn(seed: int) -> Iterator[Specimen]:
    """Every valid file broken in one way after the other, for ever."""
    valid = seeds()
    for turn in count():
        for name, content in valid.items():
            wears = wears_of(name)
            wear = wears[turn % len(wears)]
            chance = random.Random(f"{seed} {turn} {name}")  # no secret
            yield Specimen(f"{turn:03}_{wear.__name__}_{name}", wear(content, chance))
