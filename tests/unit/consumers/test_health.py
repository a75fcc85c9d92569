"""What the probes answer, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from consumers.health import Health
from consumers.rounds import Rounds
from tests.wait import wait_until_async as wait_until

PATIENCE = timedelta(seconds=2.5)
"""Longer than the pause between two questions."""
ALICE = "alice"


class SlowServer:
    """One that answers while it is up."""

    def __init__(self) -> None:
        self.up = asyncio.Event()
        self.up.set()
        self.error: Exception | None = None

    async def ping(self) -> None:
        await self.up.wait()
        if self.error is not None:
            raise self.error


@asynccontextmanager
async def watched(health: Health) -> AsyncIterator[Health]:
    watching = asyncio.create_task(health.watch())
    try:
        yield health
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_a_replica_is_not_ready_before_its_servers_have_answered() -> None:
    server = SlowServer()
    server.up.clear()
    async with watched(Health(Rounds(), {"s3": server.ping}, list, PATIENCE)) as health:
        assert health.obstacles() == ["s3 has not answered yet"]

        server.up.set()

        await wait_until(lambda: not health.obstacles())


async def test_a_server_that_refuses_is_told_with_its_words() -> None:
    server = SlowServer()
    server.error = ConnectionError("refused")
    async with watched(Health(Rounds(), {"s3": server.ping}, list)) as health:
        await wait_until(lambda: health.obstacles() == ["s3: refused"])


async def test_a_server_that_hangs_is_missed_when_its_last_answer_is_old() -> None:
    server = SlowServer()
    async with watched(Health(Rounds(), {"s3": server.ping}, list, PATIENCE)) as health:
        await wait_until(lambda: not health.obstacles())
        server.up.clear()

        await wait_until(health.obstacles)

    assert health.obstacles()[0].startswith("s3 has not answered for ")


async def test_what_else_hinders_is_told() -> None:
    health = Health(Rounds(), {}, lambda: ["starting"])

    assert health.obstacles() == ["starting"]
    assert health.ailments() == []


async def test_an_idle_slot_that_goes_round_no_more_is_an_ailment() -> None:
    rounds = Rounds()
    async with watched(Health(rounds, {}, list, PATIENCE)) as health:
        rounds.begin(ALICE)
        assert health.ailments() == []

        await wait_until(health.ailments)

        assert health.ailments()[0].startswith(f"the read loop of {ALICE} has not gone round")
        rounds.begin(ALICE)
        assert health.ailments() == []


async def test_a_slot_at_work_is_not_missed_and_one_that_has_ended_neither() -> None:
    rounds = Rounds()
    rounds.begin(ALICE)

    with rounds.in_work(ALICE):
        assert rounds.silences() == {}
    assert rounds.silences()[ALICE] < 1
    rounds.end(ALICE)

    assert rounds.silences() == {}
