"""Spans drawn for a process that was killed before it could send them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from otel.ids import given_span_id
from otel.operation import NANOSECONDS, failed, tracer
from otel.spans import CLIENT_ID, DELIVERY_COUNT, MESSAGE_ID, PAGE, Destination

RECONSTRUCTED = "cricksy.reconstructed"


@dataclass(frozen=True, slots=True)
class LostDelivery:
    """A delivery whose process was killed before it could tell of it."""

    span_id: str
    entry_id: str
    consumer: str
    delivery: int
    started_at: datetime
    code: str
    sentence: str
    stage: tuple[str, int | None, float] | None = None
    """Name, page and start (seconds since the epoch) of the stage in which it was, if known."""


def record_lost_delivery(
    destination: Destination, headers: Mapping[str, str], lost: LostDelivery
) -> None:
    """Draw the span that a killed process could not send, under its own id, until now."""
    ended = time.time_ns()
    attributes: dict[str, str | int] = {
        **destination.attributes("process", "process"),
        CLIENT_ID: lost.consumer,
        MESSAGE_ID: lost.entry_id,
        DELIVERY_COUNT: lost.delivery,
        RECONSTRUCTED: True,
    }
    with given_span_id(int(lost.span_id, 16)):
        span = tracer().start_span(
            f"process {destination.stream}",
            propagate.extract(headers, Context()),
            SpanKind.CONSUMER,
            attributes,
            start_time=round(lost.started_at.timestamp() * NANOSECONDS),
        )
    failed(span, lost.code, lost.sentence)
    if lost.stage is not None:
        name, page, began = lost.stage
        of_page: dict[str, str | int] = {} if page is None else {PAGE: page}
        stage = tracer().start_span(
            name,
            trace.set_span_in_context(span),
            attributes={RECONSTRUCTED: True, **of_page},
            start_time=round(began * NANOSECONDS),
        )
        failed(stage, lost.code, lost.sentence)
        stage.end(ended)
    span.end(ended)
