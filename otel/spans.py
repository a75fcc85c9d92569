"""One trace an upload: send, receive, process, and in it a span a stage and one that settles it.

Names, kinds and attributes follow OpenTelemetry's semantic conventions for messaging. An entry is
processed alone, so that the span that sent it is the parent of those that receive and process it;
each delivery links to the one before.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from otel import metrics
from otel.ids import trace_of
from otel.operation import NANOSECONDS, Attributes, Operation, failed, operation, tracer

MESSAGE_ID = "messaging.message.id"
CLIENT_ID = "messaging.client.id"
UPLOAD_ID = "cricksy.upload.id"
DELIVERY_COUNT = "cricksy.delivery.count"
PAGE = "cricksy.page"
OUTCOME = "cricksy.outcome"
QUEUE_SECONDS = "cricksy.queue.seconds"


@dataclass(frozen=True, slots=True)
class Destination:
    """What all messaging spans of one queue share."""

    stream: str
    group: str | None = None
    consumer: str | None = None

    def attributes(self, kind: str, name: str) -> dict[str, str]:
        """`messaging.*` of an operation of a type (`send`, `process`, `settle`) and name."""
        found = self.dimensions(kind, name)
        if self.consumer:
            found[CLIENT_ID] = self.consumer
        return found

    def dimensions(self, kind: str, name: str) -> dict[str, str]:
        """The same for a metric: without what differs from process to process."""
        found = {
            "messaging.system": "redis",
            "messaging.destination.name": self.stream,
            "messaging.operation.type": kind,
            "messaging.operation.name": name,
        }
        if self.group:
            found["messaging.consumer.group.name"] = self.group
        return found


@contextmanager
def sending(
    destination: Destination, upload_id: str, headers: Mapping[str, str] | None = None
) -> Iterator[Operation]:
    """The PRODUCER span of a publication: an upload's root, or in the trace of `headers`."""
    with (
        trace_of(upload_id),
        operation(
            f"send {destination.stream}",
            SpanKind.PRODUCER,
            {**destination.attributes("send", "send"), UPLOAD_ID: upload_id},
            extract(headers) if headers else None,
        ) as sent,
    ):
        yield sent


def added(destination: Destination, entry_id: str, took: timedelta) -> None:
    """The entry of the publication under way is in the stream."""
    trace.get_current_span().set_attribute(MESSAGE_ID, entry_id)
    metrics.operated(destination.dimensions("send", "send"), took)


def added_together(destination: Destination, took: timedelta) -> None:
    """The entries of several publications are in the stream; their spans have ended before."""
    metrics.operated(destination.dimensions("send", "send"), took)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How an entry came to a consumer."""

    name: str
    """`receive`, or `reclaim` for one whose consumer had shown no life."""
    asked_at: float
    """Seconds since the epoch."""
    received_at: float
    """Seconds since the epoch."""


def record_receive(
    destination: Destination,
    headers: Mapping[str, str],
    entry_id: str,
    delivery: int,
    receipt: Receipt,
) -> None:
    """The span of the command that brought an entry, whose trace is known only now.

    Called while the entry is processed. What was waited for before the entry was there is left out.
    """
    arrived = _arrival(entry_id)
    began = min(max(receipt.asked_at, arrived), receipt.received_at)
    span = tracer().start_span(
        f"{receipt.name} {destination.stream}",
        extract(headers),
        SpanKind.CLIENT,
        {**destination.attributes("receive", receipt.name), MESSAGE_ID: entry_id},
        start_time=round(began * NANOSECONDS),
    )
    span.end(round(receipt.received_at * NANOSECONDS))
    dimensions = destination.dimensions("receive", receipt.name)
    metrics.operated(dimensions, timedelta(seconds=receipt.received_at - began))
    waited = timedelta(seconds=receipt.received_at - arrived)
    metrics.consumed(dimensions, delivery, waited)


@contextmanager
def processing(
    destination: Destination,
    headers: Mapping[str, str],
    upload_id: str,
    entry_id: str,
    delivery: int,
) -> Iterator[Operation]:
    """The CONSUMER span of one delivery, in the trace that the entry carries.

    Args:
        destination: the queue and the consumer.
        headers: of the entry; without a trace in them, the upload's own trace is taken.
        upload_id: empty where the entry names none.
        entry_id: in the stream.
        delivery: how often the entry has been delivered, this time included.
    """
    attributes: Attributes = {
        **destination.attributes("process", "process"),
        MESSAGE_ID: entry_id,
        UPLOAD_ID: upload_id,
        DELIVERY_COUNT: delivery,
    }
    if delivery == 1:
        attributes = {**attributes, QUEUE_SECONDS: max(time.time() - _arrival(entry_id), 0)}
    name = f"process {destination.stream}"
    began = time.perf_counter()
    try:
        with (
            trace_of(upload_id or entry_id),
            operation(name, SpanKind.CONSUMER, attributes, extract(headers)) as processed,
        ):
            yield processed
    finally:
        took = timedelta(seconds=time.perf_counter() - began)
        dimensions = destination.dimensions("process", "process")
        metrics.processed(dimensions, took, processed.error_code)


@contextmanager
def settling(destination: Destination, name: str, entry_id: str) -> Iterator[Operation]:
    """The span of what ends a delivery: `ack`, `retry` or `dead_letter`."""
    attributes = {**destination.attributes("settle", name), MESSAGE_ID: entry_id}
    began = time.perf_counter()
    try:
        with operation(f"{name} {destination.stream}", SpanKind.CLIENT, attributes) as settled:
            yield settled
    finally:
        took = timedelta(seconds=time.perf_counter() - began)
        metrics.operated(destination.dimensions("settle", name), took, settled.error_code)


@contextmanager
def stage(name: str) -> Iterator[Operation]:
    """The span of a stage that this process runs itself."""
    with operation(name, SpanKind.INTERNAL, {}) as ran:
        yield ran


def record_stage(
    name: str, started_at: float, ended_at: float, page: int | None, error_code: str | None
) -> None:
    """The span of a stage that a child process ran; times are seconds since the epoch."""
    span = tracer().start_span(
        name,
        start_time=round(started_at * NANOSECONDS),
        attributes={} if page is None else {PAGE: page},
    )
    if error_code is not None:
        failed(span, error_code, "")
    span.end(round(ended_at * NANOSECONDS))


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


def _arrival(entry_id: str) -> float:
    """When Redis gave the id: seconds since the epoch, by Redis's clock."""
    milliseconds, _, _ = entry_id.partition("-")
    return int(milliseconds) / 1000
