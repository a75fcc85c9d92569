"""The servers that the settings name, opened for one command."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TypeVar

from consumers.connection import connect
from consumers.object_store import object_store
from consumers.settings import Settings, load_settings
from consumers.stream import Client, Keys
from consumers.why import Rules
from otel.provider import SERVICE, start_telemetry
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.objects import ObjectStore

T = TypeVar("T")

LAST_SPANS = timedelta(seconds=3)
"""For what a command has still to tell; a collector may be away."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Redis, PostgreSQL and S3 behind a command."""

    settings: Settings
    client: Client
    keys: Keys
    database: Database
    objects: ObjectStore


@asynccontextmanager
async def open_servers(
    settings: Settings, *, tells_of_absence: bool = False, up_to_date: bool = True
) -> AsyncIterator[Servers]:
    """Connect; the database is brought up to date, for a command may come before a replica.

    Args:
        settings: of this process.
        tells_of_absence: the command has something to say also while PostgreSQL is away.
        up_to_date: False to leave the database as it is.
    """
    try:
        if up_to_date:
            await migrate(settings.database_url.get_secret_value())
    except DatabaseUnavailable:
        if not tells_of_absence:
            raise
    telemetry = start_telemetry(SERVICE, version(SERVICE), "cricksy-ocr")
    client = connect(settings.redis_url.get_secret_value(), settings.stream)
    objects = object_store(settings)
    try:
        async with Database(settings.database_url.get_secret_value()) as database:
            keys = Keys(settings.stream, settings.group)
            yield Servers(settings, client, keys, database, objects)
    finally:
        await client.aclose()
        objects.close()
        await asyncio.to_thread(telemetry.close, LAST_SPANS)


def with_servers(work: Callable[[Servers], Awaitable[T]], *, tells_of_absence: bool = False) -> T:
    """Run a command's work against the servers of this process's environment."""

    async def run() -> T:
        async with open_servers(load_settings(), tells_of_absence=tells_of_absence) as servers:
            return await work(servers)

    return asyncio.run(run())


def rules_of(settings: Settings) -> Rules:
    """What of the settings decides an upload's way."""
    return Rules(
        lease=settings.lease_seconds,
        in_work=settings.upload_timeout_seconds,
        max_retries=settings.max_retries,
        max_deliveries=settings.max_deliveries,
        link_life=settings.s3_presigned_url_expiry,
    )
