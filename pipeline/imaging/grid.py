"""Finds the ruled lines of a page, so that they can be taken out."""

import cv2
import numpy as np

from pipeline.imaging.components import labelled
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
_CROSSING = 6
"""Pixels that are lost where two rules cross."""
_COARSE = 2
"""So many times smaller is the picture in which pieces are joined."""


def ruled_lines(print_: Grey, digit_height: float) -> Mask:
    """The thin long straight lines of a level page, a pixel wider than they are.

    Looked for in the grey print: a threshold breaks a thin rule into dashes.

    Args:
        print_: (H, W) paper 255.
        digit_height: of ordinary text, in pixels.
    """
    dark = np.asarray(cv2.bitwise_not(print_), np.uint8)
    across = _pieces(dark, digit_height, _PIECE_ACROSS)
    lying = np.asarray(cv2.transpose(dark), np.uint8)
    down = cv2.transpose(_pieces(lying, digit_height, _PIECE_DOWN))
    pieces = np.asarray(cv2.max(across, down), np.uint8)
    rules = cv2.bitwise_and(pieces, _in_long_lines(pieces, digit_height))
    return np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)


def _pieces(dark: Grey, digit_height: float, least: float) -> Mask:
    """Lines across: no thicker than the most thick, and that for as long as the least length."""
    # Across a letter's upright stroke ink is high: of a text line nothing is left that is long.
    thick = max(3, round(_MOST_THICK * digit_height))
    thin = cv2.morphologyEx(dark, cv2.MORPH_TOPHAT, np.ones((thick + 1, 1), np.uint8))
    swaying = cv2.dilate(thin, np.ones((_SWAY, 1), np.uint8))
    along = np.ones((1, round(least * digit_height)), np.uint8)
    long = cv2.morphologyEx(swaying, cv2.MORPH_OPEN, along)
    faint = cv2.threshold(long, _LEAST_DARKNESS, 255, cv2.THRESH_BINARY)[1]
    there = cv2.threshold(dark, _LEAST_DARKNESS // 2, 255, cv2.THRESH_BINARY)[1]
    return np.asarray(cv2.bitwise_and(faint, there), np.uint8)


def _in_long_lines(pieces: Mask, digit_height: float) -> Mask:
    """Where pieces meet to something longer than a word; ink = 255."""
    height, width = pieces.shape
    # Lines are looked for, not their edges: half as wide and high a picture tells as much.
    size = (-(-width // _COARSE), -(-height // _COARSE))
    coarse = cv2.resize(pieces, size, interpolation=cv2.INTER_AREA)
    met = cv2.dilate(coarse, np.ones((_CROSSING // _COARSE, _CROSSING // _COARSE), np.uint8))
    labels, stats = labelled(np.asarray(met, np.uint8))
    extent = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    long = extent * _COARSE >= _LEAST_EXTENT * digit_height
    # The first one is what is no piece at all.
    long[0] = False
    kept = np.where(long, np.uint8(255), np.uint8(0))[labels]
    return np.asarray(cv2.resize(kept, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
