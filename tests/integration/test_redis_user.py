"""deploy/redis/users.acl, loaded by a real server as an operator loads it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, ResponseError

from consumers.connection import connect
from consumers.stream import Keys, ensure_group
from tests.redis_servers import Server, free_port, valkey
from tests.redis_user import as_loaded

KEYS = Keys("{ocr}:uploads", "ocr")
REFUSED = (
    ["FLUSHALL"],
    ["CONFIG", "SET", "appendonly", "no"],
    ["CONFIG", "GET", "save"],
    ["KEYS", "*"],
    ["SHUTDOWN"],
    ["ACL", "LIST"],
    ["CLIENT", "KILL", "TYPE", "normal"],
    ["XTRIM", "{ocr}:uploads", "MAXLEN", "0"],
    ["XGROUP", "DESTROY", "{ocr}:uploads", "ocr"],
    ["GET", "{other}:uploads"],
    ["EVAL", "return redis.call('FLUSHALL')", "0"],
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder:
        users = as_loaded(Path(folder) / "users.acl", "secret")
        with valkey(Path(folder) / "0", free_port(), "--aclfile", str(users)) as server:
            yield server


def url(server: Server, user: str = "cricksy:secret@") -> str:
    return f"redis://{user}127.0.0.1:{server.port}/0"


async def test_the_user_may_work_with_its_own_keys(server: Server) -> None:
    client = connect(url(server), KEYS.stream)
    assert await ensure_group(client, KEYS)
    await client.xadd(KEYS.stream, {"data": "{}"})
    assert await client.xlen(KEYS.stream) == 1
    await client.aclose()


@pytest.mark.parametrize("command", REFUSED, ids=" ".join)
def test_nothing_else_is_let_through(server: Server, command: list[str]) -> None:
    # In a script, Redis and Valkey say it in words of their own.
    permission = pytest.raises(ResponseError, match="permission")
    with Redis.from_url(url(server)) as client, permission:
        client.execute_command(*command)


def test_without_a_login_nobody_is_let_in(server: Server) -> None:
    with Redis.from_url(url(server, "")) as client, pytest.raises(AuthenticationError):
        client.get("{ocr}:paused")
