"""The way to Redis: one server, or whichever is in charge of the stream at the moment.

All keys of a queue stand in one Cluster slot, so that under Sentinel and in a Cluster there is
always one server that has all of them. Each new connection asks which it is; a connection whose
server has handed its office on is given up, and the next one finds the successor.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import redis.asyncio.connection
import redis.connection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import ClusterDownError, MovedError, ReadOnlyError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry as BlockingRetry
from redis.sentinel import Sentinel

from consumers.stream import Client

Address = tuple[str, int]
"""Host and port."""
_Async = TypeVar("_Async", bound=redis.asyncio.connection.Connection)
_Blocking = TypeVar("_Blocking", bound=redis.connection.Connection)
Find = Callable[[], Address]
"""Where the server in charge is now; raises `redis.exceptions.ConnectionError` where none is."""

NOT_IN_CHARGE = (ReadOnlyError, MovedError, ClusterDownError)
"""What a server answers that is not, or not yet, in charge of the stream."""
TRIED_AGAIN = [RedisConnectionError, RedisTimeoutError, *NOT_IN_CHARGE]
"""After these a command is sent again, over a new connection: another one is in charge by then."""

PLAIN = ("redis", "rediss", "unix")
SENTINEL = ("redis+sentinel", "rediss+sentinel")
CLUSTER = ("redis+cluster", "rediss+cluster")
SCHEMES = (*PLAIN, *SENTINEL, *CLUSTER)
SENTINEL_PORT, REDIS_PORT = 26379, 6379
ASKING = 2.0
"""Seconds that a sentinel or a node of a Cluster has to answer."""


class UnusableUrl(ValueError):
    """No connection can be made by this URL; the message says what it lacks and holds no secret."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to connect, for redis-py and for FastStream."""

    url: str
    """As redis-py takes it; where the server has to be found, its host stands for none."""
    find: Find | None = None
    """Finds the server, blocking; None where the URL names it."""
    encrypted: bool = False
    """Whether what is found is spoken to over TLS, in which case the URL does not say so."""

    @property
    def options(self) -> dict[str, Any]:
        """What stands beside the URL for an asynchronous client."""
        if self.find is None:
            return {}
        kinds = redis.asyncio.connection
        base = kinds.SSLConnection if self.encrypted else kinds.Connection
        return {"connection_class": _finding(base, self.find)}

    @property
    def blocking_options(self) -> dict[str, Any]:
        """What stands beside the URL for a blocking client."""
        if self.find is None:
            return {}
        kinds = redis.connection
        base = kinds.SSLConnection if self.encrypted else kinds.Connection
        return {"connection_class": _finding_blocking(base, self.find)}


def way_to(url: str, stream: str) -> Way:
    """The way to the server that holds a stream.

    Args:
        url: `redis://`, `rediss://`, `unix://`; `redis+sentinel://host:port,host:port/name` with
            the name of the primary that the sentinels watch; `redis+cluster://host:port,host:port`
            with some nodes of the Cluster. With `rediss+` all connections are encrypted.
        stream: its slot decides which node of a Cluster is meant.

    Raises:
        UnusableUrl: a part is missing.
    """
    parts = urlsplit(url)
    if parts.scheme in PLAIN:
        return Way(url)
    if parts.scheme not in SCHEMES:
        raise UnusableUrl(f"must start with one of {', '.join(f'{each}://' for each in SCHEMES)}")
    credentials, _, named = parts.netloc.rpartition("@")
    encrypted = parts.scheme.startswith("rediss")
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    database = "0"
    if parts.scheme in SENTINEL:
        service, _, database = parts.path.strip("/").partition("/")
        if not service:
            raise UnusableUrl("must end with the name that the sentinels watch, such as /mymaster")
        find = _by_sentinels(_hosts(named, SENTINEL_PORT), service, options, encrypted=encrypted)
    else:
        username, _, password = credentials.partition(":")
        login = {"username": unquote(username) or None, "password": unquote(password) or None}
        secure = _encryption(options) if encrypted else {}
        find = _by_nodes(_hosts(named, REDIS_PORT), stream, {**login, **secure})
    at = f"{credentials}@" if credentials else ""
    query = f"?{urlencode(options)}" if options else ""
    return Way(f"redis://{at}found/{database or 0}{query}", find, encrypted)


def connect(url: str, stream: str, *, retries: int = 4) -> Client:
    """A client that outlives short breaks of the connection, and failovers.

    FastStream's own pool retries nothing; an acknowledgement must not fail because its
    connection was dropped while the card was read. Every command sent through this client is safe
    to send twice.

    Raises:
        UnusableUrl: see `way_to`.
    """
    way = way_to(url, stream)
    return Client.from_url(
        way.url,
        socket_timeout=5,
        socket_connect_timeout=3,
        health_check_interval=15,
        retry=Retry(ExponentialWithJitterBackoff(cap=1, base=0.05), retries),
        retry_on_error=TRIED_AGAIN,
        **way.options,
    )


def _hosts(named: str, port: int) -> list[Address]:
    hosts = []
    for each in named.split(","):
        parts = urlsplit(f"//{each}")
        if not parts.hostname:
            raise UnusableUrl("must name at least one host, several divided by commas")
        hosts.append((parts.hostname, parts.port or port))
    return hosts


def _finding(base: type[_Async], find: Find) -> type[_Async]:
    """A connection that asks where to go each time that it is made."""

    class Finding(base):  # type: ignore[valid-type,misc]  # a class that is given
        async def _connect(self) -> None:
            self.host, self.port = await asyncio.to_thread(find)
            await super()._connect()

    return Finding


def _finding_blocking(base: type[_Blocking], find: Find) -> type[_Blocking]:
    class Finding(base):  # type: ignore[valid-type,misc]  # a class that is given
        def _connect(self) -> Any:
            self.host, self.port = find()
            return super()._connect()

    return Finding


def _by_sentinels(
    hosts: list[Address], service: str, options: dict[str, str], *, encrypted: bool
) -> Find:
    """Ask sentinels; what they want for themselves is taken out of `options`."""
    kwargs: dict[str, Any] = {
        "username": options.pop("sentinel_username", None),
        "password": options.pop("sentinel_password", None),
        "socket_timeout": ASKING,
        "socket_connect_timeout": ASKING,
        "retry": BlockingRetry(NoBackoff(), 0),
    }
    if encrypted:
        kwargs |= _encryption(options)

    def find() -> Address:
        sentinel = Sentinel(hosts, sentinel_kwargs=kwargs)  # type: ignore[no-untyped-call]  # redis-py
        try:
            host, port = sentinel.discover_master(service)  # type: ignore[no-untyped-call]  # redis-py
        finally:
            for each in sentinel.sentinels:
                each.close()
        return str(host), int(port)

    return find


def _by_nodes(hosts: list[Address], stream: str, login: dict[str, Any]) -> Find:
    """Ask the nodes of a Cluster who has the slot."""

    def find() -> Address:
        nodes = [ClusterNode(host, port) for host, port in hosts]  # type: ignore[no-untyped-call]  # redis-py
        try:
            cluster = RedisCluster(
                startup_nodes=nodes, socket_timeout=ASKING, socket_connect_timeout=ASKING, **login
            )
        except RedisError as error:
            raise RedisConnectionError(f"No node of the Cluster tells: {error}") from error
        try:
            node = cluster.get_node_from_key(stream)  # type: ignore[no-untyped-call]  # redis-py
        finally:
            cluster.close()
        if node is None:
            raise RedisConnectionError("No node of the Cluster has the stream's slot.")
        return str(node.host), int(node.port)

    return find


def _encryption(options: dict[str, str]) -> dict[str, Any]:
    """TLS with the same files and checks for who is asked as for who is found."""
    files = {name: value for name, value in options.items() if name.startswith("ssl_")}
    return {"ssl": True, **files}
