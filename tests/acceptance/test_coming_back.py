"""Servers go away and come back, at start and in mid-work: consuming again without a restart."""

import asyncio
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.devstack import DevStack
from deploy.devstack.server import Server
from pipeline.storage.migrate import migrate
from tests.acceptance.replica import RunningReplica, running_replica, started_replica
from tests.acceptance.system import System
from tests.conftest import OF_THE_PROJECT
from tests.wait import wait_until

APP = "tests.acceptance.slow_app:app"
SOON = 10.0
"""Seconds from a server's return to the next scorecard."""
OUTAGE = 3.0
"""Seconds."""
GRACE = 2.0
CLOSING = 12.0
"""Seconds that a replica may take beyond its grace period to give up a server that is away."""


@pytest.fixture(scope="module")
def stack() -> Iterator[DevStack]:
    """Servers that may be stopped: nobody else's."""
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder:
        Path(folder).chmod(0o711)
        with DevStack(Path(folder) / "stack", environment={}, durable=False) as stack:
            yield stack


@pytest.fixture(autouse=True)
def all_servers_run(stack: DevStack) -> Iterator[None]:
    """At the end of each test, whatever came of it."""
    yield
    for server in stack.servers:
        server.start()


@pytest.fixture(scope="module")
def module_system(stack: DevStack) -> System:
    asyncio.run(migrate(stack.environment["DATABASE_URL"]))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OF_THE_PROJECT)}
    settings = {"CRICKSY_CONCURRENCY": "2", "CRICKSY_RETRY_DELAY_SECONDS": "1"}
    return System({**inherited, **stack.environment, **settings, "CRICKSY_STREAM": "{all}:uploads"})


@pytest.fixture
def system(module_system: System, stream_name: str) -> System:
    """With a stream of the test's own."""
    return System({**module_system.environment, "CRICKSY_STREAM": stream_name})


@pytest.fixture(scope="module")
def replica(module_system: System) -> Iterator[RunningReplica]:
    """One that outlives every test that uses it."""
    with running_replica(module_system.environment, APP) as replica:
        yield replica
        assert replica.process.poll() is None


def command(workers: int) -> tuple[str, ...]:
    return (APP,) if workers == 1 else (APP, "--workers", str(workers))


def outage() -> None:
    """Lasts as long as it lasts."""
    end = time.monotonic() + OUTAGE
    wait_until(lambda: time.monotonic() > end)


def add(system: System, upload_id: str) -> None:
    system.add({"data": json.dumps({"upload_id": upload_id})})


def assert_read_soon(system: System, *uploads: str) -> None:
    wait_until(
        lambda: all(system.is_parsed(upload) for upload in uploads), timeout=SOON, message="read"
    )


@dataclass
class Redis:
    """The server, and what can befall it."""

    server: Server
    system: System
    data: Path

    def is_killed(self) -> None:
        self.server.kill()
        outage()
        self.server.start()

    def is_restarted(self) -> None:
        self.server.stop()
        self.server.start()

    def is_replaced_by_an_empty_one(self) -> None:
        self.server.stop()
        shutil.rmtree(self.data)
        self.server.start()

    def loses_its_connections(self) -> None:
        with self.system.redis as redis:
            redis.client_kill_filter(_type="normal")

    def loses_the_group(self) -> None:
        with self.system.redis as redis:
            assert redis.xgroup_destroy(self.system.keys.stream, self.system.keys.group)

    def loses_the_stream(self) -> None:
        with self.system.redis as redis:
            assert redis.delete(self.system.keys.stream)

    def loses_everything(self) -> None:
        with self.system.redis as redis:
            redis.flushall()


Fault = Callable[[Redis], None]
FAULTS: tuple[Fault, ...] = (
    Redis.is_killed,
    Redis.is_restarted,
    Redis.is_replaced_by_an_empty_one,
    Redis.loses_its_connections,
    Redis.loses_the_group,
    Redis.loses_the_stream,
    Redis.loses_everything,
)


@pytest.mark.parametrize(
    ("workers", "faults"),
    [(1, FAULTS), (2, (Redis.is_killed, Redis.loses_the_group))],
    ids=["alone", "two workers"],
)
def test_a_replica_may_start_before_its_servers_and_outlives_whatever_befalls_redis(
    stack: DevStack, system: System, workers: int, faults: tuple[Fault, ...]
) -> None:
    redis = Redis(stack.valkey, system, stack.folder / "valkey" / "appendonlydir")
    early = system.publish(b"early")
    stack.postgres.stop()
    stack.valkey.stop()
    with started_replica(system.environment, *command(workers)) as replica:
        replica.wait_for("waiting for postgresql", count=2 * workers)
        replica.wait_for("leases not renewed", count=workers)
        stack.valkey.start()
        stack.postgres.start()
        assert_read_soon(system, early)

        for befalls in faults:
            befalls(redis)
            assert_read_soon(system, system.publish(b"after"))
            wait_until(lambda: system.unfinished() == 0)

        assert replica.process.poll() is None
        assert len(replica.events("replica started")) == workers


@pytest.mark.usefixtures("replica")
def test_a_card_that_is_read_while_redis_is_away_is_committed_once(
    stack: DevStack, module_system: System, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    upload = module_system.publish(str(card).encode())
    wait_until(card.exists)
    stack.valkey.kill()
    card.unlink()
    wait_until(lambda: module_system.is_parsed(upload))
    outage()
    stack.valkey.start()

    wait_until(lambda: module_system.unfinished() == 0, timeout=SOON)

    assert module_system.outcomes(upload).count("committed") == 1
    assert set(module_system.outcomes(upload)) <= {"committed", "duplicate"}


def test_while_postgresql_is_away_nothing_is_claimed_in_vain(
    stack: DevStack, module_system: System, replica: RunningReplica, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    in_work = module_system.publish(str(card).encode())
    waiting = [module_system.record(b"waiting") for _ in range(4)]
    wait_until(card.exists)
    stack.postgres.kill()
    card.unlink()
    replica.wait_for("claiming nothing")
    for upload in waiting:
        add(module_system, upload)
    outage()
    stack.postgres.start()

    assert_read_soon(module_system, *waiting)
    wait_until(card.exists, message="read again")
    card.unlink()
    assert_read_soon(module_system, in_work)

    postponed = {event["upload"] for event in replica.events("upload will be tried again")}
    assert not postponed & set(waiting)
    assert module_system.outcomes(in_work).count("committed") == 1


def test_while_s3_is_away_few_uploads_use_up_retries(
    stack: DevStack, module_system: System, replica: RunningReplica
) -> None:
    waiting = [module_system.record(b"waiting") for _ in range(8)]
    stack.s3.kill()
    for upload in waiting:
        add(module_system, upload)
    wait_until(lambda: "s3 answers" in [e["until"] for e in replica.events("claiming nothing")])
    outage()
    stack.s3.start()

    assert_read_soon(module_system, *waiting)

    retries = [module_system.outcomes(upload).count("retry") for upload in waiting]
    # Those that were under way, one a slot, when it was not known yet.
    assert 0 < sum(retries) <= 2 * 2


@pytest.mark.parametrize("away", ["valkey", "postgres"])
def test_a_replica_leaves_in_time_though_a_server_is_away(
    stack: DevStack, system: System, tmp_path: Path, away: str
) -> None:
    card = tmp_path / "card"
    environment = {**system.environment, "CRICKSY_SHUTDOWN_GRACE_SECONDS": str(GRACE)}
    with running_replica(environment, APP) as replica:
        system.publish(str(card).encode())
        wait_until(card.exists)
        getattr(stack, away).kill()

        replica.tell()

        assert replica.wait(timeout=GRACE + CLOSING) == 0, "".join(replica.lines)
        wait_until(lambda: not replica.family(), message="no process left over")
