"""Redis or Valkey: version, persistence, eviction, TLS, memory."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from redis.exceptions import RedisError, ResponseError

from consumers.doctor.check import Check, Subject
from consumers.stream import Client

REDIS = Subject("redis")
OLDEST_REDIS = (7, 0)
OLDEST_VALKEY = (8, 0)
FULL = 0.85
"""Share of the memory from which on it is time to look."""
LOOPBACK = {"localhost", "127.0.0.1", "::1", None}


async def examine_redis(client: Client, url: str) -> list[Check]:
    """Look at the server; one check alone where it does not answer."""
    try:
        info: Mapping[str, Any] = await client.info()
    except (RedisError, OSError) as error:
        return [
            REDIS.bad(
                "connection",
                f"It does not answer: {error}",
                "Start it, or mend CRICKSY_REDIS_URL (rediss:// for TLS, the password in it).",
            )
        ]
    try:
        await client.eval("return 1", 0)
    except ResponseError as error:
        scripts = [
            REDIS.bad(
                "scripts",
                f"Lua scripts are refused: {error}",
                "Allow EVAL and EVALSHA to this user: ACL SETUSER … +@scripting",
            )
        ]
    else:
        scripts = []
    return [*judge_redis(info, url, snapshots=await _snapshots(client)), *scripts]


async def _snapshots(client: Client) -> bool | None:
    """Whether it writes RDB snapshots by itself; None where it does not tell."""
    try:
        answer: Any = await client.config_get("save")
    except (RedisError, OSError):
        return None
    return bool(answer.get("save") or answer.get(b"save"))


def judge_redis(info: Mapping[str, Any], url: str, *, snapshots: bool | None) -> list[Check]:
    """What INFO comes to.

    Args:
        info: as redis-py gives it.
        url: of the connection.
        snapshots: whether RDB snapshots are written; None where that is not told.
    """
    return [
        _version(info),
        _role(info),
        _persistence(info, snapshots=snapshots),
        _eviction(info),
        _memory(info),
        _tls(url),
    ]


def _version(info: Mapping[str, Any]) -> Check:
    valkey = info.get("valkey_version")
    name, text = ("Valkey", str(valkey)) if valkey else ("Redis", str(info["redis_version"]))
    oldest = OLDEST_VALKEY if valkey else OLDEST_REDIS
    numbers = tuple(int(part) for part in text.split(".")[:2] if part.isdecimal())
    if numbers >= oldest:
        return REDIS.good("version", f"{name} {text}")
    return REDIS.bad("version", f"{name} {text} is too old.", "Redis 7.0 or Valkey 8, or newer.")


def _role(info: Mapping[str, Any]) -> Check:
    if info.get("role") == "master":
        return REDIS.good("role", "primary")
    return REDIS.bad(
        "role",
        "It is a replica: it takes no writes.",
        "Let CRICKSY_REDIS_URL name the primary.",
    )


def _persistence(info: Mapping[str, Any], *, snapshots: bool | None) -> Check:
    if info.get("aof_enabled"):
        if info.get("aof_last_write_status", "ok") != "ok":
            text = "The append-only file cannot be written."
            return REDIS.bad("persistence", text, "Make room on its disk; see its log.")
        return REDIS.good("persistence", "append-only file")
    remedy = (
        "redis-cli CONFIG SET appendonly yes, and appendonly yes in its configuration. Without it "
        "PostgreSQL still knows every upload, and the watcher publishes what was lost again."
    )
    if snapshots:
        text = "Snapshots only: a crash loses the entries since the last one."
    elif snapshots is None:
        text = "No append-only file; whether it writes snapshots it does not tell."
    else:
        text = "Nothing is written to disk: a restart loses every entry."
    return REDIS.warning("persistence", text, remedy)


def _eviction(info: Mapping[str, Any]) -> Check:
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy == "noeviction":
        return REDIS.good("eviction", "noeviction")
    text = f"Policy {policy}: when its memory is full it may drop the stream."
    return REDIS.bad("eviction", text, "redis-cli CONFIG SET maxmemory-policy noeviction")


def _memory(info: Mapping[str, Any]) -> Check:
    used = int(info["used_memory"])
    limit = int(info.get("maxmemory") or info.get("total_system_memory") or 0)
    if not limit:
        return REDIS.good("memory", f"{used / 1e6:.0f} MB used")
    text = f"{used / 1e6:.0f} of {limit / 1e6:.0f} MB used"
    if used < FULL * limit:
        return REDIS.good("memory", text)
    return REDIS.warning("memory", f"{text}.", "redis-cli --bigkeys; raise maxmemory.")


def _tls(url: str) -> Check:
    address = urlsplit(url)
    if address.scheme == "rediss":
        return REDIS.good("encryption", "TLS")
    if address.scheme == "unix" or address.hostname in LOOPBACK:
        return REDIS.good("encryption", "none, on this machine alone")
    password = "" if address.password else ", and there is no password"
    return REDIS.warning(
        "encryption",
        f"The connection to {address.hostname} is not encrypted{password}.",
        "rediss:// in CRICKSY_REDIS_URL, and tls-port in the server's configuration.",
    )
