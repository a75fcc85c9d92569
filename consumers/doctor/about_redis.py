"""Redis or Valkey: version, persistence, eviction, memory, TLS, password and user."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from redis.exceptions import RedisError, ResponseError

from consumers.doctor.check import Check, Subject
from consumers.doctor.network import is_here
from consumers.stream import Client

REDIS = Subject("redis")
OLDEST_REDIS = (7, 0)
OLDEST_VALKEY = (8, 0)
FULL = 0.85
"""Share of the memory from which on it is time to look."""
EVERYBODY = "default"
"""The user that may do everything, and that who logs in with a password alone is."""


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
    judged = judge_redis(info, url, snapshots=await _snapshots(client), user=await _user(client))
    return [*judged, *scripts]


async def _snapshots(client: Client) -> bool | None:
    """Whether it writes RDB snapshots by itself; None where it does not tell."""
    try:
        answer: Any = await client.config_get("save")
    except (RedisError, OSError):
        return None
    return bool(answer.get("save") or answer.get(b"save"))


async def _user(client: Client) -> str | None:
    """By the name that the server has for us; None where it does not tell."""
    try:
        answer: Any = await client.acl_whoami()
    except (RedisError, OSError):
        return None
    return answer.decode() if isinstance(answer, bytes) else str(answer)


def judge_redis(
    info: Mapping[str, Any], url: str, *, snapshots: bool | None, user: str | None = None
) -> list[Check]:
    """What INFO comes to.

    Args:
        info: as redis-py gives it.
        url: of the connection.
        snapshots: whether RDB snapshots are written; None where that is not told.
        user: that we are to the server; None where that is not told, as to one of few rights.
    """
    return [
        _version(info),
        _role(info),
        _persistence(info, snapshots=snapshots),
        _eviction(info),
        _memory(info),
        _tls(url),
        _login(url, user),
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
    if address.scheme.startswith("rediss"):
        if parse_qs(address.query).get("ssl_cert_reqs") == ["none"]:
            text = "TLS, but anybody's certificate is taken for the server's."
            remedy = "ssl_ca_certs=/path/ca.pem in CRICKSY_REDIS_URL in place of ssl_cert_reqs=none"
            return REDIS.warning("encryption", text, remedy)
        return REDIS.good("encryption", "TLS")
    if _only_here(url):
        return REDIS.good("encryption", "none, on this machine alone")
    return REDIS.warning(
        "encryption",
        f"The connection to {_hosts(url)} is not encrypted.",
        "rediss:// in CRICKSY_REDIS_URL, and tls-port in the server's configuration.",
    )


def _login(url: str, user: str | None) -> Check:
    credentials = urlsplit(url).netloc.rpartition("@")[0]
    named, _, password = credentials.partition(":")
    if not password:
        if _only_here(url):
            return REDIS.good("login", "none, on this machine alone")
        text = f"Whoever reaches {_hosts(url)} can read, add and delete entries: no password."
        remedy = "requirepass, or better an ACL user; redis://USER:PASSWORD@… in CRICKSY_REDIS_URL"
        return REDIS.warning("login", text, remedy)
    name = user or named or EVERYBODY
    if name != EVERYBODY:
        return REDIS.good("login", f"user {name}, with a password")
    if _only_here(url):
        return REDIS.good("login", "user default, with a password, on this machine alone")
    text = "A password, but that of the user who may do everything, FLUSHALL too."
    return REDIS.hint(
        "login", text, "An ACL user with the least rights: deploy/redis/users.acl has them."
    )


def _hosts(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _only_here(url: str) -> bool:
    # Sentinels and nodes of a Cluster may lead to anywhere, yet they tell addresses of their kind.
    return all(is_here(urlsplit(f"//{each}").hostname) for each in _hosts(url).split(","))
