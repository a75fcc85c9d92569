"""Matches to render: documents of the scorecard form, one a line, gzip or plain."""

import gzip
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]

# Cricsheet tells namesakes apart by a number, which no card prints: `Imran Khan (1)`.
_NAMESAKE = re.compile(r" \(\d+\)")


def load_matches(path: Path) -> list[Json]:
    """Every match of a file, in its order.

    Args:
        path: JSON lines in the form of the scorecard document, with `_deliveries` beside each
            innings' `batting`; compressed where the name ends in `.gz`.
    """
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    lines = _NAMESAKE.sub("", content.decode()).splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def shuffled(matches: Sequence[Json], rng: random.Random) -> list[Json]:
    """The matches in an order of the generator's choosing."""
    return rng.sample(list(matches), k=len(matches))
