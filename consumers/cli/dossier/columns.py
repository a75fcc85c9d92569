"""Which columns the parser saw, told from where a document's values were read."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from consumers.cli.dossier.drawing import Column
from pipeline.ocr.words import Box

_TABLES = ("batting", "bowling")


def columns_of(document: Mapping[str, Any], page: int) -> list[Column]:
    """The columns of a page's tables, from left to right."""
    boxes: dict[tuple[str, str, str], list[list[int]]] = defaultdict(list)
    for pointer, place in document["readings"].items():
        # /innings/0/batting/3/runs
        parts = pointer.strip("/").split("/")
        if place["page"] == page and len(parts) == 5 and parts[2] in _TABLES:
            boxes[parts[1], parts[2], parts[4]].append(place["box"])
    found = [
        Column(f"{innings} {table} {field}" if field == "name" else field, _around(of))
        for (innings, table, field), of in boxes.items()
    ]
    return sorted(found, key=lambda column: (column.box.left, column.box.top))


def _around(boxes: list[list[int]]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))
