"""One trace an upload: send, process, and under it a span a stage.

Names and attributes follow OpenTelemetry's semantic conventions for messaging.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

TRACER = "cricksy-ocr"
NANOSECONDS = 1_000_000_000

UPLOAD_ID = "cricksy.upload.id"
DELIVERY_COUNT = "cricksy.delivery.count"
PAGE = "cricksy.page"
OUTCOME = "cricksy.outcome"


@dataclass(frozen=True, slots=True)
class Destination:
    """What all messaging spans of one queue share."""

    stream: str
    group: str | None = None
    consumer: str | None = None

    def attributes(self, operation: str, name: str) -> dict[str, str]:
        """`messaging.*` for an operation of a type (`send`, `process`, `settle`) and name."""
        found = {
            "messaging.system": "redis",
            "messaging.destination.name": self.stream,
            "messaging.operation.type": operation,
            "messaging.operation.name": name,
        }
        if self.group:
            found["messaging.consumer.group.name"] = self.group
        if self.consumer:
            found["messaging.client.id"] = self.consumer
        return found


@contextmanager
def sending(
    destination: Destination, upload_id: str, headers: Mapping[str, str] | None = None
) -> Iterator[Span]:
    """The PRODUCER span of a publication: an upload's root, or in the trace of `headers`."""
    with _tracer().start_as_current_span(
        f"send {destination.stream}",
        context=extract(headers) if headers else None,
        kind=SpanKind.PRODUCER,
        attributes={**destination.attributes("send", "send"), UPLOAD_ID: upload_id},
    ) as span:
        yield span


@contextmanager
def processing(
    destination: Destination, headers: Mapping[str, str], entry_id: str, delivery: int
) -> Iterator[Span]:
    """The CONSUMER span of one delivery, in the trace that the entry carries."""
    with _tracer().start_as_current_span(
        f"process {destination.stream}",
        context=extract(headers),
        kind=SpanKind.CONSUMER,
        attributes={
            **destination.attributes("process", "process"),
            "messaging.message.id": entry_id,
            DELIVERY_COUNT: delivery,
        },
    ) as span:
        yield span


@contextmanager
def settling(destination: Destination, name: str, entry_id: str) -> Iterator[Span]:
    """The span of what ends a delivery: `ack`, `retry` or `dead_letter`."""
    with _tracer().start_as_current_span(
        f"{name} {destination.stream}",
        kind=SpanKind.CLIENT,
        attributes={
            **destination.attributes("settle", name),
            "messaging.message.id": entry_id,
        },
    ) as span:
        yield span


@contextmanager
def stage(name: str) -> Iterator[Span]:
    """The span of a stage that this process runs itself."""
    with _tracer().start_as_current_span(name) as span:
        yield span


def record_stage(name: str, started_at: float, ended_at: float, page: int | None) -> None:
    """The span of a stage that a child process ran; times are seconds since the epoch."""
    span = _tracer().start_span(
        name,
        start_time=round(started_at * NANOSECONDS),
        attributes={} if page is None else {PAGE: page},
    )
    span.end(round(ended_at * NANOSECONDS))


def failed(span: Span, code: str, sentence: str) -> None:
    """Mark a span with a stable error code."""
    span.set_attribute("error.type", code)
    span.set_status(Status(StatusCode.ERROR, sentence))


def inject() -> dict[str, str]:
    """The current trace context as W3C headers."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return headers


def extract(headers: Mapping[str, str]) -> Context:
    """The trace context that W3C headers carry."""
    return propagate.extract(headers)


def trace_id() -> str:
    """Of the current span: 32 hexadecimal digits."""
    return trace.format_trace_id(trace.get_current_span().get_span_context().trace_id)


def _tracer() -> trace.Tracer:
    return trace.get_tracer(TRACER)
