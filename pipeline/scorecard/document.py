"""The JSON document of a scorecard, and beside it where every value was read."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal

from pipeline.ocr.words import Box
from pipeline.scorecard.model import Check, Innings, Match, Scorecard
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.value import Value

Json = object
"""A value that `json.dumps` takes."""

_BESIDE = frozenset({"checks", "repairs", "verified", "unread", "marked"})
"""Fields of an innings that are stated in their own form, not as values of the card."""


def document_of(card: Scorecard) -> dict[str, Json]:
    """The document that is stored.

    Its `readings` are keyed by JSON pointer, like `/innings/0/batting/3/runs`.
    """
    document: dict[str, Json] = {
        "match": _match(card.match),
        "innings": [_innings(innings) for innings in card.innings],
        "readings": {},
        "checks": [
            stated_check(number, check)
            for number, innings in enumerate(card.innings)
            for check in innings.checks
        ],
        "repairs": [
            {
                "cell": f"/innings/{number}/{repair.cell}",
                "read": repair.read,
                "became": repair.became,
                "settles": list(repair.settles),
                "by_inference": repair.by_inference,
            }
            for number, innings in enumerate(card.innings)
            for repair in innings.repairs
        ],
        "unread": [
            {"cell": f"/innings/{number}/{unread.cell}", **_place(unread.ink)}
            for number, innings in enumerate(card.innings)
            for unread in innings.unread
        ],
        "marked": [
            f"/innings/{number}/{column}"
            for number, innings in enumerate(card.innings)
            for column in sorted(innings.marked)
        ],
        "warnings": list(card.warnings),
    }
    document["readings"] = {
        **{f"/match/{path}": _place(value) for path, value in values_within(card.match)},
        **{
            f"/innings/{number}/{path}": _place(value)
            for number, innings in enumerate(card.innings)
            for path, value in values_within(innings)
        },
    }
    return document


def stated_check(innings: int, check: Check) -> dict[str, Json]:
    """A check of an innings as the document states it."""
    return {
        "innings": innings,
        "name": check.name,
        "left": check.left,
        "right": check.right,
        "verdict": check.verdict.value,
        "sentence": check.sentence,
        "pins": check.pins,
        "cells": [f"/innings/{innings}/{cell}" for cell in check.cells],
    }


def values_within(part: object, path: str = "") -> Iterator[tuple[str, Value[object]]]:
    """Every value of a part of the card with its pointer: `batting/3/runs`, Value(...)."""
    if isinstance(part, Value):
        yield path, part
    elif isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from values_within(item, f"{path}/{number}" if path else str(number))
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in _BESIDE:
                inner = getattr(part, field.name)
                yield from values_within(inner, f"{path}/{field.name}" if path else field.name)


def _match(match: Match) -> dict[str, Json]:
    return {**_plain_fields(match), "teams": [_plain(team) for team in match.teams] or None}


def _innings(innings: Innings) -> dict[str, Json]:
    return {**_plain_fields(innings), "verified": innings.verified}


def _plain_fields(part: object) -> dict[str, Json]:
    return {
        field.name: _plain(getattr(part, field.name))
        for field in fields(part)  # type: ignore[arg-type]  # only the model's dataclasses come here
        if field.name not in _BESIDE
    }


def _plain(part: object) -> Json:
    if isinstance(part, Value):
        return _plain(part.value)
    if isinstance(part, tuple):
        return [_plain(item) for item in part]
    if isinstance(part, Overs):
        return str(part)
    if isinstance(part, Decimal):
        return float(part)
    if is_dataclass(part):
        return _plain_fields(part)
    return part


def _place(value: Value[object] | Value[None]) -> dict[str, Json]:
    return {
        "page": value.page,
        "box": _corners(value.box),
        "confidence": round(value.confidence, 3),
        "read": value.text,
        "alternatives": list(value.alternatives),
    }


def _corners(box: Box) -> list[int]:
    """Left, top, right, bottom in pixels of the upright page."""
    return [box.left, box.top, box.right, box.bottom]
