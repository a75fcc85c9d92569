"""Whether a replica lives, and whether it could read an upload now."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from consumers.rounds import Rounds

ASK_INTERVAL = 2.0
"""Seconds between questions to a server."""
BEAT = 1.0
"""Seconds between signs of life of the event loop."""
PATIENCE = timedelta(seconds=8)
"""A read loop or a server that shows no life for so long has none: a claim waits half a second,
and a command that Redis does not answer is given up after five."""

Ping = Callable[[], Awaitable[object]]
"""Raises while the server is away."""


@dataclass(frozen=True, slots=True)
class _Answer:
    at: float
    """By the monotonic clock."""
    complaint: str | None


class Health:
    """What is wrong with a replica; may be asked from any thread, and asks nobody then.

    Args:
        rounds: how its read loops go round.
        servers: without which nothing can be read.
        hindrances: what else keeps it from reading.
        patience: how long a loop or a server may show no life.
    """

    def __init__(
        self,
        rounds: Rounds,
        servers: Mapping[str, Ping],
        hindrances: Callable[[], list[str]],
        patience: timedelta = PATIENCE,
    ) -> None:
        self._rounds = rounds
        self._servers = servers
        self._hindrances = hindrances
        self._patience = patience.total_seconds()
        self._answers: dict[str, _Answer] = {}
        self._beaten_at = time.monotonic()

    async def watch(self) -> None:
        """Ask the servers, and show that the event loop goes round, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            for name, ping in self._servers.items():
                tasks.create_task(self._ask(name, ping))

    def ailments(self) -> list[str]:
        """Why the replica should be started anew; nothing of a server, which that would not mend.

        A slot that works on an upload has a time limit for that.
        """
        silences = {"the event loop": time.monotonic() - self._beaten_at} | {
            f"the read loop of {consumer}": silence
            for consumer, silence in self._rounds.silences().items()
        }
        return [
            f"{name} has not gone round for {silence:.0f} s"
            for name, silence in silences.items()
            if silence > self._patience
        ]

    def obstacles(self) -> list[str]:
        """Why it could read no upload now."""
        return [
            *self._hindrances(),
            *filter(None, map(self._complaint, self._servers)),
        ]

    def _complaint(self, name: str) -> str | None:
        answer = self._answers.get(name)
        if answer is None:
            return f"{name} has not answered yet"
        if answer.complaint is not None:
            return f"{name}: {answer.complaint}"
        silence = time.monotonic() - answer.at
        if silence > self._patience:
            return f"{name} has not answered for {silence:.0f} s"
        return None

    async def _beat(self) -> None:
        while True:
            self._beaten_at = time.monotonic()
            await asyncio.sleep(BEAT)

    async def _ask(self, name: str, ping: Ping) -> None:
        while True:
            try:
                await ping()
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is an answer
                complaint: str | None = str(error) or type(error).__name__
            else:
                complaint = None
            self._answers[name] = _Answer(time.monotonic(), complaint)
            await asyncio.sleep(ASK_INTERVAL)
