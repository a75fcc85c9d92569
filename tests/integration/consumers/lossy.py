"""A real database whose answers get lost on the way back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database


class LossyDatabase(Database):
    """Commits what it is given; from a certain transaction on, nobody hears that it did."""

    heard: int
    """Transactions whose answer still comes."""

    @asynccontextmanager
    async def transaction(
        self, *, pipelined: bool = False
    ) -> AsyncIterator[psycopg.AsyncConnection]:
        async with super().transaction(pipelined=pipelined) as connection:
            yield connection
        self.heard -= 1
        if self.heard < 0:
            raise DatabaseUnavailable("The connection was lost.")
