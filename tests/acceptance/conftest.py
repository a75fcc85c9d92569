"""A database that is up to date, and the system around it."""

import asyncio

import pytest

from pipeline.storage.migrate import migrate
from tests.acceptance.system import System


@pytest.fixture
def system(environment: dict[str, str]) -> System:
    asyncio.run(migrate(environment["DATABASE_URL"]))
    return System({**environment, "CRICKSY_CONCURRENCY": "1", "CRICKSY_LOG_LEVEL": "DEBUG"})
