"""One slot of a replica: a FastStream subscriber that claims only what it can start at once.

FastStream's own stream subscriber reads ahead, creates the group at `$`, stops for good when
Redis loses the group, and keeps reading and reclaiming apart, so that two entries could meet at
one child. This one claims a single entry at a time (first what stalled elsewhere, then what is
new, then what an archive holds), works on it, and only then claims again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import anyio
import structlog
from faststream import AckPolicy
from faststream._internal.broker.registrator import Registrator
from faststream._internal.endpoint.subscriber.call_item import CallsCollection
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import DefaultStreamMessage, RedisStreamMessage, UnifyRedisDict
from faststream.redis.subscriber.config import (
    RedisSubscriberConfig,
    RedisSubscriberSpecificationConfig,
)
from faststream.redis.subscriber.specification import StreamSubscriberSpecification
from faststream.redis.subscriber.usecases import LogicSubscriber, StreamSubscriber
from redis.exceptions import RedisError, ResponseError

from consumers import backfill, stream
from consumers.claiming import Claiming
from consumers.connection import NOT_IN_CHARGE
from consumers.entry import MESSAGE
from consumers.stream import UNREACHABLE, Claimed, Keys

log = structlog.get_logger(__name__)

BLOCK = timedelta(milliseconds=500)
"""How long one read waits: short, so that a leaving or paused replica stops claiming soon."""
EMPTY_MESSAGE = b'{"data": "{}", "headers": {}}'
LONGEST_PAUSE = 2.0
"""Seconds between tries while Redis is away."""
LAST_READ = BLOCK + timedelta(milliseconds=500)
"""How long a slot that stops waits for the read that is under way."""


class SlotSubscriber(StreamSubscriber):
    """Claims one entry, hands it to the handler, and claims the next when that has ended."""

    def __init__(self, *args: Any, claiming: Claiming, consumer: str) -> None:
        super().__init__(*args)
        self.claiming = claiming
        self.consumer = consumer
        self._answer_lost = False
        self._in_hand: Claimed | None = None

    @property
    def in_hand(self) -> Claimed:
        """The entry that its handler has been called for."""
        assert self._in_hand is not None  # noqa: S101  # asked by the handler alone
        return self._in_hand

    async def start(self) -> None:
        """Begin to claim; the group is made when it is missing, at id 0."""
        consumer: Any = self._client
        self.parser._setup(consumer, self.claiming.keys.group)  # noqa: SLF001 -- as FastStream's own start does
        await LogicSubscriber.start(self)

    async def stop(self) -> None:
        """Claim no more, and let the read under way end: cut off, it may still claim an entry."""
        self.running = False
        reading = [task for task in self.tasks if not task.done()]
        if reading:
            await asyncio.wait(reading, timeout=LAST_READ.total_seconds())
        self.claiming.rounds.end(self.consumer)
        await super().stop()

    async def _consume(self, *_: Any, start_signal: anyio.Event) -> None:
        # Redis may be away: a replica that starts then waits for it like one that runs.
        start_signal.set()
        pause = 0.1
        while self.running:
            self.claiming.rounds.begin(self.consumer)
            try:
                claimed = await self._claim_or_give_back()
            except UNREACHABLE as error:
                self._answer_lost = True
                if self.running:
                    log.warning("redis unreachable", consumer=self.consumer, error=str(error))
            except ResponseError as error:
                await self._mend(error)
            else:
                pause = 0.1
                if claimed is not None:
                    self._in_hand = claimed
                    with self.claiming.rounds.in_work(self.consumer):
                        await self.consume(_message(self.claiming.keys, claimed))
                    # While Redis was away the entry may have been left as it was.
                    self._answer_lost = self.claiming.leases_in_doubt()
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _claim_or_give_back(self) -> Claimed | None:
        """Claim an entry; one that came when nothing was to be claimed any more goes back."""
        if not self.claiming.allowed:
            await asyncio.sleep(0.05)
            return None
        claimed = await self._claim()
        if claimed is None:
            return None
        if claimed.paused:
            self.claiming.hold(paused=True)
        if self.running and self.claiming.allowed:
            return claimed
        await stream.hand_back(self._client, self.claiming.keys, claimed.entry_id, self.consumer)
        log.info("entry handed back", entry=claimed.entry_id, consumer=self.consumer)
        return None

    async def _claim(self) -> Claimed | None:
        share = self.claiming.share
        claimed = await self._claim_next(of_archive=share.begin(self.consumer))
        share.claimed(self.consumer, claimed)
        return claimed

    async def _claim_next(self, *, of_archive: bool) -> Claimed | None:
        claiming = self.claiming
        if self._answer_lost:
            # It may have brought an entry, which would else lie until its lease has run out.
            await stream.hand_back_all(self._client, claiming.keys, self.consumer)
            self._answer_lost = False
            claiming.reclaim_again()
        if claiming.reclaim_is_due():
            stalled = await stream.reclaim_next(
                self._client, claiming.keys, self.consumer, idle=claiming.stalled_after
            )
            if stalled is not None:
                claiming.reclaim_again()
                return stalled
        if of_archive:
            look = await backfill.claim_next(
                self._client, claiming.keys, self.consumer, turn=claiming.share.is_turn
            )
            claiming.share.looked(moved=look.moved, left=look.left)
            if look.claimed is not None:
                return look.claimed
        return await stream.read_next(self._client, claiming.keys, self.consumer, block=BLOCK)

    async def _mend(self, error: ResponseError) -> None:
        if isinstance(error, NOT_IN_CHARGE):
            # The next connection may lead to its successor.
            log.warning("redis not in charge", consumer=self.consumer, error=str(error))
            await self._client.connection_pool.disconnect(inuse_connections=False)
            return
        if not stream.group_is_missing(error):
            log.error("redis refused to claim", consumer=self.consumer, error=str(error))
            return
        try:
            created = await stream.ensure_group(self._client, self.claiming.keys)
        except (RedisError, OSError) as failure:
            log.warning("group not created", error=str(failure))
            return
        if created:
            log.warning("group created at 0", group=self.claiming.keys.group)


def slot_subscriber(broker: RedisBroker, claiming: Claiming, consumer: str) -> SlotSubscriber:
    """Add one slot to a broker; decorate the handler with what this gives."""
    stream_sub = StreamSub(claiming.keys.stream, group=claiming.keys.group, consumer=consumer)
    config = RedisSubscriberConfig(
        stream_sub=stream_sub,
        no_reply=True,
        _outer_config=broker.config,  # type: ignore[arg-type]  # declared wider than it is
        _ack_policy=AckPolicy.MANUAL,
    )
    calls = CallsCollection[Any]()
    specification = StreamSubscriberSpecification(
        broker.config,  # type: ignore[arg-type]  # declared wider than it is
        RedisSubscriberSpecificationConfig(title_=None, description_=None),
        calls,
        stream_sub=stream_sub,
    )
    subscriber = SlotSubscriber(config, specification, calls, claiming=claiming, consumer=consumer)
    # What `broker.subscriber()` does after it has chosen one of its own classes.
    Registrator.subscriber(broker, subscriber)
    return subscriber.add_call(parser_=_keep_fields, decoder_=None, dependencies_=())


async def _keep_fields(
    message: UnifyRedisDict, original: Callable[[UnifyRedisDict], Awaitable[RedisStreamMessage]]
) -> RedisStreamMessage:
    """FastStream's parser over an empty body: a malformed entry must reach the handler, too."""
    parsed = await original({**message, "data": {MESSAGE: EMPTY_MESSAGE}})
    parsed.raw_message = message  # type: ignore[assignment]  # one of its members
    return parsed


def _message(keys: Keys, claimed: Claimed) -> DefaultStreamMessage:
    return DefaultStreamMessage(
        type="stream",
        channel=keys.stream,
        message_ids=[claimed.entry_id.encode()],
        data=claimed.fields,
    )
