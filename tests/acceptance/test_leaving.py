"""How a replica leaves: nothing more is claimed, work is finished or handed back at once."""

import signal
import socket
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.acceptance.replica import RunningReplica, running_replica, started_replica
from tests.acceptance.system import System
from tests.otlp import otlp_receiver
from tests.processes import workers
from tests.wait import wait_until

APP = "tests.acceptance.slow_app:app"
ALONE = (APP,)
TOGETHER = (APP, "--workers", "2")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
GRACE = 2.0
STARTING = 15.0
"""Seconds that a replica may take to start, on a busy machine."""
CLOSING = 15.0
"""Seconds that a replica may take to close beyond its grace period, on a busy machine."""
AT_ONCE = 5.0
"""Seconds from handing back to the next claim, on a busy machine."""

each_command = pytest.mark.parametrize(
    ("command", "workers"), [(ALONE, 1), (TOGETHER, 2)], ids=["alone", "two workers"]
)


@pytest.fixture
def slow(system: System) -> System:
    """Its replicas have a long lease: what comes back sooner was handed back."""
    return System({**system.environment, "CRICKSY_LEASE_SECONDS": "60"})


def graceful(system: System, seconds: float) -> dict[str, str]:
    return {**system.environment, "CRICKSY_SHUTDOWN_GRACE_SECONDS": str(seconds)}


class Cards:
    """Uploads whose reading begins with a file and goes on when the file is taken away."""

    def __init__(self, system: System, folder: Path, number: int) -> None:
        self._system = system
        self.files = [folder / f"card-{each}" for each in range(number)]
        self.uploads = [system.publish(str(file).encode()) for file in self.files]

    def begun(self) -> int:
        return sum(file.exists() for file in self.files)

    def release(self) -> None:
        for file in self.files:
            file.unlink(missing_ok=True)

    def are_read(self) -> bool:
        """Releases what has begun since, until all are read."""
        self.release()
        return all(self._system.is_parsed(upload) for upload in self.uploads)


def assert_left(
    replica: RunningReplica, system: System, consumers: set[str], *, within: float
) -> None:
    """It ended well and in time, and nothing of it is left."""
    assert replica.wait(timeout=within) == 0, "".join(replica.lines)
    assert not consumers & system.consumers()
    wait_until(lambda: not replica.family(), timeout=2, message="no process left over")


def seconds_between(earlier: dict[str, Any], later: dict[str, Any]) -> float:
    """Of two log events."""
    times = (datetime.fromisoformat(each["timestamp"]) for each in (earlier, later))
    return -float((next(times) - next(times)).total_seconds())


def test_an_idle_replica_leaves_at_once_though_nobody_collects_its_spans(slow: System) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        traced = {**slow.environment, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
        with running_replica(traced, *ALONE) as replica:
            slow.wait_until_parsed(slow.publish(b"now"))
            consumers = slow.consumers()

            replica.tell(signal.SIGINT)

            assert_left(replica, slow, consumers, within=CLOSING)


@each_command
def test_work_is_finished_and_nothing_more_is_claimed(
    slow: System, tmp_path: Path, command: tuple[str, ...], workers: int
) -> None:
    cards = Cards(slow, tmp_path, workers)
    with running_replica(graceful(slow, 40), *command, workers=workers) as replica:
        wait_until(lambda: cards.begun() == workers)
        consumers = slow.consumers()

        replica.tell()
        replica.wait_for("replica leaves", count=workers)
        late = slow.publish(b"late")
        # Whoever is impatient changes nothing.
        replica.tell()
        cards.release()

        assert_left(replica, slow, consumers, within=CLOSING)
    for upload in cards.uploads:
        assert slow.outcomes(upload) == ["committed"]
    assert slow.outcomes(late) == []
    assert slow.unfinished() == 1
    assert all(each["times_delivered"] == 0 for each in slow.pending())


@each_command
def test_what_is_not_finished_in_time_is_taken_by_another_replica_at_once(
    slow: System, tmp_path: Path, command: tuple[str, ...], workers: int
) -> None:
    cards = Cards(slow, tmp_path, workers)
    with (
        otlp_receiver() as receiver,
        running_replica(
            {**graceful(slow, GRACE), "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint},
            *command,
            workers=workers,
        ) as replica,
    ):
        wait_until(lambda: cards.begun() == workers)
        consumers = slow.consumers()
        with running_replica(slow.environment, *ALONE) as heir:
            told = time.monotonic()
            replica.tell()

            handed_back = replica.wait_for("entry handed back", count=workers)
            assert time.monotonic() - told >= GRACE
            claims = heir.wait_for("upload claimed")
            wait_until(cards.are_read, timeout=30)

            left = told + GRACE + CLOSING - time.monotonic()
            assert_left(replica, slow, consumers, within=max(left, 0))
    assert seconds_between(handed_back[0], claims[0]) < AT_ONCE
    for upload in cards.uploads:
        released, committed = slow.attempts(upload)
        assert (released.outcome, committed.outcome) == ("released", "committed")
        assert committed.delivery == 1
        # What it did not finish, it tells all the same.
        assert released.trace_id in {span.trace_id for span in receiver.spans}


def test_a_replica_that_waits_for_postgresql_leaves_at_once(slow: System) -> None:
    with started_replica({**slow.environment, "DATABASE_URL": NOWHERE}, *ALONE) as replica:
        replica.wait_for("waiting for postgresql")
        replica.tell()

        assert replica.wait(timeout=CLOSING) == 0


def test_workers_whose_parent_is_killed_leave(slow: System) -> None:
    with started_replica({**slow.environment, "DATABASE_URL": NOWHERE}, *TOGETHER) as replica:
        replica.wait_for("waiting for postgresql", count=2)
        replica.process.kill()
        replica.process.wait()

        wait_until(lambda: not replica.family(), timeout=CLOSING, message="no process left over")


def test_workers_whose_parent_is_killed_while_they_start_leave(slow: System) -> None:
    with started_replica(slow.environment, *TOGETHER) as replica:
        wait_until(lambda: len(workers(replica.process.pid)) == 2, timeout=30)
        replica.process.kill()
        replica.process.wait()

        wait_until(lambda: not replica.family(), timeout=STARTING + CLOSING)


def test_a_killed_replica_leaves_no_process_behind_though_its_children_read(
    slow: System, tmp_path: Path
) -> None:
    environment = {**slow.environment, "CRICKSY_CONCURRENCY": "2"}
    with running_replica(environment, APP) as replica:
        cards = Cards(slow, tmp_path, 2)
        wait_until(lambda: cards.begun() == 2, timeout=30)
        replica.process.kill()
        replica.process.wait()

        wait_until(lambda: not replica.family(), timeout=CLOSING, message="no process left over")


@pytest.mark.parametrize("command", [ALONE, TOGETHER], ids=["alone", "two workers"])
def test_a_database_newer_than_the_code_ends_the_replica_and_nothing_is_claimed(
    slow: System, command: tuple[str, ...]
) -> None:
    uploads = [slow.publish(b"now") for _ in range(10)]
    with psycopg.connect(slow.environment["DATABASE_URL"]) as database:
        database.execute("INSERT INTO ocr_migrations (name, checksum) VALUES ('9999_later', '')")

    with started_replica(slow.environment, *command) as replica:
        assert replica.wait(timeout=60) not in (0, None)

    (reason, *_) = replica.events("replica cannot go on")
    assert "9999_later" in reason["reason"]
    assert all(slow.outcomes(upload) == [] for upload in uploads)
    assert slow.pending() == []
    assert slow.unfinished() == len(uploads)


def test_nothing_is_claimed_from_the_moment_of_the_signal(system: System) -> None:
    with running_replica(system.environment) as replica:
        replica.tell()
        upload = system.publish(b"too late")
        assert replica.wait(timeout=CLOSING) == 0

    assert system.attempts(upload) == []
