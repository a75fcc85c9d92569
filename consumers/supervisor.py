"""The parent process of `faststream run --workers`."""

import os
import sys
import time
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from faststream._internal.cli import main as command
from faststream._internal.cli.supervisors.multiprocess import Multiprocess

log = structlog.get_logger(__name__)

CANNOT_GO_ON = os.EX_CONFIG
"""Exit code of a replica that would fail again if it were started again."""
CLOSING = timedelta(seconds=15)
"""How long a replica has, past its grace period, to hand back what it holds and close."""


class Workers(Multiprocess):
    """FastStream's supervisor, with another end.

    As it is, it asks one worker to leave, waits up to 30 s for its end, and only then asks the
    next: the last of N workers would go on claiming for all that time. And it starts a worker
    again for ever that says that it cannot go on.
    """

    def __init__(self, *args: Any, grace: timedelta, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience = grace + CLOSING

    def restart(self) -> None:
        """Start the workers again that have ended, unless one cannot go on."""
        if self._given_up():
            self.should_exit.set()
        else:
            super().restart()

    def shutdown(self) -> None:
        """Ask all workers to leave, wait for all, and end those that are still there."""
        for process in self.processes:
            process.terminate()
        end = time.monotonic() + self._patience.total_seconds()
        for process in self.processes:
            process.join(max(end - time.monotonic(), 0))
        for process in self.processes:
            if process.is_alive():
                log.critical("worker did not leave", pid=process.pid)
                process.kill()
                process.join()
        if self._given_up():
            sys.exit(CANNOT_GO_ON)

    def _given_up(self) -> bool:
        return any(process.exitcode == CANNOT_GO_ON for process in self.processes)


def stop_workers_together(grace: timedelta) -> None:
    """Have `faststream run --workers` supervise its workers as `Workers` does.

    Args:
        grace: how long a leaving replica finishes what it has in work.
    """
    # There is no hook for it.
    command.Multiprocess = partial(Workers, grace=grace)  # type: ignore[assignment, attr-defined]
