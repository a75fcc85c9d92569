"""Pages to test with: text printed with Pillow's own font."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.imaging.picture import Grey, Picture

Colour = tuple[int, int, int]
BLACK, WHITE = (0, 0, 0), (255, 255, 255)

NAMES = ("Khawaja", "Labuschagne", "Renshaw", "Warner", "Smith", "Head", "Carey", "Cummins")


def printed(
    placed: Sequence[tuple[int, int, str]],
    *,
    width: int = 900,
    height: int = 700,
    size: int = 26,
    ink: Colour = BLACK,
    paper: Colour = WHITE,
) -> Picture:
    """(height, width, 3): each text with its left and its baseline; digits are 0.7 `size` high."""
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size)
    for left, baseline, text in placed:
        draw.text((left, baseline), text, fill=ink, font=font, anchor="ls")
    return np.asarray(image)


def grey_of(picture: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def table(rows: int = 8) -> list[tuple[int, int, str]]:
    """Names and three columns of numbers, 60 pixels a row."""
    placed = []
    for row in range(rows):
        baseline = 100 + 60 * row
        placed.append((80, baseline, f"{NAMES[row % len(NAMES)]} and partner"))
        for column, number in enumerate((17 * row + 3, row, 10 * row)):
            placed.append((500 + 110 * column, baseline, str(number)))
    return placed
