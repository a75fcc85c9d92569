"""Processes that end with the one that started them, even when that one is killed."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.5


def end_with_parent(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process sent a signal when its parent dies.

    On Linux the kernel does it; elsewhere a thread watches.

    Args:
        parent: the process id that `os.getppid()` has to give as long as the parent lives.
        by: the signal.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:
            os.kill(os.getpid(), by)
        return
    threading.Thread(target=_watch, args=(parent, by), daemon=True).start()


def pid_of_parent() -> int:
    """Of the process that started this one, also where that has died by now."""
    parent = multiprocessing.parent_process()
    return os.getppid() if parent is None or parent.pid is None else parent.pid


def _watch(parent: int, by: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), by)
