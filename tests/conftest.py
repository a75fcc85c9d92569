"""Real servers for the tests: one stack a session; its own stream, database and bucket a test."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from boto3.session import Session
from psycopg import sql

from deploy.devstack import DevStack
from pipeline.storage.objects import ObjectStoreAddress
from tests.redis_user import add_user, as_user, denied

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

OF_THE_PROJECT = ("CRICKSY_", "DATABASE_URL", "OTEL_")


@pytest.fixture(scope="session")
def stack() -> Iterator[DevStack]:
    """The running servers. Those that the developer's environment names are never touched."""
    # Not pytest's own folder: it lets nobody in, and PostgreSQL does not run as root.
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder:
        Path(folder).chmod(0o711)
        with DevStack(Path(folder) / "stack", environment={}, durable=False) as stack:
            add_user(stack.environment["CRICKSY_REDIS_URL"])
            yield stack
            assert denied(stack.environment["CRICKSY_REDIS_URL"]) == []


@pytest.fixture
def redis_url(stack: DevStack) -> str:
    """Valkey, shared: keys are to begin with `key_prefix`."""
    return stack.environment["CRICKSY_REDIS_URL"]


@pytest.fixture
def key_prefix() -> str:
    """What this test's keys begin with: a hash tag of its own."""
    return f"{{ocr-{_unique()}}}:"


@pytest.fixture
def stream_name(key_prefix: str) -> str:
    """The stream of this test."""
    return f"{key_prefix}uploads"


@pytest.fixture
def database_url(stack: DevStack) -> Iterator[str]:
    """An empty database of this test."""
    server = stack.environment["DATABASE_URL"]
    database = f"test_{_unique()}"
    _execute(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    yield f"{server.rpartition('/')[0]}/{database}"
    _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


@pytest.fixture
def s3_address(stack: DevStack) -> ObjectStoreAddress:
    """The object store, shared: objects are to go into `s3_bucket`."""
    environment = stack.environment
    return ObjectStoreAddress(
        endpoint_url=environment["CRICKSY_S3_ENDPOINT_URL"],
        access_key=environment["CRICKSY_S3_ACCESS_KEY"],
        secret_key=environment["CRICKSY_S3_SECRET_KEY"],
        region=environment["CRICKSY_S3_REGION"],
    )


@pytest.fixture(scope="session")
def s3_client(stack: DevStack) -> Iterator["S3Client"]:
    """boto3's own view of the object store."""
    environment = stack.environment
    client = Session().client(
        "s3",
        endpoint_url=environment["CRICKSY_S3_ENDPOINT_URL"],
        aws_access_key_id=environment["CRICKSY_S3_ACCESS_KEY"],
        aws_secret_access_key=environment["CRICKSY_S3_SECRET_KEY"],
        region_name=environment["CRICKSY_S3_REGION"],
    )
    yield client
    client.close()


@pytest.fixture
def s3_bucket(s3_client: "S3Client") -> Iterator[str]:
    """An empty bucket of this test."""
    bucket = f"test-{_unique()}"
    s3_client.create_bucket(Bucket=bucket)
    yield bucket
    # SeaweedFS deletes what is in it as well.
    s3_client.delete_bucket(Bucket=bucket)


@pytest.fixture
def environment(
    stack: DevStack, database_url: str, stream_name: str, s3_bucket: str
) -> dict[str, str]:
    """For a process of the project: this test's own stream, database and bucket, and few rights."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OF_THE_PROJECT)}
    return inherited | {
        **stack.environment,
        "CRICKSY_REDIS_URL": as_user(stack.environment["CRICKSY_REDIS_URL"]),
        "DATABASE_URL": database_url,
        "CRICKSY_STREAM": stream_name,
        "CRICKSY_S3_BUCKET": s3_bucket,
    }


def _unique() -> str:
    return uuid.uuid4().hex[:12]


def _execute(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
