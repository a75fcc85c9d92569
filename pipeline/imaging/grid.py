"""Finds the ruled lines of a page, so that they can be taken out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.picture import Grey, Mask

# In digit heights. A piece of a rule reaches from one crossing to the next: that is longer than a
# letter's stroke, and together the pieces are longer than a word.
_PIECE_ACROSS, _PIECE_DOWN = 3.0, 1.7
_LEAST_EXTENT = 6.0
_MOST_THICK = 0.4
_LEAST_DARKNESS = 28
"""Of 255. A rule is fainter than print, but all along its way it is darker than the paper."""
_SWAY = 3
"""Pixels that a rule may move to the side on its way, for what is left of a bend."""
_CROSSING = 7
"""Pixels that are lost where two rules cross."""


def ruled_lines(print_: Grey, digit_height: float) -> Mask:
    """The thin long straight lines of a level page, a pixel wider than they are.

    Looked for in the grey print: a threshold breaks a thin rule into dashes.

    Args:
        print_: (H, W) paper 255.
        digit_height: of ordinary text, in pixels.
    """
    dark = np.asarray(cv2.bitwise_not(print_), np.uint8)
    across = _pieces(dark, digit_height, _PIECE_ACROSS)
    down = _pieces(np.ascontiguousarray(dark.T), digit_height, _PIECE_DOWN).T
    pieces = np.ascontiguousarray(np.maximum(across, down))
    rules = np.where(_in_long_lines(pieces, digit_height), pieces, np.uint8(0))
    return np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)


def _pieces(dark: Grey, digit_height: float, least: float) -> Mask:
    """Lines across: no thicker than the most thick, and that for as long as the least length."""
    # Across a letter's upright stroke ink is high: of a text line nothing is left that is long.
    thick = max(3, round(_MOST_THICK * digit_height))
    thin = cv2.morphologyEx(dark, cv2.MORPH_TOPHAT, np.ones((thick + 1, 1), np.uint8))
    swaying = cv2.dilate(thin, np.ones((_SWAY, 1), np.uint8))
    along = np.ones((1, round(least * digit_height)), np.uint8)
    long = cv2.morphologyEx(swaying, cv2.MORPH_OPEN, along)
    ruled = (long > _LEAST_DARKNESS) & (dark > _LEAST_DARKNESS / 2)
    return np.asarray(ruled, np.uint8) * np.uint8(255)


def _in_long_lines(pieces: Mask, digit_height: float) -> NDArray[np.bool_]:
    """Where pieces meet to something longer than a word."""
    met = cv2.dilate(pieces, np.ones((_CROSSING, _CROSSING), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(met, connectivity=8)
    extent = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    return np.asarray((extent >= _LEAST_EXTENT * digit_height)[labels], np.bool_)
