"""The object store (S3 and what speaks like it): where the pictures lie."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from pipeline.errors import ObjectMissing, ObjectStoreUnavailable, OcrError, TooLarge

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

_Got = TypeVar("_Got")

_MISSING = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound", "KeyTooLongError"})
_ALREADY_THERE = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})
_REFUSED = 403
_FAULTS = 500
"""From this status on it is the store that is at fault."""
_HOME_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class ObjectStoreAddress:
    """Where the object store is, and who asks."""

    endpoint_url: str | None = None
    """None for AWS."""
    access_key: str | None = field(default=None, repr=False)
    """None for boto3's own chain: environment, profile, IAM role."""
    secret_key: str | None = field(default=None, repr=False)
    region: str = _HOME_REGION


@dataclass(frozen=True, slots=True)
class Fetched:
    """An object's bytes, and by what they are known when they come again."""

    content: bytes
    digest: bytes
    """SHA-256."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in a listing."""

    key: str
    size: int
    """Bytes."""
    etag: str
    """Changes with the bytes."""


class ObjectStore:
    """Objects by bucket and key; every call runs in a thread and ends within its time-outs.

    Args:
        address: the store.
        connect_timeout: for a connection.
        read_timeout: between two pieces of an answer.

    Every method raises `ObjectStoreUnavailable` when the store is away or refuses the keys: an
    operator can mend both while the upload waits for its retry.
    """

    def __init__(
        self,
        address: ObjectStoreAddress,
        *,
        connect_timeout: timedelta = timedelta(seconds=3),
        read_timeout: timedelta = timedelta(seconds=10),
    ) -> None:
        self._region = address.region
        self._where = address.endpoint_url or f"AWS {address.region}"
        self.away = asyncio.Event()
        """Set from a `get` that found the store unavailable until the next that did not."""
        self._client: S3Client = Session().client(
            "s3",
            endpoint_url=address.endpoint_url or None,
            aws_access_key_id=address.access_key or None,
            aws_secret_access_key=address.secret_key or None,
            region_name=address.region,
            config=Config(
                signature_version="s3v4",
                connect_timeout=connect_timeout.total_seconds(),
                read_timeout=read_timeout.total_seconds(),
                retries={"mode": "standard", "total_max_attempts": 2},
                # As many as asyncio's default executor has threads.
                max_pool_connections=32,
                # Stores other than AWS seldom have wildcard names in their DNS.
                s3={"addressing_style": "path" if address.endpoint_url else "auto"},
                # Checksums in trailers are younger than many stores that speak S3.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    async def get(self, bucket: str, key: str, max_bytes: int) -> bytes:
        """The object's bytes.

        Raises:
            ObjectMissing: there is no such object, or no such bucket.
            TooLarge: it has more than `max_bytes`; they are not fetched.
            ObjectStoreUnavailable: the store is away or refuses the keys.
        """
        return await self._noticed(self._get, bucket, key, max_bytes)

    async def fetch(self, bucket: str, key: str, max_bytes: int) -> Fetched:
        """The same with the digest, which is taken in the thread that fetches."""
        return await self._noticed(self._fetch, bucket, key, max_bytes)

    async def _noticed(
        self, get: Callable[[str, str, int], _Got], bucket: str, key: str, max_bytes: int
    ) -> _Got:
        """What a way to get an object gives; notices whether the store is away."""
        try:
            got = await asyncio.to_thread(get, bucket, key, max_bytes)
        except ObjectStoreUnavailable:
            self.away.set()
            raise
        self.away.clear()
        return got

    def _fetch(self, bucket: str, key: str, max_bytes: int) -> Fetched:
        content = self._get(bucket, key, max_bytes)
        return Fetched(content, sha256(content).digest())

    def _get(self, bucket: str, key: str, max_bytes: int) -> bytes:
        with self._errors_of(bucket, key):
            response = self._client.get_object(Bucket=bucket, Key=key)
            with response["Body"] as body:
                _require_size(response.get("ContentLength", 0), max_bytes)
                content = body.read(max_bytes + 1)
        _require_size(len(content), max_bytes)
        return content

    async def put(self, bucket: str, key: str, body: bytes, content_type: str) -> None:
        """Stores the bytes, in place of what the key held.

        Raises:
            ObjectMissing: there is no such bucket.
            ObjectStoreUnavailable: the store is away or refuses the keys.
        """
        await asyncio.to_thread(self._put, bucket, key, body, content_type)

    def _put(self, bucket: str, key: str, body: bytes, content_type: str) -> None:
        with self._errors_of(bucket, key):
            self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)

    async def delete(self, bucket: str, key: str) -> None:
        """Removes the object, if it is there."""
        await asyncio.to_thread(self._delete, bucket, key)

    def _delete(self, bucket: str, key: str) -> None:
        with self._errors_of(bucket, key):
            self._client.delete_object(Bucket=bucket, Key=key)

    async def exists(self, bucket: str, key: str) -> bool:
        """Whether there is such an object."""
        return await asyncio.to_thread(self._exists, bucket, key)

    def _exists(self, bucket: str, key: str) -> bool:
        try:
            with self._errors_of(bucket, key):
                self._client.head_object(Bucket=bucket, Key=key)
        except ObjectMissing:
            return False
        return True

    async def ping(self, bucket: str) -> None:
        """Asks the store for a sign of life; a refusal is one, too: it may allow `get` alone.

        Raises:
            ObjectStoreUnavailable: it gave none.
        """
        await asyncio.to_thread(self._ping, bucket)

    def _ping(self, bucket: str) -> None:
        try:
            with self._errors_of(bucket):
                self._client.head_bucket(Bucket=bucket)
        except ObjectMissing:
            return
        except ObjectStoreUnavailable as error:
            answer = getattr(error.__cause__, "response", None) or {}
            status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", _FAULTS)
            if status >= _FAULTS:
                raise

    async def ensure_bucket(self, bucket: str) -> None:
        """Makes the bucket where it is missing."""
        await asyncio.to_thread(self._ensure_bucket, bucket)

    def _ensure_bucket(self, bucket: str) -> None:
        try:
            with self._errors_of(bucket):
                self._client.head_bucket(Bucket=bucket)
        except ObjectMissing:
            with self._errors_of(bucket):
                self._create_bucket(bucket)

    def _create_bucket(self, bucket: str) -> None:
        try:
            if self._region == _HOME_REGION:
                # AWS refuses this region when it is named.
                self._client.create_bucket(Bucket=bucket)
            else:
                self._client.create_bucket(
                    Bucket=bucket,
                    CreateBucketConfiguration={
                        "LocationConstraint": self._region  # type: ignore[typeddict-item]  # any region may be configured
                    },
                )
        except ClientError as error:
            # Another process was quicker.
            if error.response.get("Error", {}).get("Code") not in _ALREADY_THERE:
                raise

    async def list(
        self, bucket: str, prefix: str, *, page_size: int = 1000
    ) -> AsyncIterator[tuple[StoredObject, ...]]:
        """The objects whose keys begin with the prefix, in order, page by page.

        Raises:
            ObjectMissing: there is no such bucket.
            ObjectStoreUnavailable: the store is away or refuses the keys.
        """
        paginator = self._client.get_paginator("list_objects_v2")
        pages = iter(
            paginator.paginate(
                Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": page_size}
            )
        )
        while page := await asyncio.to_thread(self._next_page, pages, bucket):
            yield tuple(
                StoredObject(each["Key"], each["Size"], each.get("ETag", "").strip('"'))
                for each in page.get("Contents", ())
            )

    def _next_page(
        self, pages: "Iterator[ListObjectsV2OutputTypeDef]", bucket: str
    ) -> "ListObjectsV2OutputTypeDef | None":
        with self._errors_of(bucket):
            return next(pages, None)

    async def presigned_url(self, bucket: str, key: str, expires: timedelta) -> str:
        """A link by which anybody may fetch the object until it expires."""
        return await asyncio.to_thread(self._presigned_url, bucket, key, expires)

    def _presigned_url(self, bucket: str, key: str, expires: timedelta) -> str:
        with self._errors_of(bucket, key):
            return self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": bucket, "Key": key},
                ExpiresIn=round(expires.total_seconds()),
            )

    async def presigned_put_url(
        self, bucket: str, key: str, content_type: str, expires: timedelta
    ) -> str:
        """A link to which anybody may put the object, as this content type, until it expires."""
        return await asyncio.to_thread(self._presigned_put_url, bucket, key, content_type, expires)

    def _presigned_put_url(
        self, bucket: str, key: str, content_type: str, expires: timedelta
    ) -> str:
        with self._errors_of(bucket, key):
            return self._client.generate_presigned_url(
                "put_object",
                Params={"Bucket": bucket, "Key": key, "ContentType": content_type},
                ExpiresIn=round(expires.total_seconds()),
            )

    @contextmanager
    def _errors_of(self, bucket: str, key: str = "") -> Iterator[None]:
        """Turns what boto3 raises into the errors of this software."""
        try:
            yield
        except ClientError as error:
            raise self._translated(error, bucket, key) from error
        except ParamValidationError as error:
            # No request was sent: a row with an empty key, or with a bucket that cannot be.
            raise ObjectMissing(f"There can be no object {bucket!r}/{key!r} in S3.") from error
        except (BotoCoreError, OSError) as error:
            raise ObjectStoreUnavailable(
                f"The object store at {self._where} does not answer: {error}"
            ) from error

    def _translated(self, error: ClientError, bucket: str, key: str) -> OcrError:
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code == "NoSuchBucket" or (code in _MISSING and not key):
            return ObjectMissing(f"There is no bucket {bucket} at {self._where}.")
        if code in _MISSING:
            return ObjectMissing(f"There is no object {key} in bucket {bucket}.")
        if status == _REFUSED:
            return ObjectStoreUnavailable(
                f"The object store at {self._where} refuses access to bucket {bucket} ({code}): "
                "check CRICKSY_S3_ACCESS_KEY, CRICKSY_S3_SECRET_KEY and the rights that they give."
            )
        return ObjectStoreUnavailable(
            f"The object store at {self._where} answered {status} {code} for bucket {bucket}."
        )


def _require_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise TooLarge(f"The file has {size:,} bytes; at most {max_bytes:,} are read.")
