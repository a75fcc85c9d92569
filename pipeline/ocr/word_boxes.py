"""Where the words of a line stand: Tesseract's network tells about where, the ink tells it well."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipeline.imaging.runs import Run
from pipeline.ocr.words import Box, Word

_REACH = 1.2
"""In digit heights: how far from where the network saw it a space may be."""
_PULL = 0.3
"""Pixels of a gap's width that a pixel of distance weighs."""


def on_their_ink(run: Run, words: Sequence[Word]) -> list[Word]:
    """The words of a run, each with the box of its own pieces of ink.

    Between two words lies the widest gap near to where the network saw the space.

    Args:
        run: the line.
        words: from left to right, boxes in pixels of the page.
    """
    if len(words) < 2:
        return [replace(word, box=box_of(run)) for word in words]
    ends = np.maximum.accumulate(run.letters.right)[:-1]
    starts = run.letters.left[1:]
    middles, widths = (ends + starts) / 2, starts - ends
    bounds = [run.left]
    for before, after in pairwise(words):
        seen = (before.box.right + after.box.left) / 2
        distance = np.abs(middles - seen)
        near = (distance <= _REACH * run.digit_height) & (middles > bounds[-1])
        worth = np.where(near, widths - _PULL * distance, -np.inf)
        best = int(np.argmax(worth)) if near.any() else None
        bounds.append(round(float(seen if best is None else middles[best])))
    bounds.append(run.right + 1)
    return [
        word if (part := run.between(left, right)) is None else replace(word, box=box_of(part))
        for word, (left, right) in zip(words, pairwise(bounds), strict=True)
    ]


def box_of(run: Run) -> Box:
    """Where a run stands on the page."""
    return Box(run.left, run.top, run.right, run.bottom)
