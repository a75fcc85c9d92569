"""Readings for measures to which the cards do not matter.

Apart from the applications that they are wired into: a child process loads this module alone.
"""

import time

from consumers.progress import StageStarted
from pipeline.options import ReadingOptions
from pipeline.reading import Reading

HOUR = 3600
EMPTY = Reading(
    document={"match": {}, "innings": []},
    verified=False,
    warnings=(),
    raw_text="",
    confidence=0.0,
    stages=(),
    pages=(),
    cpu_seconds=0.0,
    engine="none",
)


def read_nothing(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:  # noqa: ARG001
    """Take no time."""
    on_stage("ocr", 1)
    return EMPTY


def read_forever(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:  # noqa: ARG001
    """Hold the upload until this process is killed."""
    on_stage("ocr", 1)
    while True:
        time.sleep(HOUR)
