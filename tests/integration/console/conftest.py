"""A console on real servers, answering over a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import uvicorn

from consumers.console.application import build
from consumers.console.server import Server
from consumers.console.service import Console
from consumers.stream import Client, Keys
from consumers.why import Rules
from pipeline.options import Limits
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from tests.wait import wait_until_async

TOKEN = "a token of the tests"
RULES = Rules(
    lease=timedelta(seconds=20),
    in_work=timedelta(seconds=300),
    max_retries=3,
    max_deliveries=3,
    link_life=timedelta(hours=1),
)


@pytest.fixture
async def console(
    client: Client,
    keys: Keys,
    database_url: str,
    s3_address: ObjectStoreAddress,
    s3_bucket: str,
) -> AsyncIterator[Console]:
    """This test's own queue, database and bucket; only this machine is let in."""
    await migrate(database_url)
    objects = ObjectStore(s3_address)
    async with Database(database_url) as database:
        yield Console(client, keys, database, objects, s3_bucket, RULES, Limits())
    objects.close()


Serve = Callable[[Console], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts the server of a console; gives a client of it."""
    async with AsyncExitStack() as stack:

        async def start(console: Console) -> httpx.AsyncClient:
            listening = socket.create_server(("127.0.0.1", 0))
            application = build(console)
            config = uvicorn.Config(application, log_level="warning", lifespan="off")
            server = Server(config, application)
            running = asyncio.create_task(server.serve(sockets=[listening]))

            async def stop() -> None:
                server.should_exit = True
                await running
                listening.close()

            stack.push_async_callback(stop)
            await wait_until_async(lambda: server.started)
            port = listening.getsockname()[1]
            return await stack.enter_async_context(
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)
            )

        yield start


@pytest.fixture
async def browser(console: Console, serve: Serve) -> httpx.AsyncClient:
    """A client on this machine of a console without a token."""
    return await serve(console)


@pytest.fixture
def guarded(console: Console) -> Console:
    """The same console with a token."""
    return replace(console, token=TOKEN)
