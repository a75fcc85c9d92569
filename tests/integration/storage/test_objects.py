import asyncio
import hashlib
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from pipeline.errors import ObjectMissing, ObjectStoreUnavailable, TooLarge
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress, StoredObject
from tests.integration.storage.proxy import Proxy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MEGABYTE = 1024 * 1024


@pytest.fixture
def objects(s3_address: ObjectStoreAddress) -> Iterator[ObjectStore]:
    objects = ObjectStore(s3_address)
    yield objects
    objects.close()


@pytest.fixture
def no_bucket() -> str:
    return f"none-{uuid.uuid4().hex}"


@pytest.fixture
async def proxy(s3_address: ObjectStoreAddress) -> AsyncIterator[Proxy]:
    async with Proxy(urlsplit(s3_address.endpoint_url or "").port or 0) as proxy:
        yield proxy


@pytest.fixture
def through_proxy(s3_address: ObjectStoreAddress, proxy: Proxy) -> Iterator[ObjectStore]:
    objects = ObjectStore(
        replace(s3_address, endpoint_url=f"http://127.0.0.1:{proxy.port}"),
        connect_timeout=timedelta(seconds=1),
        read_timeout=timedelta(seconds=1),
    )
    yield objects
    objects.close()


async def test_what_was_put_can_be_got(objects: ObjectStore, s3_bucket: str) -> None:
    await objects.put(s3_bucket, "card.png", b"\x89PNG", "image/png")
    assert await objects.get(s3_bucket, "card.png", 4) == b"\x89PNG"
    assert await objects.exists(s3_bucket, "card.png")


async def test_what_is_fetched_comes_with_its_digest(objects: ObjectStore, s3_bucket: str) -> None:
    await objects.put(s3_bucket, "card.png", b"abc", "image/png")
    fetched = await objects.fetch(s3_bucket, "card.png", 3)
    assert fetched.content == b"abc"
    # The example of FIPS 180-2.
    assert fetched.digest.hex().startswith("ba7816bf8f01cfea414140de5dae2223")


async def test_an_empty_object_is_got_as_no_bytes(objects: ObjectStore, s3_bucket: str) -> None:
    await objects.put(s3_bucket, "card.png", b"", "image/png")
    assert await objects.get(s3_bucket, "card.png", 10) == b""


async def test_an_object_that_is_not_there_is_missing(objects: ObjectStore, s3_bucket: str) -> None:
    with pytest.raises(ObjectMissing, match=f"no object card.png in bucket {s3_bucket}"):
        await objects.get(s3_bucket, "card.png", MEGABYTE)
    assert not await objects.exists(s3_bucket, "card.png")


async def test_a_bucket_that_is_not_there_is_missing(objects: ObjectStore, no_bucket: str) -> None:
    with pytest.raises(ObjectMissing, match=f"no bucket {no_bucket}"):
        await objects.get(no_bucket, "card.png", MEGABYTE)
    with pytest.raises(ObjectMissing, match=f"no bucket {no_bucket}"):
        await anext(objects.list(no_bucket, ""))


@pytest.mark.parametrize(
    ("impossible", "name"), [("cards", ""), ("", "a.png"), ("a b", "a.png"), ("cards", "a" * 2000)]
)
async def test_a_row_that_names_no_possible_object_is_missing(
    objects: ObjectStore, impossible: str, name: str
) -> None:
    with pytest.raises(ObjectMissing):
        await objects.get(impossible, name, MEGABYTE)


async def test_an_object_that_is_too_large_is_refused_before_it_is_fetched(
    objects: ObjectStore, through_proxy: ObjectStore, proxy: Proxy, s3_bucket: str
) -> None:
    await objects.put(s3_bucket, "card.png", bytes(16 * MEGABYTE), "image/png")
    with pytest.raises(TooLarge, match=r"16,777,216 bytes; at most 1,048,576"):
        await through_proxy.get(s3_bucket, "card.png", MEGABYTE)
    assert proxy.passed < 8 * MEGABYTE


async def test_an_object_of_just_the_limit_is_got(objects: ObjectStore, s3_bucket: str) -> None:
    await objects.put(s3_bucket, "card.png", bytes(MEGABYTE), "image/png")
    assert len(await objects.get(s3_bucket, "card.png", MEGABYTE)) == MEGABYTE


async def test_a_store_that_is_away_is_unavailable_within_seconds(
    through_proxy: ObjectStore, proxy: Proxy, s3_bucket: str
) -> None:
    await proxy.stop()
    began = time.monotonic()
    with pytest.raises(ObjectStoreUnavailable, match="does not answer"):
        await through_proxy.get(s3_bucket, "card.png", MEGABYTE)
    assert time.monotonic() - began < 5


async def test_a_store_that_hangs_is_unavailable_within_seconds(
    through_proxy: ObjectStore, proxy: Proxy, s3_bucket: str
) -> None:
    proxy.freeze()
    began = time.monotonic()
    with pytest.raises(ObjectStoreUnavailable, match="does not answer"):
        await through_proxy.get(s3_bucket, "card.png", MEGABYTE)
    assert time.monotonic() - began < 5


async def test_a_store_that_came_back_is_used_again(
    objects: ObjectStore, through_proxy: ObjectStore, proxy: Proxy, s3_bucket: str
) -> None:
    await objects.put(s3_bucket, "card.png", b"card", "image/png")
    assert await through_proxy.get(s3_bucket, "card.png", MEGABYTE) == b"card"
    await proxy.stop()
    with pytest.raises(ObjectStoreUnavailable):
        await through_proxy.get(s3_bucket, "card.png", MEGABYTE)
    await proxy.start()
    assert await through_proxy.get(s3_bucket, "card.png", MEGABYTE) == b"card"


async def test_keys_that_the_store_refuses_are_named_as_what_to_mend_and_not_shown(
    s3_address: ObjectStoreAddress, s3_bucket: str
) -> None:
    stranger = ObjectStore(replace(s3_address, access_key="stranger", secret_key="hush-hush"))
    with pytest.raises(ObjectStoreUnavailable, match="CRICKSY_S3_ACCESS_KEY") as raised:
        await stranger.get(s3_bucket, "card.png", MEGABYTE)
    assert "hush" not in str(raised.value)
    with pytest.raises(ObjectStoreUnavailable, match="CRICKSY_S3_ACCESS_KEY"):
        await stranger.exists(s3_bucket, "card.png")
    stranger.close()


async def test_a_listing_has_all_keys_of_the_prefix_page_by_page(
    objects: ObjectStore, s3_bucket: str
) -> None:
    for name in ("cards/a.png", "cards/b.png", "notes/c.txt"):
        await objects.put(s3_bucket, name, name.encode(), "image/png")
    pages = [page async for page in objects.list(s3_bucket, "cards/", page_size=1)]
    assert pages == [
        (StoredObject(name, 11, hashlib.md5(name.encode()).hexdigest()),)
        for name in ("cards/a.png", "cards/b.png")
    ]
    assert [found async for page in objects.list(s3_bucket, "none/") for found in page] == []


async def test_processes_that_make_the_bucket_together_do_not_fail(
    objects: ObjectStore, s3_client: "S3Client", no_bucket: str
) -> None:
    await asyncio.gather(*(objects.ensure_bucket(no_bucket) for _ in range(4)))
    assert [page async for page in objects.list(no_bucket, "")] == [()]
    s3_client.delete_bucket(Bucket=no_bucket)


async def test_a_presigned_link_gives_the_object_to_anybody_and_no_other(
    objects: ObjectStore, s3_bucket: str
) -> None:
    await objects.put(s3_bucket, "card.png", b"card", "image/png")
    url = await objects.presigned_url(s3_bucket, "card.png", timedelta(minutes=1))
    assert await asyncio.to_thread(fetch, url) == b"card"
    with pytest.raises(HTTPError, match="403") as refused:
        await asyncio.to_thread(fetch, url.replace("card.png", "other.png"))
    refused.value.close()


def fetch(url: str) -> bytes:
    with urlopen(url) as response:
        content: bytes = response.read()
    return content
