"""Short runs that show the same ink: one of them is read, and tells what all of them say."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components, Ints
from pipeline.imaging.runs import Run
from pipeline.ocr.likeness import ShortRuns
from pipeline.ocr.word_boxes import box_of
from pipeline.ocr.words import Word

_THE_SAME = 0.94
"""Likeness of letters that show the same. Different digits of a clean page come to 0.91."""
_SHIFT = 0.12
"""Digit heights by which a piece of ink may stand elsewhere in the run."""

Read = Callable[[Sequence[Run]], list[list[Word]]]
"""Reads runs; as many lists of words."""


class SameInk:
    """Which of a page's short runs show the same.

    Args:
        runs: of the page.
        short: those of them that are short; None where they are not compared.
    """

    def __init__(self, runs: Sequence[Run], short: ShortRuns | None) -> None:
        self._runs = runs
        first = {} if short is None else _first_of_each(short)
        self._first = [first.get(number, number) for number in range(len(runs))]

    def read_once(
        self,
        numbers: Iterable[int],
        read: Read,
        sure: float,
        known: Mapping[int, Sequence[Word]] | None = None,
    ) -> dict[int, list[Word]]:
        """The words of short runs; where several show the same, of one that is read for all.

        Args:
            numbers: of the runs, among the page's runs.
            read: reads runs.
            sure: confidence of a word that is taken for all; where it is less, each is read.
            known: what was read so already, of other runs.
        """
        told: dict[int, Sequence[Word]] = {}
        for number, words in (known or {}).items():
            told.setdefault(self._first[number], words)
        ordered = sorted(numbers)
        ahead = {self._first[number]: number for number in reversed(ordered)}
        found = self._read([number for first, number in ahead.items() if first not in told], read)
        told.update((self._first[number], words) for number, words in found.items())
        left: list[int] = []
        for number in ordered:
            words = told[self._first[number]]
            if number in found:
                continue
            if len(words) == 1 and words[0].confidence >= sure:
                found[number] = [replace(words[0], box=box_of(self._runs[number]))]
            else:
                left.append(number)
        return found | self._read(left, read)

    def _read(self, numbers: Sequence[int], read: Read) -> dict[int, list[Word]]:
        words = read([self._runs[number] for number in numbers])
        return dict(zip(numbers, words, strict=True))


def _first_of_each(short: ShortRuns) -> dict[int, int]:
    """For each short run, by its number on the page, the first that shows the same: or itself."""
    found: dict[int, int] = {}
    for places in _of_one_build(short.runs):
        same = _are_the_same(short, places)
        firsts: list[int] = []
        for at, place in enumerate(places):
            first = next((other for other in firsts if same[at, other]), at)
            if first == at:
                firsts.append(at)
            found[short.at[place]] = short.at[places[first]]
    return found


def _of_one_build(runs: Sequence[Run]) -> Iterator[list[int]]:
    """The places of runs that have as many letters and as many marks."""
    builds: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, run in enumerate(runs):
        builds[len(run.letters), len(run.marks)].append(place)
    yield from builds.values()


def _are_the_same(short: ShortRuns, places: Sequence[int]) -> NDArray[np.bool_]:
    """(n, n): whether two of these runs have like letters, and all of their ink in like places."""
    runs = [short.runs[place] for place in places]
    letters = np.searchsorted(short.owners, places)[:, None] + np.arange(len(runs[0].letters))
    like = short.likeness[letters[:, None], letters[None, :]].min(axis=2) >= _THE_SAME
    return np.asarray(like & _in_like_places(runs), np.bool_)


def _in_like_places(runs: Sequence[Run]) -> NDArray[np.bool_]:
    places = np.stack([_places(run) for run in runs])
    apart = np.abs(places[:, None] - places[None, :]).max(axis=2)
    return np.asarray(apart <= _SHIFT, np.bool_)


def _places(run: Run) -> NDArray[np.float64]:
    """Where a run's pieces of ink stand in it, in digit heights."""
    sides: list[Ints] = []
    for pieces in (run.letters, run.marks):
        sides += _sides(pieces, run)
    return np.concatenate(sides) / run.digit_height


def _sides(pieces: Components, run: Run) -> Iterator[Ints]:
    yield pieces.left - run.left
    yield pieces.top - run.top
    yield pieces.bottom - run.top
