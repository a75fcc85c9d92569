"""From SIGKILL until another replica works on what the killed one held.

A replica holds as many uploads as it has slots. The next one starts, the first is killed, the next
one takes over, and is killed in its turn.
"""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

import psutil
from kombu.transport.redis import Channel

from benchmarks.lines import Line, at_most, over_rounds, percentile
from benchmarks.measure import Bench
from benchmarks.queue.measure import NOTHING
from benchmarks.servers import LOOK, OwnQueue
from benchmarks.waiting import Unfinished, wait_until

APP = "benchmarks.recovery.held_app:app"
SLOTS = 4
IN_TIME = at_most(1.5)


def measure(bench: Bench) -> Iterator[Line]:
    """All of it."""
    lease = bench.effort.lease
    taken = [[each / lease for each in kill] for kill in _kills(bench)]
    for share, target in ((50, None), (99, IN_TIME)):
        what = f"SIGKILL to reclaim p{share}, leases of {lease:g} s"
        yield percentile(what, taken, share, "leases", target)
    yield over_rounds("celery: visibility time-out, by default", [Channel.visibility_timeout], "s")


def _kills(bench: Bench) -> list[list[float]]:
    """Seconds until each upload was worked on again, kill by kill."""
    queue = OwnQueue(
        bench.stack.environment,
        "recovery",
        {
            "CRICKSY_CONCURRENCY": str(SLOTS),
            "CRICKSY_LEASE_SECONDS": str(bench.effort.lease),
            "CRICKSY_MAX_DELIVERIES": "1000",
            "CRICKSY_SHUTDOWN_GRACE_SECONDS": "0.1",
            # What the killed leave behind is cleared away, with a warning each.
            "PYTHONWARNINGS": "ignore:resource_tracker",
        },
    )
    uploads, taken = queue.record([NOTHING] * SLOTS), []
    with ExitStack() as opened:
        holder = _started(queue, opened)
        queue.announce(uploads)
        _await_starts(queue, uploads, 1)
        for number in range(bench.effort.kills):
            following = _started(queue, opened)
            # Renewals come every quarter lease: at any moment between two of them.
            time.sleep(random.uniform(0, bench.effort.lease / 4))  # noqa: S311 - no secret
            family = holder.children(recursive=True)
            killed_at = time.time()
            holder.kill()
            starts = _await_starts(queue, uploads, number + 2)
            if _end(family):
                bench.say(f"  kill {number + 1}: its children have outlived it")
            if min(starts) > killed_at:
                taken.append([began - killed_at for began in starts])
                bench.say(f"  kill {number + 1}: at work again after {max(taken[-1]):.1f} s")
            else:
                bench.say(f"  kill {number + 1} does not count: the leases had run out before")
            holder = following
    if not taken:
        raise Unfinished("No replica has kept its leases until it was killed.")
    return taken


def _started(queue: OwnQueue, opened: ExitStack) -> psutil.Popen:
    process = opened.enter_context(queue.replica(APP))
    queue.await_ready(process)
    return process


def _end(family: Sequence[psutil.Process]) -> bool:
    """End what a killed replica has left running; whether there was anything."""
    ended = 0
    for each in family:
        with suppress(psutil.NoSuchProcess):
            if each.status() != psutil.STATUS_ZOMBIE:
                each.kill()
                ended += 1
    return ended > 0


def _await_starts(queue: OwnQueue, uploads: Sequence[str], attempt: int) -> list[float]:
    """When the attempt of that number at each upload was opened."""
    asked = [list(uploads), attempt]
    of_attempts = (
        "SELECT extract(epoch FROM started_at)::float8 FROM ocr_attempts "
        "WHERE upload_id = ANY(%s) AND fence = %s"
    )
    with queue.database() as database:

        def all_starts() -> list[float] | None:
            rows = database.execute(of_attempts, asked).fetchall()
            return [began for (began,) in rows] if len(rows) == len(uploads) else None

        failure = "What a killed replica held was not taken over."
        return wait_until(all_starts, LOOK, failure)
