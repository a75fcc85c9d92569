"""A document that a person has edited: its checks, doubts and verdicts, by the same arithmetic.

What a person gave is taken as it is: no repair is tried over it, and nothing in it is in doubt. A
sum may still fail with it, and then says so.
"""

from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from pipeline.scorecard.arithmetic import check, is_verified, numbers_of
from pipeline.scorecard.document import stated_check, values_within
from pipeline.scorecard.doubt import GOOD_PICTURE, SURE, SURE_ON_A_POOR_PICTURE, is_doubtful
from pipeline.scorecard.editing import holder, typed_value
from pipeline.scorecard.model import Check, Innings, Verdict
from pipeline.scorecard.parse import warnings_of
from pipeline.scorecard.restored import Document, restored


@dataclass(frozen=True, slots=True)
class Edit:
    """A value as a person typed it."""

    cell: str
    """JSON pointer: `/innings/0/batting/3/runs`."""
    text: str
    """Empty: the picture does not show it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit did, in the document's own values."""

    cell: str
    was: object
    became: object


def edited(document: Document, edits: Sequence[Edit]) -> tuple[dict[str, Any], tuple[Change, ...]]:
    """The document with a person's values, checked again, and what changed.

    A value that is confirmed as it stood is a change as well: from then on a person vouches for it.

    Raises:
        InvalidEdit: a value is of the wrong kind, or nothing stands at its pointer.
    """
    result = deepcopy(dict(document))
    changes = []
    for edit in edits:
        typed = typed_value(edit.cell, edit.text)
        row, key = holder(result, edit.cell)
        changes.append(Change(edit.cell, row[key], typed))
        row[key] = typed
    vouched = dict.fromkeys([*result.get("edited", ()), *(edit.cell for edit in edits)])
    result["edited"] = list(vouched)
    return rechecked(result), tuple(changes)


def rechecked(document: Document) -> dict[str, Any]:
    """The document with the checks, verdicts and warnings of its values as they stand."""
    by_person = frozenset(document.get("edited") or ())
    card = restored(document, by_person)
    checks = [check(innings) for innings in card.innings]
    result = dict(document)
    result["innings"] = [
        {**stated, "verified": _is_verified(innings, found, _of(number, by_person))}
        for number, (stated, innings, found) in enumerate(
            zip(document.get("innings") or (), card.innings, checks, strict=True)
        )
    ]
    result["checks"] = [
        stated_check(number, one) for number, found in enumerate(checks) for one in found
    ]
    for beside in ("repairs", "unread"):
        result[beside] = [one for one in document.get(beside) or () if one["cell"] not in by_person]
    if card.innings:
        result["warnings"] = list(warnings_of(card.innings))
    return result


def is_document_verified(document: Document) -> bool:
    """Whether there is an innings, and every one of them is verified."""
    innings = document.get("innings") or ()
    return bool(innings) and all(one["verified"] for one in innings)


def doubtful_cells(document: Document) -> tuple[str, ...]:
    """Pointers of the numbers that no equation proves and the engine was unsure of, in order."""
    by_person = frozenset(document.get("edited") or ())
    card = restored(document, by_person)
    return tuple(
        f"/innings/{number}/{cell}"
        for number, innings in enumerate(card.innings)
        for cell in _doubts(innings, check(innings), _of(number, by_person))
    )


def _of(innings: int, cells: Collection[str]) -> frozenset[str]:
    above = f"/innings/{innings}/"
    return frozenset(cell.removeprefix(above) for cell in cells if cell.startswith(above))


def _is_verified(innings: Innings, checks: Sequence[Check], by_person: frozenset[str]) -> bool:
    # A person's values are sure, and make the picture look better than it is: the doubts are
    # weighed once more by what the engine read.
    return is_verified(innings, checks) and not _doubts(innings, checks, by_person)


def _doubts(
    innings: Innings, checks: Sequence[Check], by_person: frozenset[str]
) -> tuple[str, ...]:
    """Numbers that no equation which holds covers, and of which the engine was not sure."""
    covered = {
        cell for one in checks if one.verdict is Verdict.HOLDS and one.pins for cell in one.cells
    }
    read = [value.confidence for cell, value in values_within(innings) if cell not in by_person]
    poor = bool(read) and fmean(read) < GOOD_PICTURE
    sure = SURE_ON_A_POOR_PICTURE if poor else SURE
    return tuple(
        cell
        for cell, value in numbers_of(innings)
        if cell not in covered and cell not in by_person and is_doubtful(value, sure)
    )
