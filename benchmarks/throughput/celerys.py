"""Celery with the old worker's task, tuned or as it was shipped."""

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import celery

from benchmarks.processes import Tree
from benchmarks.servers import OwnQueue
from benchmarks.throughput.loads import System

CELERY = Path(sys.executable).with_name("celery")
MODULE = "benchmarks.throughput.old_worker"
OF_WHEEL = Path(sys.executable).with_name("tesseract")
OF_DEBIAN = shutil.which("tesseract", path="/usr/bin")
"""None where it is not installed."""


class OldWorker(System):
    """One Celery worker with so many prefork children.

    Args:
        servers: environment that leads to them.
        children: how many.
        warm: read before anything counts.
        task: of `old_worker`.
        tuned: with OMP_THREAD_LIMIT=1 and the wheel's Tesseract; else as shipped, with Debian's.
    """

    def __init__(
        self,
        servers: Mapping[str, str],
        children: int,
        warm: bytes,
        *,
        tuned: bool,
        task: str = "process_upload_task",
    ) -> None:
        super().__init__(children, warm)
        self.name = "celery tuned" if tuned else "celery as shipped"
        self._task = f"{MODULE}.{task}"
        self.queue = OwnQueue(servers, "celery")
        kept = {k: v for k, v in self.queue.environment.items() if k != "OMP_THREAD_LIMIT"}
        self._environment = {
            **kept,
            # It warns of root, at length.
            "PYTHONWARNINGS": "ignore",
            "BENCH_BROKER": servers["CRICKSY_REDIS_URL"],
            "BENCH_QUEUE": self.queue.name,
            "BENCH_TESSERACT": str(OF_WHEEL if tuned else OF_DEBIAN),
            **({"OMP_THREAD_LIMIT": "1"} if tuned else {}),
        }
        self._sender = celery.Celery(broker=servers["CRICKSY_REDIS_URL"])
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [
                CELERY,
                f"--app={MODULE}",
                "worker",
                "--loglevel=ERROR",
                f"--queues={self.queue.name}",
                f"--concurrency={self.processes}",
                "--without-mingle",
                "--without-gossip",
            ],
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )
        self.tree = Tree((self._process.pid,))
        self.warm_up(2)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._sender.close()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def announce(self, uploads: Sequence[str]) -> float:
        """Send a message for each."""
        began = time.time()
        for each in uploads:
            self._sender.send_task(self._task, [each], queue=self.queue.name)
        return began

    def starts_of(self, uploads: Sequence[str]) -> list[float]:
        """When the task of each began; only `do_nothing` tells."""
        return [float(preview["began"]) for preview in self.queue.previews_of(uploads)]
