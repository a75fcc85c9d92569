"""The trail of an upload through its deliveries: each is tied to the one before in the trace."""

import time

import structlog
from redis.exceptions import RedisError

from consumers.bulletin import stage_field
from consumers.delivery import Delivery
from consumers.queue import stages_of
from consumers.stream import Client, Keys
from otel.lost import LostDelivery, record_lost_delivery
from otel.spans import Destination
from pipeline.errors import WorkerKilled
from pipeline.storage.attempts import Earlier

log = structlog.get_logger(__name__)


async def follow(client: Client, keys: Keys, delivery: Delivery, before: Earlier) -> None:
    """Link the delivery to the attempt before, and draw the span of one that could not send it.

    Nothing but the trace rests on this: it never fails.
    """
    if before.trace_id is None or before.span_id is None:
        return
    delivery.span.link(
        before.trace_id, before.span_id, attempt=before.fence, outcome=before.outcome
    )
    if not before.vanished or before.trace_id != delivery.trace_id:
        return
    lost = LostDelivery(
        before.span_id,
        before.entry_id,
        before.consumer,
        before.delivery,
        before.started_at,
        WorkerKilled.code,
        f"{before.consumer} has died in it, or sleeps.",
        await _last_stage(client, keys, before),
    )
    record_lost_delivery(Destination(keys.stream, keys.group), delivery.entry.headers, lost)


async def _last_stage(
    client: Client, keys: Keys, before: Earlier
) -> tuple[str, int | None, float] | None:
    """Where the one that vanished was last seen, if Redis still knows."""
    try:
        stages = await stages_of(client, keys)
    except (RedisError, OSError) as error:
        log.debug("last stage not known", error=str(error))
        return None
    stage = stages.get(stage_field(before.entry_id, before.consumer))
    if stage is None:
        return None
    return stage.name, stage.page, time.time() - stage.since.total_seconds()
