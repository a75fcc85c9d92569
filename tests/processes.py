"""Finding the processes that a replica has started."""

from collections.abc import Iterator
from contextlib import suppress

import psutil

FORK_SERVER = "multiprocessing.forkserver"
SPAWNED = "spawn_main"


def card_readers(pid: int) -> list[psutil.Process]:
    """The processes that read cards for a process: those that its fork server has forked."""
    found: list[psutil.Process] = []
    for server in _children(pid, FORK_SERVER):
        with suppress(psutil.NoSuchProcess):
            found += server.children()
    return found


def workers(supervisor: int) -> list[psutil.Process]:
    """The replicas under `--workers`."""
    return list(_children(supervisor, SPAWNED))


def _children(pid: int, mark: str) -> Iterator[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if any(mark in part for part in child.cmdline()):
                    yield child
