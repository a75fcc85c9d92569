"""Every instrument, declared once: what one replica sees, and what the whole queue shows.

Replicas record into the first kind as things happen. The second kind is reported by whoever holds
the watcher's lock, so that a sum over all replicas is right.
"""

from otel.metrics.queue import QueueFigures, clear_queue, set_queue
from otel.metrics.replica import (
    ReplicaFigures,
    child_replaced,
    committed,
    consumed,
    fetched,
    operated,
    processed,
    renewal_failed,
    set_replica,
    settled,
    stage_ended,
    stale_write_refused,
    uncounted,
)

__all__ = [
    "QueueFigures",
    "ReplicaFigures",
    "child_replaced",
    "clear_queue",
    "committed",
    "consumed",
    "fetched",
    "operated",
    "processed",
    "renewal_failed",
    "set_queue",
    "set_replica",
    "settled",
    "stage_ended",
    "stale_write_refused",
    "uncounted",
]
