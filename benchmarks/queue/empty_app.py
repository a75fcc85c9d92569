"""The product's application with a reading that takes no time: `faststream run` starts it."""

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.progress import StageStarted
from consumers.replica import Replica
from consumers.settings import load_settings
from pipeline.options import ReadingOptions
from pipeline.reading import Reading

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


settings = load_settings()
configure_logging(settings.log_level)
app = create_app(settings, Replica(settings, read_card=read_nothing))
