"""One look at the queue for all who ask at about the same time: open pages refresh together."""

import asyncio
import time

from consumers.console.service import Console
from consumers.operations.overview import Overview, take_overview

FRESH = 0.8
"""Seconds for which a look is good: less than between two refreshes of a page."""


class Sight:
    """Looks, and remembers for a moment.

    Args:
        console: what is looked at.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._looking = asyncio.Lock()
        self._seen: tuple[float, Overview] | None = None

    async def overview(self) -> Overview:
        """The whole queue, as it was a moment ago at most.

        Raises:
            RedisError: Redis does not answer.
        """
        async with self._looking:
            if self._seen is not None and time.monotonic() - self._seen[0] < FRESH:
                return self._seen[1]
            console = self._console
            found = await take_overview(console.client, console.keys, console.database)
            self._seen = (time.monotonic(), found)
            return found

    def forget(self) -> None:
        """Look anew: something was done from here."""
        self._seen = None
