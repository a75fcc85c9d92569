"""What a replica does before its slots may claim."""

import asyncio
import gc
from collections.abc import Sequence

import structlog

from consumers.child_process import start_server
from consumers.children import Child
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.migrate import migrate

log = structlog.get_logger(__name__)

_MIGRATE_INTERVAL = 1.0
"""Seconds between tries while PostgreSQL is away."""


class Startup:
    """Brings the database up to date and the children to life.

    Args:
        database_url: of PostgreSQL.
        children: of all slots.
    """

    def __init__(self, database_url: str, children: Sequence[Child]) -> None:
        self._database_url = database_url
        self._children = children
        self.migrated = asyncio.Event()
        """Set as soon as the tables can be relied on."""

    async def run(self) -> None:
        """Does both at once; waits for a PostgreSQL that is away.

        Raises:
            MigrationError: the database cannot be brought up to date.
        """
        # An entry claimed before the children live would wait, while another replica could read it.
        await asyncio.gather(self._migrate(), self._warm_children())
        _set_aside_what_stays()

    async def _migrate(self) -> None:
        while True:
            try:
                applied = await migrate(self._database_url)
            except DatabaseUnavailable as error:
                log.warning("waiting for postgresql", error=str(error))
                await asyncio.sleep(_MIGRATE_INTERVAL)
            else:
                break
        if applied:
            log.info("database migrated", applied=applied)
        self.migrated.set()

    async def _warm_children(self) -> None:
        await asyncio.to_thread(start_server)
        for child in self._children:
            child.start()
        await asyncio.gather(*(child.warm() for child in self._children))


def _set_aside_what_stays() -> None:
    """Have garbage never again looked for in what has been loaded.

    Going through it all holds up the event loop for 70 ms or more, whenever Python decides to.
    """
    gc.collect()
    gc.freeze()
