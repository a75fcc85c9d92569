"""How the search for lost uploads rests, which reads all that wait."""

import time
from datetime import timedelta

from consumers.background import pause

REST = 10
"""After each page it rests for so many times what the page took, however many there are."""
LONGEST_REST = timedelta(seconds=5)
"""A page may have waited for a server that hung."""


class Unhurried:
    """Rests between the pages of a search, unless there is haste."""

    def __init__(self) -> None:
        self._hastily = False
        self._next_hastily = False
        self._page_began = 0.0

    def begin(self) -> None:
        """A search begins, with its first page."""
        self._hastily, self._next_hastily = self._next_hastily, False
        self._page_began = time.monotonic()

    def hurry(self) -> None:
        """The search under way rests no more, nor does the next, which begins after this moment."""
        self._hastily = self._next_hastily = True

    async def rest(self) -> None:
        """A page has ended, and another one follows."""
        if not self._hastily:
            took = timedelta(seconds=time.monotonic() - self._page_began)
            await pause(min(REST * took, LONGEST_REST))
        self._page_began = time.monotonic()
