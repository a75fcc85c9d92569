"""What a child process does with the memory that a card has left free: the next card wants it.

Left to itself, glibc returns large arrays to the system one by one, and the system hands each out
again page by page: a tenth of a card's time. So a child keeps all of it, and gives it back when no
card has come for a while. musl and others have nothing of this kind, and do as they always do.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

REST = 1.0
"""Seconds without a card after which a child gives back what it keeps: a third of its memory."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""glibc's names for them in malloc.h: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""
_MOST = 2**30
"""Bytes, more than any array has."""


def keep_memory() -> None:
    """Have this process keep what is freed, for what is wanted next."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _MOST)
        mallopt(_TRIM_THRESHOLD, _MOST)


def give_memory_back() -> None:
    """Return what is free to the system; takes some milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class KeptMemory:
    """Lent to each card; some time after the last one it is given back.

    Args:
        rest: seconds until then.
    """

    def __init__(self, rest: float = REST) -> None:
        self._rest = rest
        self._at_rest: threading.Timer | None = None

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Keep the memory for the length of this block, and for a while after it."""
        if self._at_rest is not None:
            self._at_rest.cancel()
        try:
            yield
        finally:
            self._at_rest = threading.Timer(self._rest, give_memory_back)
            # Nobody waits for it where the process ends before.
            self._at_rest.daemon = True
            self._at_rest.start()
