"""FastStream's wiring: one subscriber a slot, all of them handing entries to the handler."""

import logging

from faststream import FastStream
from faststream.redis import RedisBroker
from faststream.redis.annotations import RedisStreamMessage

from consumers.connection import way_to
from consumers.logs import framework_logger
from consumers.replica import Replica, Slot
from consumers.settings import Settings
from consumers.slot import slot_subscriber


def create_app(settings: Settings, replica: Replica) -> FastStream:
    """The FastStream application of one replica.

    Args:
        settings: with OCR off, no entry is claimed.
        replica: what the slots share.
    """
    way = way_to(settings.redis_url.get_secret_value(), settings.stream)
    broker = RedisBroker(
        way.url,
        logger=framework_logger(),
        log_level=logging.DEBUG,
        # There is nothing to inject, and what injects takes a thread an entry.
        apply_types=False,
        graceful_timeout=replica.drain_limit.total_seconds(),
        **way.options,
    )
    if settings.enable_ocr:
        for slot in replica.slots:
            _add_slot(broker, replica, slot)
    return FastStream(
        broker,
        logger=framework_logger(),
        lifespan=replica.lifespan,
        on_shutdown=[replica.leave],
    )


def _add_slot(broker: RedisBroker, replica: Replica, slot: Slot) -> None:
    subscriber = slot_subscriber(broker, replica.claiming, slot.consumer)

    @subscriber
    async def read_upload(_: RedisStreamMessage) -> None:
        await slot.handle(subscriber.in_hand)
