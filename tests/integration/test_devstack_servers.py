"""What the servers of the dev stack keep, what they survive, and whom they let in."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from deploy.devstack import DevStack, Server, ServerFailed
from tests.integration.clients import postgres_of, s3_of, valkey_of
from tests.wait import wait_until


@pytest.fixture(scope="module")
def stack() -> Iterator[DevStack]:
    """A stack whose servers may be killed: not the one of the other tests."""
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder:
        Path(folder).chmod(0o711)
        with DevStack(Path(folder) / "stack", {}, durable=False) as stack:
            yield stack


@pytest.fixture
def valkey(stack: DevStack) -> Iterator[redis.Redis]:
    with valkey_of(stack) as client:
        yield client


def test_entries_survive_when_valkey_is_killed(stack: DevStack, valkey: redis.Redis) -> None:
    for number in range(1000):
        valkey.xadd("killed", {"number": str(number)})
    stack.valkey.kill()
    assert not stack.valkey.running
    stack.valkey.start()
    assert valkey.xlen("killed") == 1000


def test_rows_survive_when_postgres_is_killed_under_its_clients(stack: DevStack) -> None:
    with postgres_of(stack) as connection:
        connection.execute("CREATE TABLE killed AS SELECT generate_series(1, 1000) AS number")
    with closing(postgres_of(stack)):
        stack.postgres.kill()
    stack.postgres.start()
    with postgres_of(stack) as connection:
        assert connection.execute("SELECT count(*) FROM killed").fetchone() == (1000,)


def test_objects_survive_when_the_store_is_killed(stack: DevStack) -> None:
    client, bucket = s3_of(stack), stack.environment["CRICKSY_S3_BUCKET"]
    client.put_object(Bucket=bucket, Key="killed", Body=b"card")
    stack.s3.kill()
    stack.s3.start()
    assert client.get_object(Bucket=bucket, Key="killed")["Body"].read() == b"card"


def test_servers_come_back_at_the_same_address_as_often_as_they_are_killed(
    stack: DevStack,
) -> None:
    before = stack.environment
    for _ in range(3):
        for server in (stack.valkey, stack.postgres):
            server.kill()
            server.start()
    assert stack.environment == before


def test_a_server_that_was_stopped_is_not_missed(stack: DevStack) -> None:
    stack.valkey.stop()
    stack.check()
    stack.valkey.start()


@pytest.mark.parametrize("name", ["valkey", "postgres", "s3"])
def test_a_server_that_dies_is_named_with_the_end_of_its_log(stack: DevStack, name: str) -> None:
    server: Server = getattr(stack, name)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not server.running)
    with pytest.raises(ServerFailed, match=r"has ended by itself \(SIGKILL\)") as failure:
        stack.check()
    assert server.name in str(failure.value)
    assert len(str(failure.value).splitlines()) > 2
    server.start()
    stack.check()


def test_a_server_that_hangs_can_be_killed(stack: DevStack) -> None:
    process = psutil.Process(stack.valkey.pid)
    process.suspend()
    stack.valkey.kill()
    assert not process.is_running()
    stack.valkey.start()


def test_every_new_bucket_takes_objects(stack: DevStack) -> None:
    client = s3_of(stack)
    for number in range(6):
        client.create_bucket(Bucket=f"bucket-{number}")
        client.put_object(Bucket=f"bucket-{number}", Key="card", Body=b"card")
        assert client.get_object(Bucket=f"bucket-{number}", Key="card")["Body"].read() == b"card"


def test_valkey_keeps_what_it_is_given(valkey: redis.Redis) -> None:
    assert valkey.config_get("appendonly") == {"appendonly": "yes"}
    assert valkey.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_valkey_lets_nobody_in_without_the_password(stack: DevStack) -> None:
    url = stack.environment["CRICKSY_REDIS_URL"]
    host = url.rpartition("@")[2]
    with (
        redis.Redis.from_url(f"redis://{host}") as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_postgres_lets_nobody_in_without_the_password(stack: DevStack) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stack.environment["DATABASE_URL"], password="wrong")


def test_the_store_shows_nobody_anything_without_the_keys(stack: DevStack) -> None:
    stranger = s3_of(stack, Config(signature_version=UNSIGNED))
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.list_objects_v2(Bucket=stack.environment["CRICKSY_S3_BUCKET"])


def test_nothing_listens_beyond_loopback(stack: DevStack) -> None:
    listening = [
        connection.laddr[0]
        for server in stack.servers
        for connection in psutil.Process(server.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= len(stack.servers)
    assert set(listening) == {"127.0.0.1"}
