"""Brings a database up to date: the numbered files of `migrations/`, once each and in order."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import errors

from pipeline.storage.conninfo import address_of, conninfo_from_url
from pipeline.storage.database import unavailable_if_away

# "ocr" in ASCII: replicas that start together wait for each other under this number.
_ADVISORY_LOCK = 0x6F6372

# Columns of the backend's table that are read or written here.
_UPLOAD_COLUMNS = frozenset(
    {
        "id",
        "game_id",
        "user_id",
        "filename",
        "content_type",
        "file_size",
        "s3_bucket",
        "s3_key",
        "presigned_url",
        "status",
        "parsed_preview",
        "error_message",
        "retry_count",
        "created_at",
        "updated_at",
        "processed_at",
        "applied_at",
    }
)


class MigrationError(Exception):
    """The database cannot be brought up to date; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of SQL."""

    name: str
    """`0001_uploads`: the order of names is the order of application."""
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped_migrations() -> tuple[Migration, ...]:
    """The migrations of this version, in order."""
    folder = resources.files("pipeline.storage") / "migrations"
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    migrations = (
        Migration(file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in files
    )
    return tuple(sorted(migrations, key=lambda migration: migration.name))


async def migrate(url: str, migrations: Sequence[Migration] | None = None) -> tuple[str, ...]:
    """Applies what is missing, all of it or nothing, and returns the names of what it applied.

    Args:
        url: the database, as `conninfo_from_url` takes it.
        migrations: what to apply; this version's own unless given.

    Raises:
        MigrationError: an applied file has changed, the database is newer than this code, its
            `uploads` table lacks a column, or the role may not create tables.
        DatabaseUnavailable: the server does not answer.
    """
    shipped = shipped_migrations() if migrations is None else migrations
    async with _exclusive(url) as connection:
        missing = _missing(shipped, await _applied(connection))
        for migration in missing:
            await connection.execute(migration.sql.encode())
            await connection.execute(_RECORD, (migration.name, migration.checksum))
        await _require_upload_columns(connection)
    return tuple(migration.name for migration in missing)


async def pending_migrations(url: str) -> tuple[str, ...]:
    """The names of what `migrate` would apply.

    Raises:
        MigrationError: as `migrate`.
        DatabaseUnavailable: the server does not answer.
    """
    async with _exclusive(url) as connection:
        return tuple(m.name for m in _missing(shipped_migrations(), await _applied(connection)))


# A replica that stops while it holds the lock must not hold up the others for good.
_LIMIT_IDLENESS = "SET LOCAL idle_in_transaction_session_timeout = '60s'"

# Makes whoever comes second wait until the first has committed.
_LOCK = "SELECT pg_advisory_xact_lock(%s)"

_CREATE_RECORD = """
CREATE TABLE IF NOT EXISTS ocr_migrations (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""

_APPLIED = "SELECT name, checksum FROM ocr_migrations ORDER BY name"

_RECORD = "INSERT INTO ocr_migrations (name, checksum) VALUES (%s, %s)"

# The columns that the table really has: it may be the backend's.
_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = to_regclass('uploads') AND attnum > 0 AND NOT attisdropped
"""


@asynccontextmanager
async def _exclusive(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """A transaction of which there is one at a time in the database."""
    conninfo = conninfo_from_url(url, {"connect_timeout": "5", "application_name": "cricksy-ocr"})
    address = address_of(conninfo)
    try:
        with unavailable_if_away(address):
            async with await psycopg.AsyncConnection.connect(conninfo) as connection:
                await connection.execute(_LIMIT_IDLENESS)
                await connection.execute(_LOCK, (_ADVISORY_LOCK,))
                yield connection
    except errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"The role in DATABASE_URL may not change {address}: {error.diag.message_primary}. "
            "Run `cricksy-ocr migrate` with the role that owns the schema, or GRANT CREATE ON "
            "SCHEMA to this one."
        ) from error


async def _applied(connection: psycopg.AsyncConnection) -> dict[str, str]:
    """Checksums of what the database has, by name."""
    await connection.execute(_CREATE_RECORD)
    rows = await (await connection.execute(_APPLIED)).fetchall()
    return dict(rows)


def _missing(shipped: Iterable[Migration], applied: dict[str, str]) -> list[Migration]:
    known = {migration.name: migration for migration in shipped}
    if newer := sorted(applied.keys() - known.keys()):
        raise MigrationError(
            f"The database is newer than this software: it has {', '.join(newer)}. "
            "Start the version that brought it up to date, or a later one."
        )
    changed = [name for name, checksum in applied.items() if known[name].checksum != checksum]
    if changed:
        raise MigrationError(
            f"Already applied, but changed since: {', '.join(changed)}. "
            "Put the file back as it was released and make the change in a new file."
        )
    return [migration for name, migration in known.items() if name not in applied]


async def _require_upload_columns(connection: psycopg.AsyncConnection) -> None:
    rows = await (await connection.execute(_COLUMNS)).fetchall()
    if missing := sorted(_UPLOAD_COLUMNS - {name for (name,) in rows}):
        raise MigrationError(
            f"The `uploads` table lacks {', '.join(missing)}. It is the backend's and is not "
            "altered from here: bring the backend's own migrations up to date first."
        )
