"""Tells a page that is upside down by reading a few of its runs both ways."""

from collections.abc import Sequence

import numpy as np

from pipeline.imaging.crop import crop_run
from pipeline.imaging.runs import Layout, Run
from pipeline.ocr.looks import Looks
from pipeline.ocr.tesseract import PSM_LINE, Engine
from pipeline.ocr.words import Word
from pipeline.options import Look

_LEAST_LETTERS, _MOST_LETTERS = 6, 16
"""Of a run: shorter ones are numbers, which read both ways; longer ones only cost more."""
_LETTERS_OF_A_LINE = 40
"""A run that is longer is read only where there are too few others."""
_DIGIT = 24.0
"""Height of a digit in the crop, in pixels."""
_LEAST_RUNS, _MOST_RUNS = 3, 8
_READS_WELL = 0.85
"""Legibility of a run from which nobody asks how it reads the other way."""
_CLEARLY_UPRIGHT, _CLEARLY_TURNED = 0.6, 1.2
"""Lead over some runs, added up, at which no more are read. An upright page must stay as it is."""
_LEAST_LEAD = 0.15
"""The same on average, where all runs were read."""


def is_upside_down(engine: Engine, layout: Layout, looks: Looks | None = None) -> bool:
    """Whether a page surely reads better when it is turned by half.

    Upside down a run reads at 0.25 on average, and at 0.75 the right way up, also on poor pictures.

    Args:
        engine: reads.
        layout: the page's runs.
        looks: where those that are taken are counted; None: nowhere.
    """
    looks = looks or Looks()
    if Look.UPRIGHT not in looks:
        return False
    leads: list[float] = []
    for run in _telling_runs(layout.runs):
        image = crop_run(layout.grey, layout.labels, run, _DIGIT).image
        with looks.spending(Look.UPRIGHT, pictures=1):
            this_way = _legibility(engine.words(image, psm=PSM_LINE))
        if this_way >= _READS_WELL:
            return False
        turned = np.ascontiguousarray(image[::-1, ::-1])
        with looks.spending(Look.UPRIGHT, pictures=1):
            leads.append(_legibility(engine.words(turned, psm=PSM_LINE)) - this_way)
        if sum(leads) <= -_CLEARLY_UPRIGHT:
            return False
        if sum(leads) >= _CLEARLY_TURNED and len(leads) >= _LEAST_RUNS:
            return True
    return len(leads) >= _LEAST_RUNS and sum(leads) / len(leads) >= _LEAST_LEAD


def _telling_runs(runs: Sequence[Run]) -> list[Run]:
    long = [run for run in runs if len(run.letters) >= _LEAST_LETTERS]
    long.sort(key=lambda run: (len(run.letters) > _LETTERS_OF_A_LINE, -_telling(run)))
    return long[:_MOST_RUNS]


def _telling(run: Run) -> int:
    return min(len(run.letters), _MOST_LETTERS)


def _legibility(words: Sequence[Word]) -> float:
    """Mean confidence of the words, by their letters; what is no letter counts as not read."""
    characters = sum(len(word.text) for word in words)
    letters = sum(
        word.confidence * sum(character.isalpha() for character in word.text) for word in words
    )
    return letters / max(characters, 1)
