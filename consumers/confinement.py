"""What a child process that decodes strangers' files may do."""

import multiprocessing
import os
import resource
import signal
from multiprocessing import forkserver

from consumers.orphans import end_with_parent


def confine(memory: int) -> None:
    """Bound this process, and tie its life to that of who started it.

    Args:
        memory: bytes of address space (RLIMIT_AS).
    """
    # Ctrl-C reaches the whole process group; the parent decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _let_go_of_server()
    end_with_parent(os.getppid())
    owner = multiprocessing.parent_process()
    if owner is None or not owner.is_alive():
        os.kill(os.getpid(), signal.SIGKILL)


def _let_go_of_server() -> None:
    """Close this process's hold on the fork server: else it, and so this, outlives a killed owner.

    The server ends when nobody holds its pipe any more, and each child is given an end of it, to
    start children of its own through the same server.
    """
    # There is no public way to it.
    held = forkserver._forkserver._forkserver_alive_fd  # type: ignore[attr-defined]  # noqa: SLF001
    if held is not None:
        os.close(held)
