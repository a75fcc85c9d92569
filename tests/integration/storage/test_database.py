import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest

from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database, DatabaseTimeouts
from tests.integration.storage.proxy import Proxy

SHORT = DatabaseTimeouts(
    connect=timedelta(seconds=1),
    statement=timedelta(seconds=0.5),
    transaction=timedelta(seconds=1),
)


async def answers(database: Database) -> bool:
    try:
        await database.ping()
    except DatabaseUnavailable:
        return False
    return True


@pytest.fixture
async def proxy(database_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(urlsplit(database_url).port or 5432) as proxy:
        yield proxy


@pytest.fixture
async def through_proxy(database_url: str, proxy: Proxy) -> AsyncIterator[Database]:
    port = urlsplit(database_url).port or 5432
    url = database_url.replace(f":{port}/", f":{proxy.port}/")
    async with Database(url, timeouts=SHORT) as database:
        yield database


async def test_the_url_of_sqlalchemy_opens_the_same_database(database_url: str) -> None:
    url = database_url.replace("postgresql://", "postgresql+asyncpg://")
    async with Database(url + "?ssl=prefer&prepared_statement_cache_size=0") as database:
        await database.ping()


async def test_a_server_that_is_away_is_unavailable_within_seconds_and_no_error_before_it_is_asked(
    proxy: Proxy, through_proxy: Database
) -> None:
    await proxy.stop()
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match=through_proxy.address):
        await through_proxy.ping()
    assert time.monotonic() - began < 3


async def test_the_pool_works_again_at_once_when_the_server_is_back(
    proxy: Proxy, through_proxy: Database
) -> None:
    await through_proxy.ping()
    await proxy.stop()
    # So long that delays which double would have reached four seconds.
    away = time.monotonic() + 4
    while time.monotonic() < away:
        assert not await answers(through_proxy)
    await proxy.start()
    async with asyncio.timeout(2):
        while not await answers(through_proxy):
            pass


async def test_who_waits_for_a_connection_gets_one_when_the_server_comes_back(
    proxy: Proxy, database_url: str
) -> None:
    await proxy.stop()
    port = urlsplit(database_url).port
    async with Database(database_url.replace(f":{port}/", f":{proxy.port}/")) as database:
        waiting = asyncio.create_task(database.ping())
        await asyncio.wait([waiting], timeout=2.5)
        assert not waiting.done()
        await proxy.start()
        async with asyncio.timeout(2):
            await waiting


async def test_connections_that_died_in_the_pool_are_passed_over(
    database_url: str, database: Database
) -> None:
    async with database.transaction(), database.transaction(), database.transaction():
        pass
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await database.ping()


async def test_a_server_that_hangs_is_unavailable_when_the_transaction_has_had_its_time(
    proxy: Proxy, through_proxy: Database
) -> None:
    await through_proxy.ping()
    began = time.monotonic()

    async def ask_a_hung_server() -> None:
        async with through_proxy.transaction() as connection:
            proxy.freeze()
            await connection.execute("SELECT 1")

    with pytest.raises(DatabaseUnavailable):
        await ask_a_hung_server()
    assert time.monotonic() - began < 3


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(
    through_proxy: Database,
) -> None:
    with pytest.raises(DatabaseUnavailable, match="statement timeout"):
        async with through_proxy.transaction() as connection:
            await connection.execute("SELECT pg_sleep(30)")


async def test_a_transaction_that_stands_still_is_ended_by_the_server_and_frees_its_locks(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE cards (id int)")

    async def sleep_with_the_lock(sleepy: Database) -> None:
        async with sleepy.transaction() as sleeper:
            await sleeper.execute("LOCK TABLE cards")
            async with database.transaction() as connection:
                await connection.execute("SELECT * FROM cards")
            await sleeper.execute("SELECT 1")

    standing = DatabaseTimeouts(statement=timedelta(seconds=0.5), transaction=timedelta(minutes=1))
    async with Database(database_url, timeouts=standing) as sleepy:
        with pytest.raises(DatabaseUnavailable, match="idle-in-transaction"):
            await sleep_with_the_lock(sleepy)


async def test_an_exception_rolls_the_transaction_back(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE cards (id int)")

    async def insert_and_fail() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO cards VALUES (1)")
            await connection.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        await insert_and_fail()
    async with database.transaction() as connection:
        cursor = await connection.execute("SELECT count(*) FROM cards")
        assert await cursor.fetchone() == (0,)


async def test_a_fault_in_a_statement_is_raised_as_it_is(database: Database) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        async with database.transaction() as connection:
            await connection.execute("SELECT * FROM no_such_table")


async def test_a_wrong_password_or_name_is_told_without_the_password(database_url: str) -> None:
    url = database_url.rsplit("/", 1)[0] + "/no_such_database?password=hush"
    async with Database(url, timeouts=SHORT) as database:
        with pytest.raises(DatabaseUnavailable) as raised:
            await database.ping()
    assert "no_such_database" in str(raised.value)
    assert "hush" not in str(raised.value)


@pytest.fixture
async def notes(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as database:
        async with database.transaction() as connection:
            await connection.execute("CREATE TABLE notes (id int PRIMARY KEY)")
        yield database
        async with database.transaction() as connection:
            await connection.execute("DROP TABLE notes")


async def noted(database: Database) -> list[int]:
    async with database.transaction() as connection:
        cursor = await connection.execute("SELECT id FROM notes ORDER BY id")
        return [row[0] for row in await cursor.fetchall()]


async def note(database: Database, *ids: int, then: Exception | None = None) -> list[int]:
    """Write them in a pipeline, nobody asking what became of any but the first."""
    async with database.transaction(pipelined=True) as connection:
        cursors = [
            await connection.execute("INSERT INTO notes VALUES (%s) RETURNING id", [each])
            for each in ids
        ]
        if then is not None:
            raise then
        return [row[0] for row in await cursors[0].fetchall()]


async def test_what_a_pipeline_wrote_stands_when_its_block_has_ended(notes: Database) -> None:
    assert await note(notes, 1, 2) == [1]

    assert await noted(notes) == [1, 2]


async def test_an_exception_takes_back_what_a_pipeline_wrote(notes: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        await note(notes, 1, then=ValueError("no"))

    assert await noted(notes) == []


async def test_a_statement_that_nobody_asked_about_takes_all_of_a_pipeline_back(
    notes: Database,
) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        await note(notes, 1, 1)

    assert await noted(notes) == []
    assert await note(notes, 2) == [2]
