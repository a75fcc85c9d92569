"""How a delivery ends: acknowledged, tried again later, or buried.

PostgreSQL always comes first: an entry leaves the stream only after its outcome is committed, so
that dying between the two costs a redelivery and nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from typing_extensions import TypeIs

from consumers import retry, stream
from consumers.deadletter import Verdict, bury, bury_forgotten
from consumers.delivery import Delivery
from consumers.entry import Entry
from consumers.logs import without_what_was_read
from consumers.retry import NOT_BEGUN, Backoff
from consumers.stream import Client, Keys
from otel import metrics, spans
from otel.spans import Destination
from pipeline.errors import DatabaseUnavailable, MalformedEntry, OcrError
from pipeline.storage import attempts
from pipeline.storage.attempts import Opened, Outcome, Settled, StaleFence
from pipeline.storage.database import Database
from pipeline.storage.scorecards import Commitment, Committed, Reviewed
from pipeline.storage.uploads import UploadStatus, upload_statuses

log = structlog.get_logger(__name__)

Finished = attempts.AlreadyCommitted | attempts.AlreadyDead | attempts.Cancelled
_OUTCOMES = {
    Committed: Outcome.COMMITTED,
    Reviewed: Outcome.REVIEWED,
    attempts.Cancelled: Outcome.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a transient failure is tried again."""

    max_retries: int
    """Failures before the dead-letter stream."""
    backoff: Backoff
    """How long each of them waits."""


class Settlement:
    """Ends deliveries.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        policy: how often what is tried again.
    """

    def __init__(self, client: Client, keys: Keys, database: Database, policy: RetryPolicy) -> None:
        self._client = client
        self._keys = keys
        self._database = database
        self._policy = policy

    async def finish(self, delivery: Delivery, commitment: Commitment) -> None:
        """The reading was committed, or refused by the fence."""
        if _was_refused(commitment, delivery):
            return
        await self._acknowledge(delivery)
        outcome = _OUTCOMES[type(commitment)]
        delivery.ended(outcome)
        log.info("upload ended", outcome=outcome)

    async def settle_earlier(self, delivery: Delivery, finished: Finished) -> None:
        """The outcome was committed before, but the entry not settled: nothing is read again."""
        log.info("upload had ended before", state=type(finished).__name__)
        if isinstance(finished, attempts.AlreadyDead) and _died_of(finished, delivery):
            await self._bury(delivery, finished.error_code, finished.error, finished.fence)
        else:
            await self._acknowledge(delivery)
            was_cancelled = isinstance(finished, attempts.Cancelled)
            delivery.ended(Outcome.CANCELLED if was_cancelled else Outcome.DUPLICATE)

    async def give_up(self, delivery: Delivery, opened: Opened | None, error: OcrError) -> None:
        """A permanent failure. No dead letter without its row: without PostgreSQL, later again."""
        try:
            await self._end(delivery, opened, error)
        except DatabaseUnavailable as unavailable:
            again = delivery.entry.again(_unrecorded(delivery, opened, unavailable))
            await self._postpone(delivery, again, unavailable, self._delay(again.retries))

    async def _end(self, delivery: Delivery, opened: Opened | None, error: OcrError) -> None:
        """The upload has failed for good.

        Raises:
            DatabaseUnavailable: whether its row says so is not known.
        """
        delivery.span.fail(error.code, str(error))
        if opened is not None:
            settled = await attempts.mark_dead(
                self._database,
                delivery.upload_id,
                opened.fence,
                error_code=error.code,
                error=str(error),
                stages=delivery.stages.rows(),
            )
            if _was_refused(settled, delivery):
                return
        tries = opened.fence if opened else 1
        await self._bury(delivery, error.code, str(error), tries)

    async def bury_malformed(self, delivery: Delivery, error: MalformedEntry) -> None:
        """An entry that names no upload: recorded, buried, never looped over."""
        delivery.span.fail(error.code, str(error))
        try:
            await attempts.record_malformed(
                self._database,
                entry_id=delivery.entry_id,
                consumer=delivery.claimed.consumer,
                delivery=delivery.count,
                trace_id=delivery.trace_id,
                error=str(error),
            )
        except DatabaseUnavailable as unavailable:
            log.warning("entry left pending", error=str(unavailable))
            return
        await self._bury(delivery, error.code, str(error), 0)

    async def try_again(self, delivery: Delivery, opened: Opened | None, error: OcrError) -> None:
        """A transient failure: later again, until it has failed too often."""
        delivery.span.fail(error.code, str(error))
        again = delivery.entry.again(_unrecorded(delivery, opened, error))
        delay = self._delay(again.retries)
        if opened is not None:
            try:
                failures = await self._count_failure(delivery, opened, error)
            except DatabaseUnavailable as unavailable:
                log.warning("failure not recorded", error=str(unavailable))
            else:
                if not failures:
                    return
                again, delay = delivery.entry.again(None), self._delay(failures)
        elif isinstance(error, DatabaseUnavailable):
            delay = NOT_BEGUN.before(again.retries)
        await self._postpone(delivery, again, error, delay)

    async def _count_failure(self, delivery: Delivery, opened: Opened, error: OcrError) -> int:
        """Record the failure; 0 when there is nothing left to postpone.

        Raises:
            DatabaseUnavailable: whether it is recorded is not known.
        """
        if opened.transient_failures >= self._policy.max_retries:
            await self._end(delivery, opened, error)
            return 0
        settled = await attempts.mark_retry(
            self._database,
            delivery.upload_id,
            opened.fence,
            error_code=error.code,
            error=str(error),
            stages=delivery.stages.rows(),
        )
        return 0 if _was_refused(settled, delivery) else settled.transient_failures

    def _delay(self, failures: int) -> timedelta:
        return self._policy.backoff.before(failures)

    async def _postpone(
        self, delivery: Delivery, again: Entry, error: OcrError, delay: timedelta
    ) -> None:
        """Put the entry's successor where it waits for the next try."""
        with self._settling(delivery, "retry"):
            await retry.postpone(self._client, self._keys, delivery.entry_id, again, delay)
        delivery.ended(Outcome.RETRY, error.code)
        log.warning(
            "upload will be tried again",
            code=error.code,
            error=without_what_was_read(error.code, str(error)),
            retry=again.retries,
            seconds=round(delay.total_seconds(), 1),
        )

    async def _bury(self, delivery: Delivery, reason: str, error: str, tries: int) -> None:
        verdict = Verdict(reason, error, tries, delivery.count, delivery.trace_id)
        with self._settling(delivery, "dead_letter"):
            if not await bury(self._client, self._keys, delivery.claimed, verdict):
                await self._bury_forgotten(delivery, verdict)
        delivery.ended(Outcome.DEAD, reason)
        log.error("upload given up", code=reason, error=without_what_was_read(reason, error))

    async def _bury_forgotten(self, delivery: Delivery, verdict: Verdict) -> None:
        """Redis may have lost the entry, and nobody else would bury it: unless it was replayed."""
        try:
            statuses = await upload_statuses(self._database, [delivery.upload_id])
        except DatabaseUnavailable as unavailable:
            log.warning("no dead letter", error=str(unavailable))
            return
        if statuses.get(delivery.upload_id) == UploadStatus.FAILED:
            await bury_forgotten(self._client, self._keys, delivery.claimed, verdict)

    async def _acknowledge(self, delivery: Delivery) -> None:
        with self._settling(delivery, "ack"):
            await stream.acknowledge(self._client, self._keys, delivery.entry_id)

    @contextmanager
    def _settling(self, delivery: Delivery, name: str) -> Iterator[None]:
        destination = Destination(self._keys.stream, self._keys.group, delivery.claimed.consumer)
        with spans.settling(destination, name, delivery.entry_id):
            yield


def _unrecorded(
    delivery: Delivery, opened: Opened | None, error: OcrError
) -> attempts.Unrecorded | None:
    """What the entry's successor is to tell about this attempt."""
    if opened is None:
        return delivery.entry.unrecorded
    return attempts.Unrecorded(opened.fence, error.code, str(error))


def _died_of(dead: attempts.AlreadyDead, delivery: Delivery) -> bool:
    """Whether the upload died of this entry, or of the one whose place it has taken.

    A death whose answer was lost is on its row all the same.
    """
    heir = delivery.entry.unrecorded
    return dead.entry_id == delivery.entry_id or (heir is not None and heir.fence == dead.death)


def _was_refused(
    answer: Commitment | Settled | StaleFence, delivery: Delivery
) -> TypeIs[StaleFence]:
    """Whether the fence was old: a newer attempt has the entry, and it is not ours."""
    if not isinstance(answer, StaleFence):
        return False
    metrics.stale_write_refused()
    delivery.ended(Outcome.STALE)
    log.warning("stale write refused", fence=answer.fence, newest=answer.newest)
    return True
