"""Finding the processes that a replica has started."""

from collections.abc import Iterator
from contextlib import suppress

import psutil

FORK_SERVER = "multiprocessing.forkserver"
SPAWNED = "spawn_main"


def fork_servers(pid: int) -> list[psutil.Process]:
    """The processes that a process has its children forked from: one, once there was a child."""
    return list(_children(pid, FORK_SERVER))


def card_readers(pid: int) -> list[psutil.Process]:
    """The processes that read cards for a process: those that its fork server has forked."""
    found: list[psutil.Process] = []
    for server in fork_servers(pid):
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
