"""What a replica does while nothing waits."""

import time

import psutil

from tests.acceptance.replica import running_replica
from tests.acceptance.system import System

SETTLED = 5.0
"""Seconds after which what belongs to the start is over."""
WATCHED = 10.0
"""Seconds: two looks of the watcher."""
MOST = 32.0
"""Wake-ups a second. There are about twenty; FastStream and pebble alone would make thirty more."""


def wake_ups(pids: list[int]) -> int:
    """So far, of all their threads: how often one of them has waited for something."""
    return sum(
        psutil.Process(thread.id).num_ctx_switches().voluntary
        for pid in pids
        for thread in psutil.Process(pid).threads()
    )


def test_a_replica_that_waits_hardly_wakes_up(system: System) -> None:
    with running_replica({**system.environment, "CRICKSY_CONCURRENCY": "1"}) as replica:
        time.sleep(SETTLED)
        before = wake_ups(replica.family())
        time.sleep(WATCHED)
        after = wake_ups(replica.family())

    assert (after - before) / WATCHED < MOST
