"""PostgreSQL: migrations, permissions, the backend's table, encryption, room for connections."""

from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import class_row

from consumers.doctor.check import Check, Subject
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.conninfo import conninfo_from_url
from pipeline.storage.database import Database
from pipeline.storage.migrate import MigrationError, pending_migrations
from pipeline.storage.uploads import UploadStatus

POSTGRESQL = Subject("postgresql")
OLDEST = 130_000
MANY_ROWS = 10_000
"""From so many uploads on, looking for the unfinished ones takes an index."""
CROWDED = 0.85
OURS = (
    "ocr_attempts", "ocr_backfill", "ocr_dropped_letters", "ocr_fences", "ocr_migrations",
    "ocr_publications", "ocr_redis_outages", "scorecards",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server tells of itself and of us."""

    version: int
    version_text: str
    in_recovery: bool
    encrypted: bool
    local: bool
    """Over a socket, or on this machine."""
    connections: int
    max_connections: int
    role: str
    superuser: bool
    rows: int
    """Of `uploads`, as the planner estimates."""
    indexed: bool
    """Whether an index helps to find what is unfinished."""
    statuses: list[str]
    """Labels of the type of `uploads.status`; none where it is no enumeration."""
    refused: list[str]
    """What the role may not do, as `INSERT on uploads`."""


_FACTS = """
SELECT current_setting('server_version_num')::int AS version,
    current_setting('server_version') AS version_text,
    pg_is_in_recovery() AS in_recovery,
    coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
    coalesce(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true) AS local,
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend')
        AS connections,
    current_setting('max_connections')::int AS max_connections,
    current_user::text AS role,
    coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false) AS superuser,
    coalesce((SELECT greatest(reltuples, 0)::bigint FROM pg_class
        WHERE oid = to_regclass('uploads')), 0) AS rows,
    EXISTS (
        SELECT FROM pg_index WHERE indrelid = to_regclass('uploads')
            AND pg_get_indexdef(indexrelid) ~ '[^a-z_]status[^a-z_]'
    ) AS indexed,
    ARRAY(
        SELECT enumlabel::text FROM pg_enum JOIN pg_attribute ON atttypid = enumtypid
        WHERE attrelid = to_regclass('uploads') AND attname = 'status'
    ) AS statuses,
    ARRAY(
        SELECT privilege || ' on ' || name FROM (
            SELECT name, privilege FROM unnest(%(ours)s::text[]) AS name,
                unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
            UNION ALL
            SELECT 'uploads', unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'])
        ) AS needed
        WHERE to_regclass(name) IS NOT NULL
            AND NOT has_table_privilege(to_regclass(name), privilege)
    ) AS refused
"""


async def examine_postgresql(url: str, database: Database) -> list[Check]:
    """Look at the server and at our tables; one check alone where it does not answer."""
    try:
        facts = await _facts(database)
    except DatabaseUnavailable as error:
        return [
            POSTGRESQL.bad(
                "connection",
                str(error),
                'Mend DATABASE_URL, or start it: pg_isready -d "$DATABASE_URL"',
            )
        ]
    sslmode = conninfo_to_dict(conninfo_from_url(url)).get("sslmode")
    return [*judge_postgresql(facts, str(sslmode or "")), await _migrations(url)]


async def _facts(database: Database) -> Facts:
    async with (
        database.transaction() as connection,
        connection.cursor(row_factory=class_row(Facts)) as cursor,
    ):
        await cursor.execute(_FACTS, {"ours": list(OURS)})
        facts = await cursor.fetchone()
    if facts is None:
        raise LookupError("A row of constants is missing.")
    return facts


async def _migrations(url: str) -> Check:
    try:
        missing = await pending_migrations(url)
    except (MigrationError, DatabaseUnavailable, psycopg.Error) as error:
        return POSTGRESQL.bad("migrations", str(error), "cricksy-ocr migrate")
    if missing:
        text = f"Not applied yet: {', '.join(missing)}."
        return POSTGRESQL.warning("migrations", text, "cricksy-ocr migrate, or start a replica.")
    return POSTGRESQL.good("migrations", "up to date")


def judge_postgresql(facts: Facts, sslmode: str = "") -> list[Check]:
    """What the facts come to.

    Args:
        facts: of the server.
        sslmode: as libpq writes it, from DATABASE_URL; empty where it is not set there.
    """
    return [
        _version(facts),
        _permissions(facts),
        _statuses(facts),
        _index(facts),
        _connections(facts),
        _tls(facts, sslmode),
        _superuser(facts),
    ]


def _version(facts: Facts) -> Check:
    if facts.in_recovery:
        text = "It is a standby: it takes no writes."
        return POSTGRESQL.bad("version", text, "Let DATABASE_URL name the primary.")
    if facts.version < OLDEST:
        text = f"PostgreSQL {facts.version_text} is too old."
        return POSTGRESQL.bad("version", text, "PostgreSQL 13 or newer.")
    return POSTGRESQL.good("version", f"PostgreSQL {facts.version_text}")


def _permissions(facts: Facts) -> Check:
    # Canaries alone delete from `uploads`.
    needed = [each for each in facts.refused if each != "DELETE on uploads"]
    if needed:
        text = f"Role {facts.role} may not: {', '.join(needed)}."
        grants = "; ".join(f"GRANT {each} TO {facts.role}" for each in needed)
        return POSTGRESQL.bad("permissions", text, grants)
    if facts.refused:
        text = f"Role {facts.role} may not DELETE on uploads: canaries would leave their rows."
        remedy = f"GRANT DELETE ON uploads TO {facts.role}, or CRICKSY_CANARY_SECONDS=0"
        return POSTGRESQL.warning("permissions", text, remedy)
    return POSTGRESQL.good("permissions", f"role {facts.role} may do all that is needed")


def _statuses(facts: Facts) -> Check:
    missing = [each.value for each in UploadStatus if each.value not in facts.statuses]
    if facts.statuses and missing:
        return POSTGRESQL.bad(
            "uploads.status",
            f"Its type lacks {', '.join(missing)}.",
            "Bring the backend's own migrations up to date, or ALTER TYPE … ADD VALUE.",
        )
    return POSTGRESQL.good("uploads.status", "knows every status")


def _index(facts: Facts) -> Check:
    if facts.rows < MANY_ROWS or facts.indexed:
        return POSTGRESQL.good("uploads", f"about {facts.rows} rows")
    return POSTGRESQL.warning(
        "uploads",
        f"About {facts.rows} rows, and no index finds the unfinished ones. The table is the "
        "backend's and is not altered from here.",
        "CREATE INDEX CONCURRENTLY uploads_unfinished ON uploads (updated_at) "
        "WHERE status IN ('uploaded', 'processing'); "
        "CREATE INDEX CONCURRENTLY uploads_by_status ON uploads (status, created_at)",
    )


def _connections(facts: Facts) -> Check:
    text = f"{facts.connections} of {facts.max_connections} connections"
    if facts.connections < CROWDED * facts.max_connections:
        return POSTGRESQL.good("connections", text)
    remedy = "Raise max_connections, or put PgBouncer before it; a replica takes slots + 2."
    return POSTGRESQL.warning("connections", f"{text} are taken.", remedy)


def _superuser(facts: Facts) -> Check:
    if not facts.superuser:
        return POSTGRESQL.good("role", f"{facts.role}, no superuser")
    text = f"Role {facts.role} is a superuser: it may do more than is needed, also to the server."
    remedy = (
        "A role that owns this database alone: CREATE ROLE … LOGIN; ALTER DATABASE … OWNER TO …"
    )
    return POSTGRESQL.hint("role", text, remedy)


def _tls(facts: Facts, sslmode: str) -> Check:
    if facts.encrypted and not facts.local and not sslmode.startswith("verify-"):
        text = "TLS, but anybody's certificate is taken for the server's."
        remedy = "?sslmode=verify-full&sslrootcert=/path/ca.pem in DATABASE_URL"
        return POSTGRESQL.hint("encryption", text, remedy)
    if facts.encrypted:
        return POSTGRESQL.good("encryption", "TLS")
    if facts.local:
        return POSTGRESQL.good("encryption", "none, on this machine alone")
    text = "The connection is not encrypted."
    return POSTGRESQL.warning("encryption", text, "?sslmode=require in DATABASE_URL")
