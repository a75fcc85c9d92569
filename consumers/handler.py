"""What happens to one entry, from claim to acknowledgement."""

import asyncio
from contextlib import nullcontext
from enum import Enum
from functools import partial

import structlog
from redis.exceptions import RedisError
from structlog.contextvars import bind_contextvars, bound_contextvars

from consumers import entry as entries
from consumers import stream
from consumers.bulletin import Bulletin
from consumers.children import Child
from consumers.delivery import Delivery, say_stage
from consumers.entry import Entry
from consumers.lease import LeaseKeeper
from consumers.reader import Reader
from consumers.settlement import Settlement
from consumers.stage_log import StageLog
from consumers.stream import Claimed, Client, Keys
from consumers.trail import follow
from otel import metrics, spans
from otel.spans import Destination
from pipeline.errors import (
    DatabaseUnavailable,
    InternalError,
    MalformedEntry,
    OcrError,
    Permanent,
    WorkerKilled,
)
from pipeline.storage import attempts, scorecards
from pipeline.storage.attempts import Opened
from pipeline.storage.canaries import is_canary
from pipeline.storage.database import Database

log = structlog.get_logger(__name__)


class Interruption(Enum):
    """Why work was ended from outside."""

    LEASE_LOST = "lease lost"
    LEAVING = "leaving"


class Handler:
    """Carries entries to their end.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        reader: reads one upload.
        settlement: ends deliveries.
        leases: keeps entries that are in work from being reclaimed.
        bulletin: shows which stage each upload is in.
        max_deliveries: worker deaths with the same upload before it is given up.
    """

    def __init__(
        self,
        client: Client,
        keys: Keys,
        database: Database,
        reader: Reader,
        settlement: Settlement,
        leases: LeaseKeeper,
        bulletin: Bulletin,
        max_deliveries: int,
    ) -> None:
        self._client = client
        self._keys = keys
        self._database = database
        self._reader = reader
        self._settlement = settlement
        self._leases = leases
        self._bulletin = bulletin
        self._max_deliveries = max_deliveries
        self._work: dict[str, asyncio.Task[None]] = {}
        self._interruptions: dict[str, Interruption] = {}

    @property
    def in_work(self) -> int:
        """Entries being carried to their end now."""
        return len(self._work)

    def interrupt_all(self) -> None:
        """End all work now; its entries are handed back."""
        for entry_id in list(self._work):
            self._interrupt(entry_id, Interruption.LEAVING)

    async def handle(self, claimed: Claimed, child: Child) -> None:
        """Carry one entry to its end, holding its lease; never raises for what an upload does."""
        with bound_contextvars(entry=claimed.entry_id, consumer=claimed.consumer):
            await self._hold(claimed, child)

    async def _hold(self, claimed: Claimed, child: Child) -> None:
        work = asyncio.create_task(self._deliver(claimed, child))
        self._work[claimed.entry_id] = work
        loop = asyncio.get_running_loop()

        def lost() -> None:
            loop.call_soon_threadsafe(self._interrupt, claimed.entry_id, Interruption.LEASE_LOST)

        try:
            with self._leases.hold(claimed, lost):
                await work
        except asyncio.CancelledError:
            why = self._interruptions.pop(claimed.entry_id, None)
            if why is not Interruption.LEASE_LOST:
                await asyncio.shield(self._hand_back(claimed))
            if why is None:
                raise
        except (RedisError, OSError) as error:
            # The outcome, if there is one, is committed: the redelivery finds it.
            log.warning("entry left pending", error=str(error))
        except Exception:
            log.exception("entry left pending")
        finally:
            self._bulletin.forget(claimed)
            self._work.pop(claimed.entry_id, None)
            self._interruptions.pop(claimed.entry_id, None)

    def _interrupt(self, entry_id: str, why: Interruption) -> None:
        work = self._work.get(entry_id)
        if work is not None:
            self._interruptions[entry_id] = why
            work.cancel()

    async def _hand_back(self, claimed: Claimed) -> None:
        try:
            await stream.hand_back(self._client, self._keys, claimed.entry_id, claimed.consumer)
        except (RedisError, OSError) as error:
            log.warning("entry not handed back", error=str(error))
        else:
            log.info("entry handed back")

    async def _deliver(self, claimed: Claimed, child: Child) -> None:
        count = await self._delivery_count(claimed)
        if not count:
            return
        entry, malformed = _understand(claimed)
        destination = Destination(self._keys.stream, self._keys.group, claimed.consumer)
        with (
            metrics.uncounted() if is_canary(entry.upload_id) else nullcontext(),
            spans.processing(
                destination, entry.headers, entry.upload_id, claimed.entry_id, count
            ) as span,
            bound_contextvars(
                upload=entry.upload_id,
                delivery=count,
                trace=spans.trace_id(),
            ),
        ):
            if claimed.receipt is not None:
                spans.record_receive(
                    destination, entry.headers, claimed.entry_id, count, claimed.receipt
                )
            stages = StageLog(partial(self._stage_began, claimed))
            delivery = Delivery(claimed, entry, count, spans.trace_id(), span, stages)
            if malformed is not None:
                await self._settlement.bury_malformed(delivery, malformed)
            else:
                log.info("upload claimed")
                await self._carry(delivery, child)

    async def _delivery_count(self, claimed: Claimed) -> int:
        """As `stream.delivery_count`; asked only where the answer is not known already."""
        if claimed.new_since is not None and self._leases.lasts_since(claimed.new_since):
            return 1
        return await stream.delivery_count(self._client, self._keys, claimed)

    def _stage_began(self, claimed: Claimed, stage: str, page: int | None) -> None:
        say_stage(stage, page)
        self._bulletin.show_stage(claimed, stage, page)

    async def _carry(self, delivery: Delivery, child: Child) -> None:
        opened: Opened | None = None
        try:
            opening = await attempts.open_attempt(self._database, delivery.for_attempt())
            bind_contextvars(attempt=opening.fence)
            if opening.before is not None:
                await follow(self._client, self._keys, delivery, opening.before)
            if not isinstance(opening, Opened):
                await self._settlement.settle_earlier(delivery, opening)
                return
            opened = opening
            commitment = await self._read(delivery, opened, child)
        except asyncio.CancelledError:
            self._end_from_outside(delivery)
            if opened is not None:
                await asyncio.shield(self._release(delivery, opened))
            raise
        except Permanent as error:
            await self._settlement.give_up(delivery, opened, error)
        except OcrError as error:
            await self._settlement.try_again(delivery, opened, error)
        except RedisError:
            raise
        except Exception as error:
            log.exception("internal error")
            fault = InternalError(f"{type(error).__name__}: {error}")
            await self._settlement.try_again(delivery, opened, fault)
        else:
            await self._settlement.finish(delivery, commitment)

    async def _read(
        self, delivery: Delivery, opened: Opened, child: Child
    ) -> scorecards.Commitment:
        if opened.deaths >= self._max_deliveries:
            raise WorkerKilled(f"Its worker died {opened.deaths} times while it was read.")
        return await self._reader.read(delivery.upload_id, opened, child, delivery.stages)

    def _end_from_outside(self, delivery: Delivery) -> None:
        """The work was cancelled; whoever has the lease now tells how the upload ends."""
        why = self._interruptions.get(delivery.entry_id)
        if why is Interruption.LEASE_LOST:
            delivery.span.note(spans.OUTCOME, why.value)
        else:
            delivery.ended(attempts.Outcome.RELEASED)

    async def _release(self, delivery: Delivery, opened: Opened) -> None:
        """The replica leaves: no failure, no death. A lost lease has a death on its record."""
        if self._interruptions.get(delivery.entry_id) is Interruption.LEASE_LOST:
            return
        try:
            await attempts.release_attempt(self._database, delivery.upload_id, opened.fence)
        except DatabaseUnavailable as error:
            log.warning("attempt not released", error=str(error))


def _understand(claimed: Claimed) -> tuple[Entry, MalformedEntry | None]:
    try:
        return entries.parse(claimed.fields), None
    except MalformedEntry as error:
        return Entry(""), error
