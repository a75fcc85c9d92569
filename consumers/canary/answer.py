"""The known card, what it says, and where a reading of it differs."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

_HERE = files(__package__)


def card() -> bytes:
    """The picture: one innings of teams that do not exist."""
    return (_HERE / "card.png").read_bytes()


def answer() -> Any:
    """What has to stand in its scorecard document, beside what else stands there."""
    return json.loads((_HERE / "card.json").read_text())


def differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """JSON pointers to what is not in a document as it has to be."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            held = found.get(key) if isinstance(found, dict) else None
            yield from differences(value, held, f"{path}/{key}")
    elif isinstance(expected, list):
        rows = found if isinstance(found, list) else []
        if len(rows) != len(expected):
            yield path
        for number, (value, held) in enumerate(zip(expected, rows, strict=False)):
            yield from differences(value, held, f"{path}/{number}")
    elif expected != found:
        yield path
