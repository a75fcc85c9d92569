"""A reading that does what an upload's content tells it; imported by the children alone."""

import os
import signal
import time

from pipeline.options import ReadingOptions
from pipeline.reading import Reading
from tests.alerts.contents import HANG, KILL, SLOW
from tests.doubles import StageStarted, hang, read_nothing, wait_where_told


def read_card(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:
    """Hangs, kills its replica, takes its time, or waits; see `contents`."""
    if content == HANG:
        return hang(content, options, on_stage=on_stage)
    if content == KILL:
        on_stage("ocr", 1)
        # As a card does that makes the whole container run out of memory.
        time.sleep(0.5)
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    if content == SLOW:
        time.sleep(0.1)
        return read_nothing(content, options, on_stage=on_stage)
    on_stage("ocr", 2)
    return wait_where_told(content, options, on_stage=on_stage)
