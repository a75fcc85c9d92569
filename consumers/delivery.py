"""One delivery of an entry: what was claimed, what it says, and what has passed since."""

from dataclasses import dataclass

import structlog

from consumers.entry import Entry
from consumers.stage_log import StageLog
from consumers.stream import Claimed
from otel import metrics, spans
from otel.operation import Operation
from pipeline.storage import attempts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry in our hands, understood."""

    claimed: Claimed
    entry: Entry
    count: int
    """How often the entry has been delivered, this time included."""
    trace_id: str
    span: Operation
    """Of the whole processing."""
    stages: StageLog

    @property
    def upload_id(self) -> str:
        """The upload that the entry names."""
        return self.entry.upload_id

    @property
    def entry_id(self) -> str:
        """In the stream."""
        return self.claimed.entry_id

    def ended(self, outcome: attempts.Outcome, error_code: str | None = None) -> None:
        """It is settled: for its span and for the figures."""
        self.span.note(spans.OUTCOME, outcome.value)
        metrics.settled(outcome.value, error_code)

    def for_attempt(self) -> attempts.Delivery:
        """As the attempt's row states it."""
        return attempts.Delivery(
            self.upload_id,
            self.entry_id,
            self.claimed.consumer,
            self.count,
            self.trace_id,
            self.entry.unrecorded,
            self.span.span_id,
        )


def say_stage(stage: str, page: int | None) -> None:
    """A line a stage, at DEBUG; the upload is in the bound context."""
    log.debug("stage", stage=stage, page=page)
