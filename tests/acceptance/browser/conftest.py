"""One site for all of these tests, and a browser for each of them."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.async_api import Browser, Page, expect
from psycopg import sql

from deploy.devstack import DevStack
from pipeline.storage.migrate import migrate
from tests.acceptance.browser.chromium import running_chromium
from tests.acceptance.browser.site import Site, running_console
from tests.acceptance.system import System
from tests.conftest import OF_THE_PROJECT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_system(stack: DevStack, s3_client: "S3Client") -> System:
    """A stream, a database and a bucket of these tests."""
    name = f"browser-{uuid.uuid4().hex[:8]}"
    server = stack.environment["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    s3_client.create_bucket(Bucket=name)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OF_THE_PROJECT)}
    system = System(
        {
            **inherited,
            **stack.environment,
            "DATABASE_URL": f"{server.rpartition('/')[0]}/{name}",
            "CRICKSY_STREAM": f"{{{name}}}:uploads",
            "CRICKSY_S3_BUCKET": name,
            "CRICKSY_CONCURRENCY": "1",
            "CRICKSY_LEASE_SECONDS": "2",
        }
    )
    asyncio.run(migrate(system.environment["DATABASE_URL"]))
    return system


@pytest.fixture(scope="session")
def site(browser_system: System) -> Iterator[Site]:
    with running_console(browser_system) as site:
        yield site


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_chromium() as browser:
        yield browser


@pytest.fixture
async def page(chromium: Browser, site: Site) -> AsyncIterator[Page]:
    """A tab of the console; nothing may go wrong in it, and nothing may be asked of elsewhere."""
    context = await chromium.new_context(base_url=site.address)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    yield page
    await context.close()
    # Answers such as 409 are told to the console of the browser, too: tests look at the page.
    assert [each for each in wrong if "Failed to load resource" not in each] == []
    assert asked <= {"127.0.0.1"}
