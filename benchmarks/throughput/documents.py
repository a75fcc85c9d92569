"""What was read, in the form of a scorecard's document: the old worker's too."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.servers import OwnQueue


def documents_of(queue: OwnQueue, uploads: Sequence[str]) -> list[dict[str, Any]]:
    """The document of each upload."""
    return [_document(preview) for preview in queue.previews_of(uploads)]


def _document(preview: Mapping[str, Any]) -> dict[str, Any]:
    if "scorecard" in preview:
        document: dict[str, Any] = preview["scorecard"]
        return document
    return old_document(preview)


def old_document(preview: Mapping[str, Any]) -> dict[str, Any]:
    """What the old worker's regular expressions found, as far as they tell what it is.

    They do not tell innings apart: each total ends one, and a batter belongs to the first.
    """
    totals: list[dict[str, int] | None] = [{"runs": int(runs)} for runs in preview["total"]]
    batting = [
        {"name": each["name"], "runs": int(each["runs"]), "balls": int(each["balls"])}
        for each in preview["batting"]
    ]
    first, *others = totals or [None]
    innings = [{"batting": batting, "total": first}, *({"total": each} for each in others)]
    return {"match": {}, "innings": innings}
