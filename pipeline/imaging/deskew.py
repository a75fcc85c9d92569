"""Levels the text lines of a page: turns it, then bends it where lines still are not straight."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components
from pipeline.imaging.lines import group_lines
from pipeline.imaging.picture import LARGE_PAGE, Grey, Matrix

Floats = NDArray[np.float64]

_MOST_SKEW = 20.0
_STEPS = (1.0, 0.2, 0.05)
"""Degrees, coarse to fine."""
# Fewer letters than this make no line that could be trusted.
_LEAST_LETTERS = 30
_LEAST_IN_LINE = 4
_LEAST_LINES = 8
_ROUNDS = 4
_LEAST_BEND = 0.1
"""Digit heights: less is not evened out."""
_MOST_BEND = 0.08
"""Of the page's height, anywhere on it; a fit that asks for more has caught no lines."""
_MAP_STEP = 16
"""Pixels between the points at which a bend is computed; between them it is as good as straight."""


@dataclass(frozen=True, slots=True)
class Levelling:
    """How a point of the level page is found on the page that was given."""

    skew: float
    """Degrees by which the page was turned, counter-clockwise positive."""
    to_page: Matrix
    """Turns a point back."""
    bend: tuple[float, ...]
    """Weights of `_terms`: how far under its level place a point lies; empty = nowhere."""
    width: int
    height: int

    def on_page(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where points of the level page lie on the given one, in pixels."""
        if self.bend:
            y = y + np.tensordot(np.array(self.bend), _terms(x, y, self.width, self.height), 1)
        a = self.to_page
        return a[0, 0] * x + a[0, 1] * y + a[0, 2], a[1, 0] * x + a[1, 1] * y + a[1, 2]


def estimate_skew(letters: Components) -> float:
    """Angle that levels the text lines, in degrees, counter-clockwise positive.

    The profile is taken over the feet of the letters, not over pixels: page borders, rules and
    shadows, which pull a profile of pixels off, are no letters. 0 where there are too few.

    Source: energy of the projection profile, coarse to fine (Postl 1986).
    """
    if len(letters) < _LEAST_LETTERS:
        return 0.0
    x, y = (letters.left + letters.right) / 2, letters.bottom.astype(np.float64)
    best, span = 0.0, _MOST_SKEW
    for step in _STEPS:
        # A row as high as the step moves a point at the far side of the page.
        unit = max(1.0, float(np.ptp(x)) * np.radians(step) / 2)
        angles = np.arange(best - span, best + span + step / 2, step)
        best = float(angles[np.argmax([_energy(x, y, angle, unit) for angle in angles])])
        span = step
    return best


def _energy(x: Floats, y: Floats, degrees: float, unit: float) -> float:
    angle = np.radians(degrees)
    rows = (y * np.cos(angle) - x * np.sin(angle)) / unit
    profile = np.bincount((rows - rows.min()).astype(np.int64)).astype(np.float64)
    # A line that lies across the edge of two rows counts as well.
    return float((profile * profile).sum() + (profile[1:] * profile[:-1]).sum())


def level(letters: Components, digit_height: float, width: int, height: int) -> Levelling:
    """How to level a page.

    Args:
        letters: pieces of ink of about a letter's size, in pixels of the page.
        digit_height: of ordinary text, in pixels.
        width: of the page.
        height: of the page.
    """
    skew = estimate_skew(letters)
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0), np.float64)
    wide, high = (round(float(side)) for side in np.abs(turn[:, :2]) @ (width, height))
    turn[:, 2] += np.array([wide - width, high - height]) / 2
    feet = np.stack([(letters.left + letters.right) / 2, letters.bottom, np.ones(len(letters))])
    x, y = turn @ feet
    lines = [line for line in group_lines(letters, digit_height) if len(line) >= _LEAST_IN_LINE]
    bend = _fit_bend([(x[line], y[line]) for line in lines], digit_height, wide, high)
    return Levelling(skew, np.linalg.inv(np.vstack([turn, (0, 0, 1)])), bend, wide, high)


def _terms(x: Floats, y: Floats, width: int, height: int) -> Floats:
    """Shapes that a line can be bent into; each is 0 at the page's middle column."""
    across, down = x / width - 0.5, y / height - 0.5
    return np.stack(
        [across, across * down, across * down**2, across**2, across**2 * down, across**3]
    )


def _fit_bend(
    lines: list[tuple[Floats, Floats]], digit_height: float, width: int, height: int
) -> tuple[float, ...]:
    """Weights of `_terms` that explain how the feet of each line stray from a level row."""
    if len(lines) < _LEAST_LINES:
        return ()
    line = np.repeat(np.arange(len(lines)), [len(x) for x, _ in lines])
    x, y = (np.concatenate(part) for part in zip(*lines, strict=True))
    weights, trust = np.zeros(6), np.ones(len(x))
    for _ in range(_ROUNDS):
        terms = _terms(x, y, width, height)
        row = _line_means(y - weights @ _terms(x, y, width, height), line, trust)[line]
        terms = _terms(x, row, width, height)
        centred = np.stack([term - _line_means(term, line, trust)[line] for term in terms])
        target = y - _line_means(y, line, trust)[line]
        weighted = centred * trust
        weights = np.linalg.solve(weighted @ centred.T + 1e-3 * np.eye(6), weighted @ target)
        # Descenders and grain stray by far more than the bend that is left.
        stray = np.abs(target - weights @ centred)
        trust = 1 / np.maximum(1, stray / (0.06 * digit_height))
    at_letters = np.abs(weights @ _terms(x, y, width, height)).max()
    across, down = np.meshgrid(np.linspace(0, width, 5), np.linspace(0, height, 5))
    anywhere = np.abs(weights @ _terms(across.ravel(), down.ravel(), width, height)).max()
    # Small print is read a little better for being drawn anew; a large page takes long to draw.
    stray = at_letters if width * height >= LARGE_PAGE else anywhere
    if stray < _LEAST_BEND * digit_height or anywhere > _MOST_BEND * height:
        return ()
    return tuple(map(float, weights))


def _line_means(values: Floats, line: NDArray[np.intp], trust: Floats) -> Floats:
    return np.bincount(line, values * trust) / np.bincount(line, trust)


def apply_levelling(print_: Grey, levelling: Levelling) -> Grey:
    """The level page; white where the given one ends."""
    if not levelling.bend and abs(levelling.skew) < _STEPS[-1]:
        return print_
    if not levelling.bend:
        return _turned(print_, levelling)
    rows, columns = (-(-side // _MAP_STEP) + 1 for side in (levelling.height, levelling.width))
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64) * _MAP_STEP
    across, down = levelling.on_page(x, y)
    return np.asarray(
        cv2.remap(
            print_,
            _at_every_pixel(across, levelling),
            _at_every_pixel(down, levelling),
            cv2.INTER_CUBIC,
            borderValue=255,
        ),
        np.uint8,
    )


def _turned(print_: Grey, levelling: Levelling) -> Grey:
    return np.asarray(
        cv2.warpAffine(
            print_,
            levelling.to_page[:2],
            (levelling.width, levelling.height),
            flags=cv2.WARP_INVERSE_MAP | cv2.INTER_CUBIC,
            borderValue=255,
        ),
        np.uint8,
    )


def _at_every_pixel(coarse: Floats, levelling: Levelling) -> NDArray[np.float32]:
    shrink = np.array([[1 / _MAP_STEP, 0, 0], [0, 1 / _MAP_STEP, 0]])
    return np.asarray(
        cv2.warpAffine(
            coarse.astype(np.float32),
            shrink,
            (levelling.width, levelling.height),
            flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )
