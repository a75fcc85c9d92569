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
from redis.exceptions import RedisError

from consumers.stream import Claimed, Keys

log = structlog.get_logger(__name__)

RENEWALS_PER_LEASE = 4

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
        self._interval = lease.total_seconds() / RENEWALS_PER_LEASE
        self._client = Redis.from_url(
            url,
            socket_timeout=max(self._interval, 0.5),
            socket_connect_timeout=max(self._interval, 0.5),
        )
        self._renew = self._client.register_script(RENEW)
        self._keys = keys
        self._held: dict[str, _Held] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="lease-keeper", daemon=True)

    def __enter__(self) -> Self:
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
        self._thread.join(timeout=5)
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

    def _run(self) -> None:
        while not self._stopping:
            started = time.monotonic()
            with self._changed:
                held = tuple(self._held.values())
            try:
                for each in held:
                    self._renew_one(each)
            except (RedisError, OSError) as error:
                log.warning("leases not renewed", error=str(error))
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopping,
                    timeout=max(self._interval - (time.monotonic() - started), 0.01),
                )

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
            log.warning("lease lost", entry=claimed.entry_id, consumer=claimed.consumer)
            mine.lost()
