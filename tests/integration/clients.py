"""Plain clients of a stack's servers, none of the project's own code in between."""

from typing import TYPE_CHECKING

import psycopg
import redis
from boto3.session import Session
from botocore.config import Config

from deploy.devstack import DevStack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def valkey_of(stack: DevStack) -> redis.Redis:
    return redis.Redis.from_url(stack.environment["CRICKSY_REDIS_URL"])


def postgres_of(stack: DevStack) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(stack.environment["DATABASE_URL"])


def s3_of(stack: DevStack, config: Config | None = None) -> "S3Client":
    environment = stack.environment
    return Session().client(
        "s3",
        endpoint_url=environment["CRICKSY_S3_ENDPOINT_URL"],
        aws_access_key_id=environment["CRICKSY_S3_ACCESS_KEY"],
        aws_secret_access_key=environment["CRICKSY_S3_SECRET_KEY"],
        region_name=environment["CRICKSY_S3_REGION"],
        config=config,
    )
