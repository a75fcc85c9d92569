"""How often pebble looks after the child processes: often while one of them reads, else seldom.

Two threads of each pool wake up for it, which was a third of what an idle replica cost. What they
look for (a time limit, an interruption, a death, a worn process) is wanted at once only while
something is read.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pebble import CONSTS

AT_WORK = CONSTS.sleep_unit
"""Seconds between looks while a child reads: pebble's own."""
AT_REST = 0.5


class Attention:
    """Paid to all children of a process alike, for pebble has one pace; by the event loop alone."""

    def __init__(self) -> None:
        self._readings = 0
        CONSTS.sleep_unit = AT_REST

    @contextmanager
    def paid(self) -> Iterator[None]:
        """Have them looked after often for the length of this block."""
        self._readings += 1
        CONSTS.sleep_unit = AT_WORK
        try:
            yield
        finally:
            self._readings -= 1
            if not self._readings:
                CONSTS.sleep_unit = AT_REST


ATTENTION = Attention()
