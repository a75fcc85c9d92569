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


class Replicas:
    """A number of replicas with one environment.

    Args:
        count: how many.
        environment: complete.
        on_line: told of each event that a replica logs.
    """

    def __init__(self, count: int, environment: Mapping[str, str], on_line: OnLine) -> None:
        self._count = count
        self._environment = dict(environment)
        self._on_line = on_line
        self._tasks: list[asyncio.Task[None]] = []
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._leaving = False

    async def __aenter__(self) -> "Replicas":
        self._tasks = [asyncio.create_task(self._keep_alive(n)) for n in range(self._count)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leaving = True
        for process in self._processes.values():
            _terminate(process)
        # What they log while they leave is told, too.
        await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep_alive(self, number: int) -> None:
        while not self._leaving:
            process = await self._start()
            self._processes[number] = process
            if self._leaving:
                _terminate(process)
            await self._follow(number, process)
            code = await process.wait()
            if self._leaving:
                return
            event = {"event": "replica died, starting another", "level": "error", "code": code}
            self._on_line(number, event)
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

    async def _follow(self, number: int, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for raw in process.stdout:
            text = raw.decode(errors="replace").rstrip()
            try:
                event = json.loads(text)
            except ValueError:
                event = {"event": text, "level": "info"}
            self._on_line(number, event if isinstance(event, dict) else {"event": text})


def _terminate(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
