"""Replicas as processes of this machine: real `faststream run`, started again when they die."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from consumers.orphans import end_with_parent

Line = Mapping[str, Any]
"""One log event of a replica."""
OnLine = Callable[[int, Line], None]
"""Called with the replica's number and its event."""

RESTART_PAUSE = 1.0
STOP_SECONDS = 70.0
PROBE_PORT = "CRICKSY_PROBE_PORT"


class Replicas:
    """A number of replicas with one environment, which may change while they run.

    Args:
        count: how many to begin with.
        environment: complete. Replica n answers probes at its port + n.
        on_line: told of each event that a replica logs.
    """

    def __init__(self, count: int, environment: Mapping[str, str], on_line: OnLine) -> None:
        self._count = count
        self._environment = dict(environment)
        self._on_line = on_line
        self._kept: dict[int, _Kept] = {}

    async def __aenter__(self) -> "Replicas":
        for _ in range(self._count):
            self.start_one()
        return self

    async def __aexit__(self, *_: object) -> None:
        everyone = list(self._kept.values())
        for kept in everyone:
            kept.leave()
        # What they log while they leave is told, too.
        await asyncio.wait([kept.task for kept in everyone], timeout=STOP_SECONDS)
        for kept in everyone:
            kept.end()
        await asyncio.gather(*(kept.task for kept in everyone), return_exceptions=True)

    @property
    def running(self) -> list[int]:
        """Process ids of the replicas that have not been told to leave."""
        return [kept.pid for kept in self._kept.values() if not kept.leaving]

    def start_one(self) -> int:
        """Start one more; gives its number, the lowest that is free."""
        number = next(n for n in range(len(self._kept) + 1) if n not in self._kept)
        kept = _Kept(number, self._environment_of(number), self._on_line)
        self._kept[number] = kept
        kept.task.add_done_callback(lambda _: self._kept.pop(number, None))
        return number

    def retire_one(self) -> int:
        """Let the newest leave, which finishes what it has in work; gives its number."""
        number = max(number for number, kept in self._kept.items() if not kept.leaving)
        self._kept[number].leave()
        return number

    def _environment_of(self, number: int) -> dict[str, str]:
        port = self._environment.get(PROBE_PORT, "")
        if port in {"", "0"}:
            return self._environment
        return {**self._environment, PROBE_PORT: str(int(port) + number)}


class _Kept:
    """One replica that is started again when it dies."""

    def __init__(self, number: int, environment: Mapping[str, str], on_line: OnLine) -> None:
        self._number = number
        self._environment = environment
        self._on_line = on_line
        self._process: asyncio.subprocess.Process | None = None
        self.leaving = False
        self.task = asyncio.create_task(self._keep_alive())

    @property
    def pid(self) -> int:
        """Of the process; 0 where there is none yet."""
        return self._process.pid if self._process else 0

    def leave(self) -> None:
        """Ask it to finish what it has and end."""
        self.leaving = True
        if self._process is not None:
            _terminate(self._process)

    def end(self) -> None:
        """Kill it where it has not ended."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        self.task.cancel()

    async def _keep_alive(self) -> None:
        while not self.leaving:
            self._process = process = await self._start()
            if self.leaving:
                _terminate(process)
            await self._follow(process)
            code = await process.wait()
            if self.leaving:
                return
            event = {"event": "replica died, starting another", "level": "error", "code": code}
            self._on_line(self._number, event)
            await asyncio.sleep(RESTART_PAUSE)

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("faststream"),
            "run",
            "consumers.app:app",
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # Ctrl-C is for this process alone: it asks the replicas to leave.
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()) if sys.platform == "linux" else None,
        )

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for raw in process.stdout:
            text = raw.decode(errors="replace").rstrip()
            try:
                event = json.loads(text)
            except ValueError:
                event = {"event": text, "level": "info"}
            self._on_line(self._number, event if isinstance(event, dict) else {"event": text})


def _terminate(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
