"""The product's application with a reading that never ends: `faststream run` starts it."""

import time

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.progress import StageStarted
from consumers.replica import Replica
from consumers.settings import load_settings
from pipeline.options import ReadingOptions
from pipeline.reading import Reading

HOUR = 3600


def read_forever(content: bytes, options: ReadingOptions, *, on_stage: StageStarted) -> Reading:  # noqa: ARG001
    """Hold the upload until this process is killed."""
    on_stage("ocr", 1)
    while True:
        time.sleep(HOUR)


settings = load_settings()
configure_logging(settings.log_level)
app = create_app(settings, Replica(settings, read_card=read_forever))
