"""How often pebble looks after the child processes: often while one of them reads, else seldom.

Two threads of each pool wake up for it, which was a third of what an idle replica cost. What they
look for (a time limit, an interruption, a death, a worn process) is wanted at once only while
something is read.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from pebble import CONSTS

AT_WORK = 0.2
"""Seconds between looks while a child reads."""
AT_REST = 0.5
LINGERS = 1.0
"""Seconds after a reading in which attention is paid as if the next one had begun: changing pace
with every upload of many costs a tenth of what can pass."""


class Attention:
    """Paid to all children of a process alike, for pebble has one pace; by the event loop alone."""

    def __init__(self) -> None:
        self._readings = 0
        self._ending: asyncio.TimerHandle | None = None
        CONSTS.sleep_unit = AT_REST

    @contextmanager
    def paid(self) -> Iterator[None]:
        """Have them looked after often for the length of this block."""
        self._readings += 1
        if self._ending is not None:
            self._ending.cancel()
        CONSTS.sleep_unit = AT_WORK
        try:
            yield
        finally:
            self._readings -= 1
            if not self._readings:
                self._ending = asyncio.get_running_loop().call_later(LINGERS, self._rest)

    def _rest(self) -> None:
        CONSTS.sleep_unit = AT_REST


ATTENTION = Attention()
