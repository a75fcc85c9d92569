import asyncio

import psycopg
import pytest

from pipeline.errors import DatabaseUnavailable
from pipeline.storage.attempts import Delivery, Opened, open_attempt
from pipeline.storage.database import Database
from pipeline.storage.migrate import (
    Migration,
    MigrationError,
    migrate,
    pending_migrations,
    shipped_migrations,
)
from pipeline.storage.scorecards import Committed, commit
from pipeline.storage.uploads import NewUpload, get_upload, record_upload

NAMES = tuple(migration.name for migration in shipped_migrations())

# A backend that calls its columns by other types, has more of them, and more states.
BACKENDS_TABLE = """
CREATE TYPE upload_status AS ENUM (
    'quarantined', 'initiated', 'uploaded', 'processing', 'parsed', 'applied', 'failed',
    'cancelled'
);
CREATE TABLE uploads (
    id varchar(64) PRIMARY KEY, game_id varchar, user_id varchar, filename varchar NOT NULL,
    content_type varchar NOT NULL, file_size int NOT NULL, s3_bucket varchar NOT NULL,
    s3_key varchar NOT NULL, presigned_url text, status upload_status NOT NULL,
    parsed_preview jsonb, error_message text, retry_count int NOT NULL, created_at timestamp
    NOT NULL, updated_at timestamp NOT NULL, processed_at timestamp, applied_at timestamp,
    virus_scan text DEFAULT 'pending'
);
"""

# All that can be altered in a table: columns, indexes, constraints, triggers, the values of a type.
SHAPE = """
SELECT attname::text, format_type(atttypid, atttypmod), attnotnull::text
    FROM pg_attribute WHERE attrelid = 'uploads'::regclass AND attnum > 0
UNION ALL SELECT 'index', indexdef, '' FROM pg_indexes WHERE tablename = 'uploads'
UNION ALL SELECT 'constraint', pg_get_constraintdef(oid), contype::text
    FROM pg_constraint WHERE 'uploads'::regclass IN (conrelid, confrelid)
UNION ALL SELECT 'trigger', tgname::text, '' FROM pg_trigger WHERE tgrelid = 'uploads'::regclass
UNION ALL SELECT 'value', enumlabel::text, '' FROM pg_enum
ORDER BY 1, 2
"""


async def test_an_empty_database_gets_every_table_and_nothing_is_applied_twice(
    database_url: str,
) -> None:
    assert await pending_migrations(database_url) == NAMES
    assert await migrate(database_url) == NAMES
    assert await migrate(database_url) == ()
    assert await pending_migrations(database_url) == ()


async def test_replicas_that_start_together_apply_each_migration_once(database_url: str) -> None:
    applied = await asyncio.gather(*(migrate(database_url) for _ in range(4)))
    assert sorted(applied) == [(), (), (), NAMES]


async def test_the_backends_uploads_table_is_left_alone_and_can_be_worked_with(
    database_url: str,
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BACKENDS_TABLE)
        before = connection.execute(SHAPE).fetchall()
        await migrate(database_url)
        assert connection.execute(SHAPE).fetchall() == before

    async with Database(database_url) as database:
        await record_upload(database, NewUpload("u1", "a.png", "image/png", 9, "bucket", "a.png"))
        opened = await open_attempt(database, Delivery("u1", "1-0", "a", 1, None))
        assert isinstance(opened, Opened)
        committed = await commit(
            database,
            "u1",
            opened.fence,
            document={},
            verified=False,
            pipeline_version="1",
            preview={},
        )
        assert committed == Committed(1)
        upload = await get_upload(database, "u1")
    assert upload is not None
    assert upload.status == "parsed"


async def test_the_backend_may_delete_its_uploads(database: Database, upload: NewUpload) -> None:
    await open_attempt(database, Delivery(upload.id, "1-0", "a", 1, None))
    async with database.transaction() as connection:
        cursor = await connection.execute("DELETE FROM uploads")
        assert cursor.rowcount == 1


async def test_a_backends_table_that_lacks_a_column_is_named_with_it(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BACKENDS_TABLE)
        connection.execute("ALTER TABLE uploads DROP COLUMN parsed_preview")
    with pytest.raises(MigrationError, match="lacks parsed_preview"):
        await migrate(database_url)


async def test_a_file_that_was_changed_after_it_was_applied_is_named(database_url: str) -> None:
    first = Migration("0001_first", "CREATE TABLE first (id int)")
    await migrate_with_uploads(database_url, first)
    changed = Migration("0001_first", "CREATE TABLE first (id bigint)")
    with pytest.raises(MigrationError, match="changed since: 0001_first"):
        await migrate(database_url, [changed])


async def test_a_database_that_is_newer_than_the_software_says_to_start_the_newer_one(
    database_url: str,
) -> None:
    await migrate(database_url)
    newer = [*shipped_migrations(), Migration("9999_future", "CREATE TABLE future (id int)")]
    await migrate(database_url, newer)
    with pytest.raises(MigrationError, match="newer than this software: it has 9999_future"):
        await migrate(database_url)


async def test_a_migration_that_fails_leaves_nothing_behind(database_url: str) -> None:
    broken = [
        Migration("0001_good", "CREATE TABLE good (id int)"),
        Migration("0002_bad", "CREATE TABLE bad (id no_such_type)"),
    ]
    with pytest.raises(psycopg.errors.UndefinedObject):
        await migrate(database_url, broken)
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT to_regclass('good'), to_regclass('ocr_migrations')")
        assert found.fetchone() == (None, None)


async def test_a_role_that_may_not_create_tables_is_told_what_to_grant(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        role = f"guest_{connection.info.dbname[-12:]}"
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'guest'".encode())
        try:
            url = f"{database_url}?user={role}&password=guest"
            with pytest.raises(MigrationError, match="GRANT CREATE"):
                await migrate(url)
        finally:
            connection.execute(f"DROP ROLE {role}".encode())


async def test_a_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/nowhere"):
        await migrate("postgresql://127.0.0.1:1/nowhere")


async def migrate_with_uploads(database_url: str, migration: Migration) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BACKENDS_TABLE)
    await migrate(database_url, [migration])
