"""The pool of PostgreSQL connections, and the one place where its absence becomes an error."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import psycopg
from psycopg import errors
from psycopg_pool import AsyncConnectionPool

from pipeline.errors import DatabaseUnavailable
from pipeline.storage.conninfo import address_of, conninfo_from_url

_UNAVAILABLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    # The server was demoted, or ended a session that had stopped: both pass, and psycopg counts
    # them as internal errors.
    errors.ReadOnlySqlTransaction,
    errors.IdleInTransactionSessionTimeout,
)

# The pool's own delays between attempts to connect double: after a minute's absence it would look
# again only half a minute later. Given up early, and begun anew while somebody waits, the attempts
# stay a second apart.
_GIVE_UP_CONNECTING = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class DatabaseTimeouts:
    """How long PostgreSQL may take before it counts as unavailable."""

    connect: timedelta = timedelta(seconds=5)
    """For a connection: a new one, or one that another caller gives back."""
    statement: timedelta = timedelta(seconds=10)
    """For one statement, and for a session that stands still in a transaction: then the server
    itself ends it and frees its locks."""
    transaction: timedelta = timedelta(seconds=15)
    """For a whole transaction, measured here: a hung server enforces nothing."""


@contextlib.contextmanager
def unavailable_if_away(address: str) -> Iterator[None]:
    """Turns what psycopg raises for a server that is away into `DatabaseUnavailable`."""
    try:
        yield
    except _UNAVAILABLE as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DatabaseUnavailable(f"PostgreSQL at {address} is unavailable: {reason}") from error


class Database:
    """PostgreSQL, by short transactions over a few pooled connections."""

    def __init__(
        self,
        url: str,
        *,
        max_connections: int = 4,
        application_name: str = "cricksy-ocr",
        timeouts: DatabaseTimeouts | None = None,
    ) -> None:
        timeouts = timeouts or DatabaseTimeouts()
        conninfo = conninfo_from_url(
            url,
            {
                "application_name": application_name,
                "connect_timeout": str(max(2, round(timeouts.connect.total_seconds()))),
            },
        )
        self.address = address_of(conninfo)
        """`host:port/dbname`, fit to be printed."""
        self.away = asyncio.Event()
        """Set from a transaction that found the server unavailable until the next that did not."""
        self._timeouts = timeouts
        self._max_connections = max_connections
        milliseconds = round(timeouts.statement.total_seconds() * 1000)
        # LOCAL: behind a pooler such as PgBouncer a session's settings would reach other clients.
        self._begin = (
            f"BEGIN; SET LOCAL statement_timeout = {milliseconds}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds}"
        ).encode()
        self._pool = AsyncConnectionPool(
            conninfo,
            # Statements prepared by name do not survive a pooler either. A transaction is begun
            # together with its settings, which saves the round trip of psycopg's own BEGIN.
            kwargs={"prepare_threshold": None, "autocommit": True},
            min_size=1,
            max_size=max_connections,
            open=False,
            timeout=timeouts.connect.total_seconds(),
            reconnect_timeout=_GIVE_UP_CONNECTING.total_seconds(),
            reconnect_failed=_try_again_if_wanted,
        )

    async def open(self) -> None:
        """Starts connecting; a server that is away is no error until something is asked of it."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def transaction(
        self, *, pipelined: bool = False
    ) -> AsyncIterator[psycopg.AsyncConnection]:
        """One transaction: committed at the end of the block, rolled back by an exception.

        Args:
            pipelined: statements whose results nobody fetches are sent together with the next, and
                what is wrong with them is raised there or at the end of the block. Until then
                `rowcount` tells nothing.

        Raises:
            DatabaseUnavailable: the server is away, hung or shutting down, a statement took too
                long or met a deadlock. Errors in the statements themselves are raised as they are.
        """
        try:
            with unavailable_if_away(self.address):
                async with self._connection() as connection:
                    if pipelined:
                        async with connection, connection.pipeline():
                            yield connection
                            # Travels with what is left; psycopg's own asks twice.
                            await connection.execute("COMMIT")
                    else:
                        async with connection:
                            yield connection
        except DatabaseUnavailable:
            self.away.set()
            raise
        self.away.clear()

    async def ping(self) -> None:
        """Asks the server for a sign of life.

        Raises:
            DatabaseUnavailable: it gave none.
        """
        async with self.transaction() as connection:
            await connection.execute("SELECT 1")

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection that has just begun a transaction, which is cut off in time.

        After a restart of the server every pooled connection is dead: as many are passed over.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._timeouts.transaction.total_seconds()
        for spare in reversed(range(self._max_connections + 1)):
            connection = await self._pool.getconn()
            cut = loop.call_at(ends, _cut, connection)
            try:
                try:
                    await connection.execute(self._begin)
                except psycopg.OperationalError:
                    if not spare or loop.time() >= ends:
                        raise
                    continue
                yield connection
                return
            finally:
                cut.cancel()
                await self._pool.putconn(connection)


async def _try_again_if_wanted(pool: AsyncConnectionPool) -> None:
    if pool.get_stats().get("requests_waiting"):
        await pool.check()


def _cut(connection: psycopg.AsyncConnection) -> None:
    """Ends a connection from this side: whoever waits for its answer gets an error now.

    Cancelling the wait would not do: psycopg then asks the hung server to cancel, and waits again.
    """
    with contextlib.suppress(OSError, psycopg.OperationalError):
        duplicate = os.dup(connection.pgconn.socket)
        with socket.socket(fileno=duplicate) as channel:
            channel.shutdown(socket.SHUT_RDWR)
