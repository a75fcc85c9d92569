"""Database URLs as backends write them, turned into what libpq reads."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_SCHEME = re.compile(r"^postgres(?:ql)?(?:\+[a-z0-9_]+)?://", re.IGNORECASE)

# One port a host; libpq looks at them only when it connects, and then quotes them.
_PORTS = re.compile(r"[0-9,]*")

# For all that libpq rejects or would misread: its own messages may quote a piece of the password.
_UNREADABLE = (
    "The database URL cannot be read. It is written postgresql://user:password@host:port/name, "
    "in the password %40 for @, %3A for :, %2F for /, %3F for ? and %23 for #."
)

# asyncpg's `ssl` option takes libpq's modes and booleans.
_SSL_MODES = {"true": "require", "1": "require", "false": "disable", "0": "disable"}

# Options of SQLAlchemy's asyncpg dialect that steer that driver alone.
_FOREIGN_OPTIONS = frozenset(
    {
        "async_fallback",
        "command_timeout",
        "direct_tls",
        "max_cacheable_statement_size",
        "max_cached_statement_lifetime",
        "prepared_statement_cache_size",
        "prepared_statement_name_func",
        "statement_cache_size",
    }
)

# A peer that vanished without a word is noticed within seconds (milliseconds for
# `tcp_user_timeout`); libpq's own defaults are hours.
_KEEPALIVE = {
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


def conninfo_from_url(url: str, defaults: Mapping[str, str] | None = None) -> str:
    """The libpq connection string of a database URL.

    Args:
        url: `postgresql://…`, `postgres://…`, either with a driver (`postgresql+asyncpg://…`), or
            libpq's own `host=… dbname=…`. SQLAlchemy's `?ssl=require` becomes `sslmode`; options
            that steer asyncpg alone are dropped.
        defaults: libpq options for what the URL leaves open.

    Raises:
        ValueError: the URL cannot be understood. The sentence repeats nothing secret.
    """
    given = _options_of_url(url) if "://" in url else _parsed(url)
    return make_conninfo(**{**_KEEPALIVE, **(defaults or {}), **given})


def address_of(conninfo: str) -> str:
    """`host:port/dbname` of a connection string: for messages, without user and password."""
    options = conninfo_to_dict(conninfo)
    host = options.get("host") or options.get("hostaddr") or "localhost"
    name = options.get("dbname") or options.get("user") or ""
    return f"{host}:{options.get('port') or 5432}/{name}"


def _options_of_url(url: str) -> dict[str, str]:
    if not _SCHEME.match(url):
        raise ValueError("The database URL must begin with postgresql:// or postgresql+asyncpg://.")
    address, _, query = url.partition("?")
    authority, _, path = address.partition("://")[2].partition("/")
    # An unescaped password, cut at the wrong place, would end in the address and be printed.
    astray = "@" in path or authority.count("@") > 1 or ("@" in query and "@" not in authority)
    if astray or "#" in url:
        raise ValueError(_UNREADABLE)
    return _parsed(f"postgresql://{authority}/{path}") | _options_of_query(query)


def _options_of_query(query: str) -> dict[str, str]:
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "ssl":
            options["sslmode"] = _SSL_MODES.get(value.lower(), value.lower())
        elif name == "timeout":
            options["connect_timeout"] = value
        elif name in known:
            options[name] = value
        elif name not in _FOREIGN_OPTIONS:
            raise ValueError(f"The database URL sets {name!r}, which PostgreSQL does not know.")
    return options


def _parsed(conninfo: str) -> dict[str, str]:
    try:
        options = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise ValueError(_UNREADABLE) from None
    if not _PORTS.fullmatch(str(options.get("port", ""))):
        raise ValueError(_UNREADABLE)
    return {name: str(value) for name, value in options.items() if value is not None}
