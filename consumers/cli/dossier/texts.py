"""The tables of a dossier: words, and checks with what was changed and what is open."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.ocr.words import Page


def words_tsv(pages: Iterable[Page]) -> str:
    """Every word in reading order: page, box, confidence, text, alternatives."""
    rows = ["page\tleft\ttop\tright\tbottom\tconfidence\ttext\talternatives"]
    for page in pages:
        for word in sorted(
            page.words, key=lambda word: (round(word.box.middle / 8), word.box.left)
        ):
            box = word.box
            places = f"{page.number}\t{box.left}\t{box.top}\t{box.right}\t{box.bottom}"
            others = " | ".join(word.alternatives)
            rows.append(f"{places}\t{word.confidence:.2f}\t{_flat(word.text)}\t{_flat(others)}")
    return "\n".join(rows) + "\n"


def checks_txt(document: Mapping[str, Any], *, also_holding: bool = True) -> str:
    """Of each innings: what fails, was changed or is unread; then what the card does not support.

    Args:
        document: of a reading.
        also_holding: whether checks that hold are listed, last.
    """
    lines = [f"warning: {warning}" for warning in document["warnings"]]
    for number, innings in enumerate(document["innings"]):
        verified = "verified" if innings["verified"] else "to be reviewed"
        lines += ["", f"Innings {number}, {innings.get('team') or 'no team'}: {verified}"]
        lines += _checked(document, number, "fails")
        for repair in _within(document["repairs"], number):
            settles = ", ".join(repair["settles"])
            lines.append(
                f"  repaired       {repair['cell']}: {repair['read']!r} became "
                f"{repair['became']!r}; settles {settles}"
            )
        for unread in _within(document["unread"], number):
            lines.append(f"  unread         {unread['cell']}: {unread['read']!r}")
        lines += _checked(document, number, "not supported")
        if also_holding:
            lines += _checked(document, number, "holds")
    return "\n".join(lines).lstrip("\n") + "\n"


def _checked(document: Mapping[str, Any], innings: int, verdict: str) -> list[str]:
    return [
        f"  {verdict:14} {check['name']}: {check['sentence']}"
        for check in document["checks"]
        if check["innings"] == innings and check["verdict"] == verdict
    ]


def doubtful_readings(document: Mapping[str, Any], below: float) -> list[str]:
    """What was read with less confidence, worst first, one line each."""
    found = [
        (place["confidence"], f"{place['confidence']:.2f}  {pointer}  read {place['read']!r}"
         + (f", also {', '.join(place['alternatives'])}" if place["alternatives"] else ""))
        for pointer, place in document["readings"].items()
        if place["confidence"] < below
    ]  # fmt: skip
    return [line for _, line in sorted(found)]


def _within(items: Iterable[Mapping[str, Any]], innings: int) -> list[Mapping[str, Any]]:
    return [item for item in items if item["cell"].startswith(f"/innings/{innings}/")]


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
