"""Processes that end with the one that started them, even when that one is killed."""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.5


def end_with_parent(parent: int) -> None:
    """Have this process killed when its parent dies.

    On Linux the kernel does it; elsewhere a thread watches.

    Args:
        parent: the process id that `os.getppid()` has to give as long as the parent lives.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        return
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)
