"""Who else gets in: what the doctor finds out at real servers."""

import json
from collections.abc import Iterator

import pytest
from mypy_boto3_s3 import S3Client
from redis import Redis

from consumers.doctor import Verdict
from consumers.doctor.about_redis import examine_redis
from consumers.doctor.about_s3 import examine_s3
from consumers.stream import Client
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress

ORIGIN = "https://scorer.example.org"


async def anonymous_get(address: ObjectStoreAddress, bucket: str) -> Verdict:
    objects = ObjectStore(address)
    found = await examine_s3(objects, bucket, ORIGIN)
    objects.close()
    (check,) = [each for each in found.checks if each.name == "anonymous get"]
    return check.verdict


async def test_a_bucket_that_everybody_can_read_is_told(
    s3_address: ObjectStoreAddress, s3_client: S3Client, s3_bucket: str
) -> None:
    assert await anonymous_get(s3_address, s3_bucket) is Verdict.GOOD
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{s3_bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3_client.put_bucket_policy(Bucket=s3_bucket, Policy=json.dumps(policy))

    assert await anonymous_get(s3_address, s3_bucket) is Verdict.WARNING


@pytest.fixture
def user(redis_url: str, key_prefix: str) -> Iterator[str]:
    """One who may ask the server for its state, and not who it is."""
    name = key_prefix.strip("{}:")
    with Redis.from_url(redis_url) as redis:
        redis.execute_command("ACL", "SETUSER", name, "on", ">p", "+info", "+eval")
        yield name
        redis.execute_command("ACL", "DELUSER", name)


async def test_a_user_of_few_rights_is_known_by_name(redis_url: str, user: str) -> None:
    url = f"redis://{user}:p@{redis_url.rpartition('@')[2]}"
    client = Client.from_url(url)
    try:
        checks = await examine_redis(client, url)
    finally:
        await client.aclose()

    (login,) = [each for each in checks if each.name == "login"]
    assert (login.verdict, user in login.text) == (Verdict.GOOD, True)
