"""What the backend's review page reads of a scorecard document."""

from collections.abc import Mapping
from typing import Any


def preview_of_document(document: Mapping[str, Any]) -> dict[str, object]:
    """The keys of `uploads.parsed_preview` that follow from the document alone."""
    match, innings = document["match"], document["innings"]
    return {
        "deliveries": [ball for each in innings for ball in each.get("deliveries") or ()],
        "teams": match.get("teams") or [],
        "metadata": {key: value for key, value in match.items() if key != "teams"},
        "warnings": list(document.get("warnings") or ()),
    }
