"""What a child process that decodes strangers' files may do."""

import multiprocessing
import os
import resource
import signal

from consumers.orphans import end_with_parent


def confine(memory: int) -> None:
    """Bound this process, and tie its life to that of who started it.

    Args:
        memory: bytes of address space (RLIMIT_AS).
    """
    # Ctrl-C reaches the whole process group; the parent decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # A fork server ends with the process that it serves.
    end_with_parent(os.getppid())
    owner = multiprocessing.parent_process()
    if owner is None or not owner.is_alive():
        os.kill(os.getpid(), signal.SIGKILL)
