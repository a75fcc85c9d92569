"""Makes the bucket where it is missing: `python -m deploy.container.bucket`.

For an object store of one's own, whatever it is: SeaweedFS, MinIO, AWS. Waits until the store takes
requests, and changes nothing where the bucket is there.
"""
# ruff: noqa: T201 -- a one-shot says what it did

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import stamina
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import SecretStr

from consumers.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType

PATIENCE = timedelta(seconds=60)
"""A store's port opens seconds before it takes requests."""
WITHOUT_LOCATION = "us-east-1"
"""The one region that AWS refuses to be told."""
REFUSED = {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
FINE, PROBLEM = 0, 1


def main() -> int:
    """Make the bucket that the environment names; the exit code."""
    try:
        settings = load_settings()
        made = make_bucket(_client(settings), settings.s3_bucket, settings.s3_region)
    except (SettingsError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return PROBLEM
    print(f"Bucket {settings.s3_bucket} {'made' if made else 'is there'}.")
    return FINE


def make_bucket(client: "S3Client", bucket: str, region: str) -> bool:
    """Make a bucket unless it is there; whether it had to be made.

    Raises:
        ClientError: the store does not let us, or not within `PATIENCE`.
        BotoCoreError: the store does not answer within `PATIENCE`.
    """
    for attempt in stamina.retry_context(
        on=_may_pass, attempts=None, timeout=PATIENCE, wait_initial=0.2, wait_max=2.0
    ):
        with attempt:
            return _make_if_missing(client, bucket, region)
    raise AssertionError("retry_context returns or raises")


def _make_if_missing(client: "S3Client", bucket: str, region: str) -> bool:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if _code(error) not in {"404", "NoSuchBucket"}:
            raise
    else:
        return False
    if region == WITHOUT_LOCATION:
        client.create_bucket(Bucket=bucket)
    else:
        place: BucketLocationConstraintType = region  # type: ignore[assignment]  # as it was set
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": place})
    return True


def _may_pass(error: Exception) -> bool:
    """Whether waiting may help: not against keys that are wrong."""
    if isinstance(error, ClientError):
        return _code(error) not in REFUSED
    return isinstance(error, BotoCoreError)


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _client(settings: Settings) -> "S3Client":
    def plain(secret: SecretStr | None) -> str | None:
        return secret.get_secret_value() if secret else None

    return boto3.session.Session().client(
        "s3",
        endpoint_url=settings.s3_endpoint_url,
        aws_access_key_id=plain(settings.s3_access_key),
        aws_secret_access_key=plain(settings.s3_secret_key),
        region_name=settings.s3_region,
        config=Config(
            connect_timeout=2,
            read_timeout=10,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path" if settings.s3_endpoint_url else "auto"},
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
