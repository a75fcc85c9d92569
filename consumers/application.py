"""FastStream's wiring: one subscriber a slot, all of them handing entries to the handler."""

import logging
from typing import Any

from faststream import FastStream
from faststream.redis import RedisBroker
from faststream.redis.annotations import RedisStreamMessage

from consumers.connection import way_to
from consumers.logs import framework_logger
from consumers.replica import Replica, Slot
from consumers.settings import Settings
from consumers.slot import slot_subscriber

LOOK = 0.5
"""Seconds between FastStream's looks whether it is to end."""


class Application(FastStream):
    """FastStream's own, which wakes up ten times a second to see whether it is to end.

    Args:
        replica: claims nothing more from the moment of the signal.
        options: as FastStream takes them.
    """

    def __init__(self, replica: Replica, *brokers: RedisBroker, **options: Any) -> None:
        super().__init__(*brokers, **options)
        self._replica = replica

    async def run(
        self,
        log_level: int = logging.INFO,
        run_extra_options: dict[str, Any] | None = None,
        sleep_time: float = LOOK,
    ) -> None:
        """Run until it is told to end."""
        await super().run(log_level, run_extra_options, sleep_time)

    def exit(self) -> None:
        """A signal has come; FastStream begins to end at its next look."""
        self._replica.claim_no_more()
        super().exit()


def create_app(settings: Settings, replica: Replica) -> Application:
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
    return Application(
        replica,
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
