"""Leases: while an upload is in work, its entry's idle time is kept near nought.

XAUTOCLAIM takes from the slow as from the dead, so a living consumer has to show life. That
happens on a thread with a connection of its own: nothing that reads cards, S3 or PostgreSQL can
hold it up.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from types import TracebackType
from typing import Self

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from consumers.connection import TRIED_AGAIN, way_to
from consumers.stream import Claimed, Keys
from otel import metrics

log = structlog.get_logger(__name__)

RENEWALS_PER_LEASE = 4
LONGEST_PAUSE = 1.0
"""Seconds between tries while Redis is away."""

# Owner check and renewal are one step: a process that slept past its lease must not steal the
# entry back. JUSTID: a renewal is no delivery, and without it XCLAIM raises the delivery count.
RENEW = """
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if not pending[1] then return 0 end
if pending[1][2] ~= ARGV[3] then return 1 end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[2], 'IDLE', 0, 'JUSTID')
return 2
"""


class Renewal(IntEnum):
    """What a renewal found; the numbers are the script's answers."""

    GONE = 0
    """No entry is pending under this id: settled, or Redis lost it. The fence decides."""
    TAKEN = 1
    """Another consumer holds the entry."""
    RENEWED = 2


@dataclass(frozen=True, slots=True)
class _Held:
    claimed: Claimed
    lost: Callable[[], None]


class LeaseKeeper:
    """Renews every lease of one replica.

    Args:
        url: of Redis; a connection of its own is opened.
        keys: the queue.
        lease: how long an entry may show no life; renewed four times in it.
    """

    def __init__(self, url: str, keys: Keys, lease: timedelta) -> None:
        self._lease = lease.total_seconds()
        self._interval = self._lease / RENEWALS_PER_LEASE
        way = way_to(url, keys.stream)
        self._client = Redis.from_url(
            way.url,
            socket_timeout=max(self._interval, 0.5),
            socket_connect_timeout=max(self._interval, 0.5),
            # redis-py's own pauses between tries grow to seconds, which a lease may not have.
            retry=Retry(NoBackoff(), 1),
            retry_on_error=TRIED_AGAIN,
            **way.blocking_options,
        )
        self._renew = self._client.register_script(RENEW)
        self._keys = keys
        self._held: dict[str, _Held] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._answered = time.monotonic()
        self._in_doubt_until = 0.0
        self._thread = threading.Thread(target=self._run, name="lease-keeper", daemon=True)

    def __enter__(self) -> Self:
        # From here on: what passed while the process started is no absence of Redis.
        self._answered = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        # It may wait for a server that hangs; nobody has to wait with it.
        self._thread.join(timeout=LONGEST_PAUSE)
        if not self._thread.is_alive():
            self._client.close()

    @contextmanager
    def hold(self, claimed: Claimed, lost: Callable[[], None]) -> Iterator[None]:
        """Keep the lease of an entry for the length of a `with` block.

        Args:
            claimed: the entry and its consumer.
            lost: called once, on the keeper's thread, when another consumer holds the entry.
        """
        with self._changed:
            self._held[claimed.entry_id] = _Held(claimed, lost)
        try:
            yield
        finally:
            with self._changed:
                self._held.pop(claimed.entry_id, None)

    def lasts_since(self, moment: float) -> bool:
        """Whether a lease that began then, by the monotonic clock, cannot have run out."""
        return time.monotonic() - moment < self._lease

    @property
    def in_doubt(self) -> bool:
        """Whether leases of living consumers may have run out because Redis was away.

        They have then had no time to renew them yet: an idle entry is no sign of a death.
        """
        now = time.monotonic()
        return now - self._answered > self._lease / 2 or now < self._in_doubt_until

    def _run(self) -> None:
        while not self._stopping:
            started = time.monotonic()
            pause = self._interval
            try:
                self._renew_all()
            except (RedisError, OSError) as error:
                metrics.renewal_failed("unreachable")
                log.warning("leases not renewed", error=str(error))
                pause = min(pause, LONGEST_PAUSE)
            except Exception:
                # Whatever it is: without this thread every upload would lose its lease.
                metrics.renewal_failed("internal_error")
                log.exception("leases not renewed")
                self._client.close()
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopping,
                    timeout=max(pause - (time.monotonic() - started), 0.01),
                )

    def _renew_all(self) -> None:
        with self._changed:
            held = tuple(self._held.values())
        for each in held:
            self._renew_one(each)
        if not held:
            self._client.ping()
        answered = time.monotonic()
        if answered - self._answered > self._lease / 2:
            self._in_doubt_until = answered + self._lease / 2
        self._answered = answered

    def _renew_one(self, held: _Held) -> None:
        claimed = held.claimed
        answer = self._renew(
            keys=[self._keys.stream], args=[self._keys.group, claimed.entry_id, claimed.consumer]
        )
        if answer != Renewal.TAKEN:
            return
        with self._changed:
            mine = self._held.pop(claimed.entry_id, None)
        if mine is not None:
            metrics.renewal_failed("lost")
            log.warning("lease lost", entry=claimed.entry_id, consumer=claimed.consumer)
            mine.lost()
