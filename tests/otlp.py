"""A small OTLP receiver: what a collector would get, over real HTTP."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

Plain = str | int | float | bool
KINDS = {number: name.removeprefix("SPAN_KIND_") for name, number in Span.SpanKind.items()}
ROOT = ""


@dataclass(frozen=True, slots=True)
class ReceivedLink:
    """What a span follows, besides its parent."""

    trace_id: str
    span_id: str
    attributes: dict[str, Plain]


@dataclass(frozen=True, slots=True)
class ReceivedSpan:
    """One span as it came over the wire."""

    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    start: int
    end: int
    attributes: dict[str, Plain]
    links: list[ReceivedLink]
    error: bool
    message: str

    @property
    def milliseconds(self) -> float:
        return (self.end - self.start) / 1e6


@dataclass(slots=True)
class Receiver:
    """The spans and the names of the metrics so far."""

    endpoint: str
    spans: list[ReceivedSpan] = field(default_factory=list)
    metrics: set[str] = field(default_factory=set)
    requests: Counter[str] = field(default_factory=Counter)

    def trace(self, trace_id: str) -> list[ReceivedSpan]:
        """The spans of one trace, by their start."""
        return sorted((s for s in self.spans if s.trace_id == trace_id), key=lambda s: s.start)

    def take(self, path: str, body: bytes) -> None:
        """One export."""
        self.requests[path] += 1
        if path.endswith("/v1/traces"):
            self.spans.extend(_spans(ExportTraceServiceRequest.FromString(body)))
        elif path.endswith("/v1/metrics"):
            self.metrics.update(_metrics(ExportMetricsServiceRequest.FromString(body)))


@contextmanager
def otlp_receiver(port: int = 0) -> Iterator[Receiver]:
    """Listens on loopback; `endpoint` is what OTEL_EXPORTER_OTLP_ENDPOINT takes."""
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = decompress(body)
            receiver.take(self.path, body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    receiver.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _spans(request: ExportTraceServiceRequest) -> Iterator[ReceivedSpan]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield ReceivedSpan(
                    name=span.name,
                    kind=KINDS[span.kind],
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    start=span.start_time_unix_nano,
                    end=span.end_time_unix_nano,
                    attributes=_attributes(span.attributes),
                    links=[
                        ReceivedLink(
                            link.trace_id.hex(), link.span_id.hex(), _attributes(link.attributes)
                        )
                        for link in span.links
                    ],
                    error=span.status.code == Status.STATUS_CODE_ERROR,
                    message=span.status.message,
                )


def _metrics(request: ExportMetricsServiceRequest) -> Iterator[str]:
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            yield from (metric.name for metric in scope.metrics)


def _attributes(found: Iterable[KeyValue]) -> dict[str, Plain]:
    return {each.key: _plain(each.value) for each in found}


def _plain(value: AnyValue) -> Plain:
    kind = value.WhichOneof("value")
    assert kind is not None
    plain: Plain = getattr(value, kind)
    return plain


def as_tree(spans: list[ReceivedSpan]) -> str:
    """The spans of one trace, a line each under their parents: names, times, errors, links.

    Spans that are linked to are numbered.
    """
    known = {span.span_id for span in spans}
    linked = [link.span_id for span in spans for link in span.links]
    numbers = {span_id: f"#{n}" for n, span_id in enumerate(dict.fromkeys(linked), start=1)}

    def line(span: ReceivedSpan) -> str:
        error = f"  ERROR {span.attributes['error.type']}" if span.error else ""
        links = "".join(
            f"  follows {numbers[link.span_id]} ({link.attributes['cricksy.outcome']})"
            for link in span.links
        )
        number = f"  {numbers[span.span_id]}" if span.span_id in numbers else ""
        page = f" {span.attributes['cricksy.page']}" if "cricksy.page" in span.attributes else ""
        return f"{span.name}{page}  {span.milliseconds:.1f} ms{number}{error}{links}"

    def lines(parent: str, depth: int) -> Iterator[str]:
        for span in spans:
            if (span.parent_id == parent) if parent else (span.parent_id not in known):
                yield f"{'  ' * depth}{line(span)}"
                yield from lines(span.span_id, depth + 1)

    return "\n".join(lines(ROOT, 0))
