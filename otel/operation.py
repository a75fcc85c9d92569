"""A span with what became of it: the one place where an error becomes a span's status."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

NANOSECONDS = 1_000_000_000

Attributes = Mapping[str, str | int | float]


@dataclass(slots=True)
class Operation:
    """A span and what became of it, for its metric, too."""

    span: Span
    error_code: str | None = None

    @property
    def span_id(self) -> str | None:
        """16 hexadecimal digits; None where spans are switched off."""
        context = self.span.get_span_context()
        return trace.format_span_id(context.span_id) if context.is_valid else None

    def note(self, name: str, value: str | int | float) -> None:
        """Set an attribute."""
        self.span.set_attribute(name, value)

    def fail(self, code: str, sentence: str) -> None:
        """It failed, with a stable error code."""
        self.error_code = code
        failed(self.span, code, sentence)

    def link(self, trace_id: str, span_id: str, **attributes: str | int) -> None:
        """It follows another span: the attempt before."""
        named = {f"cricksy.{name}": value for name, value in attributes.items()}
        self.span.add_link(_context(trace_id, span_id), named)


@contextmanager
def operation(
    name: str,
    kind: SpanKind,
    attributes: Attributes,
    context: Context | None = None,
) -> Iterator[Operation]:
    """A current span; what is raised through it is its error, once, by code or by class."""
    with tracer().start_as_current_span(
        name,
        context,
        kind,
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        running = Operation(span)
        try:
            yield running
        except Exception as error:
            if running.error_code is None:
                running.fail(getattr(error, "code", type(error).__name__), str(error))
            raise


def failed(span: Span, code: str, sentence: str) -> None:
    """Mark a span with a stable error code."""
    span.set_attribute("error.type", code)
    span.set_status(Status(StatusCode.ERROR, sentence))


def tracer() -> trace.Tracer:
    """Of all our spans."""
    return _tracer_of(trace.get_tracer_provider())


# Making one takes longer than a span does.
@lru_cache(maxsize=1)
def _tracer_of(provider: trace.TracerProvider) -> trace.Tracer:
    return provider.get_tracer("cricksy-ocr")


def _context(trace_id: str, span_id: str) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=flags)
