"""What a child process that decodes strangers' files may do."""

import resource
import signal

from consumers.orphans import end_with_parent


def confine(parent: int, memory: int) -> None:
    """Bound this process, and tie its life to its parent's.

    Args:
        parent: process id of who started it.
        memory: bytes of address space (RLIMIT_AS).
    """
    # Ctrl-C reaches the whole process group; the parent decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    end_with_parent(parent)
