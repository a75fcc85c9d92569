"""Ids of traces and spans: random ones, but where another process has to come to the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

_trace_id: ContextVar[int | None] = ContextVar("given_trace_id", default=None)
_span_id: ContextVar[int | None] = ContextVar("given_span_id", default=None)


class GivenIds(RandomIdGenerator):
    """Random ids, unless one is given."""

    def generate_trace_id(self) -> int:
        """The id that is given, or a random one; asked for a root span alone."""
        return _trace_id.get() or super().generate_trace_id()

    def generate_span_id(self) -> int:
        """The id that is given, or a random one."""
        return _span_id.get() or super().generate_span_id()


@contextmanager
def trace_of(name: str) -> Iterator[None]:
    """A root span that is started in this block is in the one trace of that name.

    An upload whose entry carries no trace, or that is published again, stays in one trace.
    """
    token = _trace_id.set(int.from_bytes(sha256(name.encode()).digest()[:16]))
    try:
        yield
    finally:
        _trace_id.reset(token)


@contextmanager
def given_span_id(span_id: int) -> Iterator[None]:
    """The span that is started in this block gets this id, and those of others may name it."""
    token = _span_id.set(span_id)
    try:
        yield
    finally:
        _span_id.reset(token)
