"""Readings that go wrong, for child processes: in place of `pipeline.stages.read`."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import UnreadableImage
from pipeline.options import ReadingOptions
from pipeline.reading import Reading, StageTime
from pipeline.stages import read

StageStarted = Callable[[str, int | None], None]

EMPTY = Reading(
    document={"match": {}, "innings": []},
    verified=False,
    warnings=("No scorecard was found.",),
    raw_text="",
    confidence=0.0,
    stages=(StageTime("ocr", 1.0, 2.0, 1),),
    pages=(),
    cpu_seconds=0.0,
    engine="double",
)


def read_nothing(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """A reading that takes no time."""
    on_stage("ocr", 1)
    return EMPTY


def say_pid(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """Writes the child's process id into the file that the content names, then hangs."""
    Path(content.decode()).write_text(str(os.getpid()))
    return hang(content, options, on_stage=on_stage)


def hang(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """Native code that never comes back."""
    on_stage("ocr", 1)
    time.sleep(3600)
    return EMPTY


def hang_in_ocr(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """All that comes before Tesseract, and then native code that never comes back."""

    def hang_there(stage: str, page: int | None) -> None:
        on_stage(stage, page)
        if stage == "ocr":
            time.sleep(3600)

    return read(content, options, on_stage=hang_there)


def crash(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """Native code that violates memory."""
    on_stage("ocr", 1)
    os.kill(os.getpid(), signal.SIGSEGV)
    return EMPTY


def eat_memory(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """A picture that decodes to more than a child may address (4 GiB)."""
    bytearray(5 * 1024**3)
    return EMPTY


def refuse(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """A stage that raises one of our errors, with the stages before it."""
    error = UnreadableImage("It is damaged.")
    error.stages = (StageTime("decode", 1.0, 2.0, 1),)
    raise error


def stumble(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """A fault of ours."""
    raise KeyError("runs")


def wait_for_release(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """Makes the file that the content names, and reads on when the file is taken away."""
    begun = Path(content.decode())
    begun.write_text("begun")
    while begun.exists():
        time.sleep(0.01)
    return EMPTY


def wait_where_told(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """Takes no time, except where the content names a file: see `wait_for_release`."""
    if content.startswith(b"/"):
        return wait_for_release(content, options, on_stage=on_stage)
    return read_nothing(content, options, on_stage=on_stage)
