"""Probes tell the truth within ten seconds, whatever hangs."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.devstack import DevStack
from pipeline.storage.migrate import migrate
from tests.acceptance.probes import IN_TIME, NOT_THERE, Probes
from tests.acceptance.replica import RunningReplica, running_replica, started_replica
from tests.acceptance.system import System
from tests.conftest import OF_THE_PROJECT
from tests.processes import card_readers
from tests.wait import wait_until

APP = "tests.acceptance.slow_app:app"
WEDGED = "tests.acceptance.wedged_app:app"
NAMES = {"valkey": "redis", "postgres": "postgresql", "s3": "s3"}


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
def probes() -> Probes:
    return Probes.on_free_port()


@pytest.fixture(scope="module")
def module_system(stack: DevStack, probes: Probes) -> System:
    asyncio.run(migrate(stack.environment["DATABASE_URL"]))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OF_THE_PROJECT)}
    settings = {"CRICKSY_CONCURRENCY": "1", "CRICKSY_PROBE_PORT": str(probes.port)}
    return System({**inherited, **stack.environment, **settings, "CRICKSY_STREAM": "{all}:uploads"})


@pytest.fixture(scope="module")
def replica(module_system: System) -> Iterator[RunningReplica]:
    """One that outlives every test that uses it."""
    with running_replica(module_system.environment, WEDGED) as replica:
        yield replica
        assert replica.process.poll() is None


@contextmanager
def hung(pid: int | None) -> Iterator[None]:
    """The processes of a server stand still."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    for each in family:
        each.suspend()
    try:
        yield
    finally:
        for each in family:
            each.resume()


@pytest.mark.usefixtures("replica")
def test_a_replica_that_is_well_says_so(probes: Probes) -> None:
    probes.wait_until_ready()

    assert probes.ask("/readyz") == (200, "ok\n")
    assert probes.ask("/livez") == (200, "ok\n")
    assert probes.ask("/elsewhere")[0] == 404


@pytest.mark.usefixtures("replica")
@pytest.mark.parametrize("away", NAMES)
def test_without_a_server_it_is_not_ready_but_lives(
    stack: DevStack, probes: Probes, away: str
) -> None:
    probes.wait_until_ready()
    server = getattr(stack, away)

    server.kill()
    said = probes.wait_until_not_ready()
    lived = probes.lives()
    server.start()

    assert said.startswith(f"{NAMES[away]}: "), said
    assert lived
    probes.wait_until_ready()


@pytest.mark.usefixtures("replica")
@pytest.mark.parametrize("away", NAMES)
def test_a_server_that_hangs_is_as_good_as_away(stack: DevStack, probes: Probes, away: str) -> None:
    probes.wait_until_ready()

    with hung(getattr(stack, away).pid):
        said = probes.wait_until_not_ready()
        lived = probes.lives()

    assert NAMES[away] in said
    assert lived
    probes.wait_until_ready(timeout=2 * IN_TIME)


def test_an_event_loop_that_hangs_is_told_of_while_it_hangs(
    replica: RunningReplica, probes: Probes
) -> None:
    probes.wait_until_ready()

    replica.tell(signal.SIGUSR1)

    wait_until(
        lambda: "the event loop has not gone round" in probes.ask("/livez")[1], timeout=IN_TIME
    )
    assert not probes.lives()
    assert not probes.is_ready()
    wait_until(probes.lives, timeout=IN_TIME)
    probes.wait_until_ready()


@pytest.mark.usefixtures("replica")
def test_a_long_reading_is_no_ailment(
    module_system: System, probes: Probes, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    upload_id = module_system.publish(str(card).encode())
    wait_until(card.exists)
    longer_than_an_idle_slot_may_stand_still = time.monotonic() + IN_TIME

    while time.monotonic() < longer_than_an_idle_slot_may_stand_still:
        assert probes.lives()
        assert probes.is_ready()
        assert "cricksy_replica_in_work 1.0" in probes.page()

    card.unlink()
    module_system.wait_until_parsed(upload_id)


def test_a_child_that_died_idle_is_missed_until_another_lives(
    replica: RunningReplica, probes: Probes
) -> None:
    probes.wait_until_ready()
    (child,) = card_readers(replica.process.pid)

    child.kill()

    replica.wait_for("idle child process died")
    probes.wait_until_ready()
    assert 'cricksy_child_restarts_total{cause="died_idle"} 1.0' in probes.page()


def test_each_worker_has_a_port_of_its_own_and_one_of_them_tells_of_the_queue(
    module_system: System,
) -> None:
    first = Probes.on_free_port(following=1)
    second = Probes(first.port + 1)
    environment = {
        **module_system.environment,
        "CRICKSY_PROBE_PORT": str(first.port),
        "CRICKSY_STREAM": "{two}:uploads",
    }

    def with_the_queue() -> list[str]:
        return [page for page in (first.page(), second.page()) if "cricksy_queue_backlog " in page]

    with running_replica(environment, APP, "--workers", "2", workers=2):
        first.wait_until_ready()
        second.wait_until_ready()
        wait_until(with_the_queue, message="one of them watches")
        pages = first.page(), second.page()
        told_by = len(with_the_queue())

    assert told_by == 1
    names = {line for page in pages for line in page.splitlines() if line.startswith("target_info")}
    assert len(names) == 2


def test_a_replica_that_starts_is_not_ready_and_one_that_has_left_answers_no_more(
    module_system: System,
) -> None:
    probes = Probes.on_free_port()
    nowhere = {
        **module_system.environment,
        "CRICKSY_PROBE_PORT": str(probes.port),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    }
    with started_replica(nowhere, APP) as replica:
        replica.wait_for("waiting for postgresql")
        assert probes.lives()
        assert "starting" in probes.ask("/readyz")[1]

    assert probes.ask("/livez")[0] == NOT_THERE


def test_a_port_that_is_taken_does_not_keep_a_replica_from_reading(
    replica: RunningReplica, module_system: System
) -> None:
    assert replica.process.poll() is None
    with running_replica(module_system.environment, APP) as second:
        (said,) = second.events("probes not answered")

    assert "in use" in said["error"]
