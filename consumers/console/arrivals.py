"""An upload on its way, as the page shows it to which it was dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from consumers.bulletin import stage_field
from consumers.console.review.concerns import Concerns
from consumers.console.service import Console
from consumers.queue import stages_of
from pipeline.storage.attempts import Attempt, attempts_of
from pipeline.storage.digests import EarlierReading, earlier_reading
from pipeline.storage.scorecards import get_scorecard
from pipeline.storage.uploads import Upload, UploadStatus

STAGES: Final = (
    "fetch", "decode", "page", "deskew", "binarise", "grid", "upright", "ocr", "parse",
    "arithmetic", "commit",
)  # fmt: skip
"""In the order in which they run; a page of a PDF that brings its own text skips some."""
_OPEN: Final = frozenset({UploadStatus.INITIATED, UploadStatus.UPLOADED, UploadStatus.PROCESSING})


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of an upload that is being read, or was."""

    name: str
    state: str
    """`done`, `now` or `ahead`."""
    page: int | None = None
    """From 1, of the one that runs; None for a stage over the whole file."""


@dataclass(frozen=True, slots=True)
class Side:
    """What was read of one innings."""

    team: str
    score: str
    """`212/7`, `212`, or nothing."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was read, in two lines."""

    sides: tuple[Side, ...]
    verified: bool
    to_look_at: int
    """Values and checks."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An upload, how far it is, and what came of it."""

    upload_id: str
    filename: str
    status: str
    steps: tuple[Step, ...] = ()
    error: str = ""
    """Of the last try."""
    summary: Summary | None = None
    earlier: EarlierReading | None = None
    """Another reading of the same picture."""

    @property
    def goes_on(self) -> bool:
        """Whether more is to come."""
        return self.status in _OPEN


async def arrival_of(console: Console, upload: Upload) -> Arrival:
    """Look at an upload."""
    attempts = await attempts_of(console.database, upload.id)
    card = await get_scorecard(console.database, upload.id)
    errors = [each.error for each in attempts if each.error]
    return Arrival(
        upload.id,
        upload.filename,
        upload.status,
        await _steps(console, attempts),
        upload.error_message or (errors[-1] if errors else ""),
        summary_of(card.document, verified=card.verified) if card else None,
        await earlier_reading(console.database, upload.id),
    )


async def _steps(console: Console, attempts: Sequence[Attempt]) -> tuple[Step, ...]:
    if not attempts:
        return ()
    attempt = attempts[-1]
    if attempt.finished_at is not None:
        ran = {str(stage.get("name")) for stage in attempt.stages or ()}
        return tuple(Step(name, "done") for name in STAGES if name in ran)
    stages = await stages_of(console.client, console.keys)
    stage = stages.get(stage_field(attempt.entry_id, attempt.consumer))
    return steps_at(stage.name if stage else "", stage.page if stage else None)


def steps_at(stage: str, page: int | None) -> tuple[Step, ...]:
    """All stages, while this one runs; all ahead where it is none of them."""
    at = STAGES.index(stage) if stage in STAGES else -1
    states = ("done" if n < at else "now" if n == at else "ahead" for n in range(len(STAGES)))
    return tuple(Step(name, state, page) for name, state in zip(STAGES, states, strict=True))


def summary_of(document: Mapping[str, Any], *, verified: bool) -> Summary:
    """Each innings in a line, and what wants a look."""
    sides = tuple(map(_side, document.get("innings") or ()))
    return Summary(sides, verified, len(Concerns(document).listed))


def _side(innings: Mapping[str, Any]) -> Side:
    total = innings.get("total") or {}
    runs, wickets = total.get("runs"), total.get("wickets")
    score = "" if runs is None else f"{runs}" if wickets is None else f"{runs}/{wickets}"
    return Side(innings.get("team") or "A side without a name", score)
