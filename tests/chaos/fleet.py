"""The replicas of a run: started as users start them, and started again whenever they die."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psutil

from consumers.orphans import end_with_parent
from tests.chaos.journal import Journal
from tests.chaos.points import FOLDER, VERSION
from tests.processes import card_readers, workers

FASTSTREAM = Path(sys.executable).with_name("faststream")
PROJECT = Path(__file__).parents[2]
RESTART_PAUSE = 0.2
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Service:
    """One `faststream run` that is kept alive."""

    workers: int | None = None
    """Replicas under FastStream's supervisor; None for one without it."""
    slots: int = 1
    """Uploads that each of its replicas reads at once."""
    version: str = "1"
    """What its replicas call their version of the software."""

    def command(self) -> list[str]:
        workers = [] if self.workers is None else ["--workers", str(self.workers)]
        return [str(FASTSTREAM), "run", "tests.chaos.app:app", *workers]


class Fleet:
    """Keeps a number of services alive.

    Args:
        services: what runs.
        environment: of the replicas.
        folder: of the run; the replicas' logs are written there.
        journal: in which the end of a service is told.
    """

    def __init__(
        self,
        services: list[Service],
        environment: Mapping[str, str],
        folder: Path,
        journal: Journal,
    ) -> None:
        self._services = services
        self._environment = {**environment, FOLDER: str(folder)}
        self._folder = folder
        self._journal = journal
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._sessions: set[int] = set()
        self._up: set[int] = set()
        self.stopped: set[int] = set()
        """Replicas that SIGSTOP holds at the moment."""
        self.starts = 0
        self.gave_up: list[int] = []
        """Exit codes of services that ended though nobody had killed or asked them."""

    async def __aenter__(self) -> "Fleet":
        self._keepers = [
            asyncio.create_task(self._keep_alive(number)) for number in range(len(self._services))
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(self._end(each) for each in self._running.values()))
        for session in self._sessions:
            with suppress(ProcessLookupError):
                os.killpg(session, signal.SIGKILL)

    def note(self, replica: int) -> None:
        """The replica has said that it reads."""
        self._up.add(replica)

    def up(self) -> list[int]:
        """Replicas that are up: they have read something, live, and are not stopped."""
        return [pid for pid in self._up if pid not in self.stopped and _lives(pid)]

    async def wait_until_up(self, count: int) -> None:
        """Wait until so many replicas are up."""
        while len(self.up()) < count:  # noqa: ASYNC110 -- processes give no event
            await asyncio.sleep(0.1)

    def children(self) -> list[int]:
        """Child processes of replicas that are up."""
        return [child.pid for replica in self.up() for child in card_readers(replica)]

    def supervisors(self) -> list[int]:
        """Parents of workers."""
        return [
            process.pid
            for number, process in self._running.items()
            if self._services[number].workers is not None and process.returncode is None
        ]

    def workers_of(self, supervisor: int) -> list[int]:
        """Replicas under a supervisor."""
        return [worker.pid for worker in workers(supervisor)]

    async def replace_by_other_version(self, number: int) -> None:
        """Have a service leave, and started again as a newer version, like a rolling update."""
        old = self._services[number]
        self._services[number] = replace(old, version=str(int(old.version) + 1))
        process = self._running.get(number)
        if process is not None and process.returncode is None:
            leaving = [process.pid] if old.workers is None else self.workers_of(process.pid)
            for replica in leaving:
                self._journal.tell("leaving", replica)
            self._up -= set(leaving)
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)

    def __len__(self) -> int:
        return len(self._services)

    async def _keep_alive(self, number: int) -> None:
        with (self._folder / f"replica-{number}.log").open("ab") as log:
            while True:
                service = self._services[number]
                process = await asyncio.create_subprocess_exec(
                    *service.command(),
                    cwd=PROJECT,
                    env={
                        **self._environment,
                        VERSION: service.version,
                        "CRICKSY_CONCURRENCY": str(service.slots),
                    },
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=partial(end_with_parent, os.getpid()),
                )
                self.starts += 1
                self._sessions.add(process.pid)
                self._running[number] = process
                code = await process.wait()
                # SIGTERM: a service that was to be replaced while it was still starting.
                if code not in {0, -signal.SIGKILL, -signal.SIGTERM}:
                    self.gave_up.append(code)
                self._journal.tell("ended", process.pid, code=code, at=time.time())
                await asyncio.sleep(RESTART_PAUSE)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        for replica in self.stopped:
            with suppress(ProcessLookupError):
                os.kill(replica, signal.SIGCONT)
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def _lives(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False
