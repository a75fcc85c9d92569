"""The application that `faststream run consumers.app` starts: wiring, and nothing else."""

import logging
import sys

from faststream import FastStream
from faststream.redis import RedisBroker
from faststream.redis.annotations import RedisStreamMessage

from consumers.logs import configure_logging, framework_logger
from consumers.replica import Replica, Slot
from consumers.settings import SettingsError, load_settings
from consumers.slot import claimed_entry, slot_subscriber

try:
    settings = load_settings()
except SettingsError as error:
    sys.exit(str(error))

configure_logging(settings.log_level)
replica = Replica(settings)
broker = RedisBroker(
    settings.redis_url.get_secret_value(),
    logger=framework_logger(),
    log_level=logging.DEBUG,
    graceful_timeout=replica.drain_limit.total_seconds(),
)
app = FastStream(
    broker,
    logger=framework_logger(),
    lifespan=replica.lifespan,
    on_shutdown=[replica.leave],
)


def add_slot(slot: Slot) -> None:
    """One entry at a time, for one child process."""

    @slot_subscriber(broker, replica.claiming, slot.consumer)
    async def read_upload(message: RedisStreamMessage) -> None:
        await slot.handle(claimed_entry(message, slot.consumer))


if settings.enable_ocr:
    for slot in replica.slots:
        add_slot(slot)
