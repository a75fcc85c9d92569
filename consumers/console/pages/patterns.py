"""Every component on one page, in every state: what a change of the stylesheet is looked at on."""

from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from consumers.console.arrivals import STAGES, Arrival, Side, Step, Summary, steps_at
from consumers.console.rendering import render
from consumers.console.review.card import Field, Table
from consumers.console.review.concerns import Concern
from consumers.operations import Pause
from consumers.queue import PendingEntry, Stage
from pipeline.storage.digests import EarlierReading
from pipeline.storage.uploads import UploadStatus

_LONG_NAME: Final = "a-photo-of-the-scorecard-that-somebody-gave-a-very-long-name.jpeg"
_TABLE: Final = Table(
    "Batter",
    ("Batter", "", "R", "B", "SR"),
    (
        (
            Field("/a/name", "Name", "UT Khawaja", "", "", words=True),
            Field("/a/how_out", "How UT Khawaja was out", "b Anderson", "", "", words=True),
            Field("/a/runs", "Runs of UT Khawaja", "54", "fails", "11 runs too many.", words=False),
            Field("/a/balls", "Balls of UT Khawaja", "71", "doubt", "Perhaps 77.", words=False),
            Field("/a/sr", "Strike rate of UT Khawaja", "", "unread", "Ink: “7&.0”.", words=False),
        ),
        (
            Field("/b/name", "Name", "SPD Smith", "edited", "Given by a person.", words=True),
            Field("/b/how_out", "How SPD Smith was out", "not out", "", "", words=True),
            Field("/b/runs", "Runs of SPD Smith", "18", "repaired", "Was 13.", words=False),
            Field("/b/balls", "Balls of SPD Smith", "x", "", "", words=False),
            Field("/b/sr", "Strike rate of SPD Smith", "62.07", "", "", words=False),
        ),
    ),
)
_CONCERNS: Final = (
    Concern(
        "fails",
        "Batting runs + extras = total",
        "201 + 11 = 212, not 221.",
        (("/a/runs", "Runs of UT Khawaja"), ("/b/runs", "Runs of SPD Smith")),
    ),
    Concern(
        "unread",
        "Strike rate of UT Khawaja",
        "The ink, “7&.0”, could not be read as a number.",
        (("/a/sr", "Strike rate of UT Khawaja"),),
    ),
    Concern(
        "doubt",
        "Balls of UT Khawaja",
        "Read as “71”, perhaps “77”; no sum proves it.",
        (("/a/balls", "Balls of UT Khawaja"),),
    ),
    Concern(
        "repaired",
        "Runs of SPD Smith",
        "Read as “13”, changed to 18: another reading agrees. Now holds: batting runs.",
        (("/b/runs", "Runs of SPD Smith"),),
    ),
)


async def patterns(request: Request) -> Response:
    """The page; nothing on it is real."""
    return render(
        request,
        "patterns.html",
        statuses=[*UploadStatus, *_OTHER_STATUSES],
        table=_TABLE,
        problem={"cell": "/b/balls", "text": "x", "sentence": "“x” is no whole number."},
        concerns=_CONCERNS,
        entries=_entries(),
        pause=Pause(datetime.now(UTC) - timedelta(minutes=3), "Asha", "Redis is moved"),
        arrivals=_arrivals(),
    )


_OTHER_STATUSES: Final = (
    "committed", "retry", "dead", "abandoned", "in work", "reads", "held", "silent", "verified",
    "warning", "critical",
)  # fmt: skip


def _entries() -> tuple[PendingEntry, ...]:
    second = timedelta(seconds=1)
    return (
        PendingEntry(
            "1-0", "b81f0c6e22", "alice-1", second, 1, 4 * second, Stage("ocr", 2, second)
        ),
        PendingEntry("2-0", None, "bob-2", 21 * second, 3, 400 * second),
    )


def _arrivals() -> tuple[Arrival, ...]:
    done = tuple(Step(name, "done") for name in STAGES)
    sides = (Side("Australia", "386"), Side("England", "273/9"))
    earlier = EarlierReading("x1", "card.jpg", "applied", datetime.now(UTC) - timedelta(days=1))
    good, doubtful = (
        Summary(sides, verified=True, to_look_at=0),
        Summary(sides, verified=False, to_look_at=3),
    )
    return (
        Arrival("p1", "card.jpg", "uploaded"),
        Arrival("p2", _LONG_NAME, "processing", steps_at("ocr", 1)),
        Arrival("p3", "card.jpg", "parsed", done, summary=good),
        Arrival("p4", "card.jpg", "parsed", done, summary=doubtful, earlier=earlier),
        Arrival("p5", "notes.txt", "failed", done[:2], "It is no picture."),
    )
