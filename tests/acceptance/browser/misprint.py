"""A card whose sums do not hold: one batter's 3 is replaced by another's 1."""

import io
from functools import cache
from pathlib import Path

from PIL import Image

CARD = Path(__file__).parents[2] / "cards" / "images" / "club_clean.png"
RUNS = "/innings/0/batting/3/runs"
RIGHT = "3"
_ONE = (876, 409, 893, 428)
"""Where the picture has the second batter's 1: left, top, right, bottom."""
_THREE = (876, 468)
"""Left and top of the fourth batter's 3."""


@cache
def misprint() -> bytes:
    """The picture, as a PNG."""
    with Image.open(CARD) as card:
        picture = card.convert("RGB")
    picture.paste(picture.crop(_ONE), _THREE)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
