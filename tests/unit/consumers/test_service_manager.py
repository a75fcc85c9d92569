"""What systemd is told, and when it is told nothing."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from consumers.health import Health
from consumers.rounds import Rounds
from consumers.service_manager import INTERVAL, ServiceManager, _interval

PATIENCE = timedelta(seconds=2)
"""Longer than the pause between two signs of life of the event loop."""
ALICE = "alice"
READY, WATCHDOG, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


class Listener:
    """systemd's end of the socket."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)

    async def hear(self) -> list[str]:
        """The lines of the next message."""
        async with asyncio.timeout(10):
            message = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
        return message.decode().split("\n")

    async def hear_until(self, beginning: str) -> list[str]:
        """The first message that has a line which begins like that."""
        async with asyncio.timeout(10):
            while True:
                lines = await self.hear()
                if any(line.startswith(beginning) for line in lines):
                    return lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "notify")


@pytest.fixture
def listener(address: str) -> Iterator[Listener]:
    listener = Listener(address)
    yield listener
    listener.close()


@asynccontextmanager
async def told(
    address: str, hindrances: list[str], rounds: Rounds | None = None, doing: str = "works"
) -> AsyncIterator[ServiceManager]:
    """What a replica tells while it is in such a state, twenty times a second."""
    health = Health(rounds or Rounds(), {}, lambda: hindrances, PATIENCE)
    environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "200000"}
    manager = ServiceManager(health, lambda: doing, environment)
    tasks = [asyncio.create_task(each) for each in (health.watch(), manager.run())]
    try:
        yield manager
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_replica_that_starts_asks_for_time_until_it_can_read(
    address: str, listener: Listener
) -> None:
    hindrances = ["starting"]
    async with told(address, hindrances):
        first = await listener.hear()
        hindrances.clear()
        ready = await listener.hear_until(READY)

    assert first == ["EXTEND_TIMEOUT_USEC=60000000", "STATUS=Reads nothing: starting"]
    assert ready == [READY, WATCHDOG, "STATUS=works"]


async def test_a_server_that_goes_away_is_told_of_and_does_not_starve_the_watchdog(
    address: str, listener: Listener
) -> None:
    hindrances: list[str] = []
    async with told(address, hindrances):
        await listener.hear_until(READY)
        hindrances.append("s3: refused")
        lines = await listener.hear_until("STATUS=Reads nothing: s3: refused")

    assert WATCHDOG in lines


async def test_a_read_loop_that_hangs_starves_the_watchdog_until_it_goes_round(
    address: str, listener: Listener
) -> None:
    rounds = Rounds()
    rounds.begin(ALICE)
    async with told(address, [], rounds):
        await listener.hear_until(WATCHDOG)
        hung = await listener.hear_until("STATUS=Hangs: the read loop of alice")
        again = await listener.hear()
        rounds.begin(ALICE)
        await listener.hear_until(WATCHDOG)

    assert len(hung) == len(again) == 1


async def test_words_of_many_lines_are_one_field(address: str, listener: Listener) -> None:
    async with told(address, [], doing="reads\nREADY=0") as manager:
        manager.leaving()
        lines = await listener.hear_until(STOPPING)

    assert lines == [STOPPING, "STATUS=Leaves. reads READY=0"]


async def test_an_abstract_socket_is_reached() -> None:
    name = f"cricksy-{uuid4().hex}"
    listener = Listener(f"\0{name}")
    async with told(f"@{name}", []):
        await listener.hear_until(READY)
    listener.close()


async def test_a_service_manager_that_is_gone_hinders_nothing(address: str) -> None:
    async with told(address, []) as manager:
        manager.leaving()
        listener = Listener(address)
        await listener.hear_until(READY)
    listener.close()


@pytest.mark.parametrize("address", ["", "vsock:2:1234"])
async def test_nothing_is_told_where_no_socket_is_named(address: str) -> None:
    manager = ServiceManager(Health(Rounds(), {}, list), str, {"NOTIFY_SOCKET": address})

    await asyncio.wait_for(manager.run(), timeout=10)

    assert not manager.listens


async def test_a_worker_of_many_tells_nothing(address: str, listener: Listener) -> None:
    async with told(address, []) as manager:
        await listener.hear_until(READY)
        manager.silence()
        manager.leaving()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await listener.hear_until(STOPPING)


def test_messages_come_four_times_in_the_time_that_the_watchdog_allows() -> None:
    mine, others = str(os.getpid()), str(os.getpid() + 1)

    assert _interval({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": mine}) == 1.0
    assert _interval({"WATCHDOG_USEC": "4000000"}) == 1.0
    assert _interval({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": others}) == INTERVAL
    assert _interval({"WATCHDOG_USEC": "60000000"}) == INTERVAL
    assert _interval({}) == INTERVAL
