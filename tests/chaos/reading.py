"""The reading that the test's application wires in: a double for its own cards, else the real one.

It runs in the replicas' children.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from pipeline.errors import UnreadableImage
from pipeline.options import ReadingOptions
from pipeline.reading import Reading, StageTime
from pipeline.stages import read
from tests.chaos.cards import MARK, Behaviour, Card
from tests.chaos.journal import Journal
from tests.chaos.points import STAGES, Point, folder_of_run, reach

_reads = count()

StageStarted = Callable[[str, int | None], None]


def read_card(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """As `pipeline.stages.read`, with the points at which faults are ordered."""

    def reached(stage: str, page: int | None) -> None:
        on_stage(stage, page)
        reach(Point(f"in {stage}"), _replica())

    folder = folder_of_run()
    journal = Journal(folder / "journal")
    if next(_reads) == 0:
        # Only now is the replica one that could take over from another: its child is warm.
        journal.tell("ready", _replica())
    if not content.startswith(MARK):
        return read(content, options, on_stage=reached)
    card = Card.from_bytes(content)
    journal.tell("reading", _replica(), card=card.name)
    return _pretend(card, folder, reached)


def _pretend(card: Card, folder: Path, on_stage: StageStarted) -> Reading:
    times = []
    for stage in STAGES:
        began = time.time()
        on_stage(stage, 1)
        if stage == "ocr":
            _behave(card, folder)
        time.sleep(card.seconds / len(STAGES))
        times.append(StageTime(stage, began, time.time(), 1))
    return Reading(
        document={"match": {"title": card.name}, "innings": []},
        verified=False,
        warnings=("Read by a test double.",),
        raw_text=card.name,
        confidence=1.0,
        stages=tuple(times),
        pages=(),
        cpu_seconds=0.0,
        engine="double",
    )


def _behave(card: Card, folder: Path) -> None:
    match card.behaviour:
        case Behaviour.REFUSE:
            raise UnreadableImage(f"Card {card.name} is damaged.")
        case Behaviour.CRASH:
            os.kill(os.getpid(), signal.SIGSEGV)
        case Behaviour.CRASH_ONCE if _first_time(folder / f"crashed {card.name}"):
            os.kill(os.getpid(), signal.SIGSEGV)
        case Behaviour.POISON:
            Journal(folder / "journal").tell("killed", _replica(), poison=card.name)
            os.kill(_replica(), signal.SIGKILL)
            signal.pause()
        case Behaviour.HANG:
            signal.pause()


def _replica() -> int:
    """The process whose child this is."""
    # Not `getppid()`: an orphan's is that of a process that is none of ours to kill.
    parent = multiprocessing.parent_process()
    assert parent is not None
    assert parent.pid is not None
    return parent.pid


def _first_time(mark: Path) -> bool:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
