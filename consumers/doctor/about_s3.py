"""The object store: put, get, presigned links, and what browsers may do."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import uuid4

import urllib3

from consumers.doctor.check import Check, Subject
from pipeline.errors import ObjectMissing, ObjectStoreUnavailable, OcrError
from pipeline.storage.objects import ObjectStore

S3 = Subject("s3")
TEXT = b"Written by cricksy-ocr doctor; may be deleted."
TYPE = "text/plain"
LINK_LIFE = timedelta(minutes=5)
PATIENCE = urllib3.Timeout(connect=3, read=10)
FINE = 300
"""Statuses under it say that it was done."""


@dataclass(slots=True)
class S3Findings:
    """What the store did."""

    checks: list[Check] = field(default_factory=list)
    clock: timedelta | None = None
    """By how much its clock is ahead of this machine's; None where it does not tell."""


async def examine_s3(objects: ObjectStore, bucket: str, origin: str) -> S3Findings:
    """Write, read and delete an object; what cannot be tried after a failure is left out.

    Args:
        objects: the store.
        bucket: where uploads are put.
        origin: of the pages whose browsers put files there.
    """
    found = S3Findings()
    key = f"doctor/{uuid4().hex}"
    try:
        # Some stores make a bucket that is missing when something is put into it.
        await _look_into(objects, bucket)
        await objects.put(bucket, key, TEXT, TYPE)
    except OcrError as error:
        found.checks.append(_not_written(bucket, error))
        return found
    found.checks.append(S3.good("put", f"into bucket {bucket}"))
    try:
        await _read(objects, bucket, key, found)
        await _links(objects, bucket, key, origin, found)
    finally:
        found.checks.append(await _delete(objects, bucket, key))
    return found


async def _look_into(objects: ObjectStore, bucket: str) -> None:
    """Raises `ObjectMissing` where there is no bucket; keys need not be allowed to list it."""
    with suppress(ObjectStoreUnavailable):
        async for _ in objects.list(bucket, "doctor/", page_size=1):
            return


def _not_written(bucket: str, error: OcrError) -> Check:
    if isinstance(error, ObjectMissing):
        remedy = f"Make it: aws s3 mb s3://{bucket}, with --endpoint-url where it is not AWS."
        return S3.bad("bucket", str(error), remedy)
    remedy = "Mend CRICKSY_S3_ENDPOINT_URL and the keys; they need s3:PutObject on the bucket."
    return S3.bad("put", str(error), remedy)


async def _read(objects: ObjectStore, bucket: str, key: str, found: S3Findings) -> None:
    try:
        content = await objects.get(bucket, key, len(TEXT))
    except OcrError as error:
        remedy = f"Allow s3:GetObject on arn:aws:s3:::{bucket}/*"
        found.checks.append(S3.bad("get", str(error), remedy))
        return
    if content == TEXT:
        found.checks.append(S3.good("get", "what was put comes back"))
    else:
        text = "Something else comes back than was put."
        found.checks.append(S3.bad("get", text, "Look for a cache or proxy before the store."))


async def _links(
    objects: ObjectStore, bucket: str, key: str, origin: str, found: S3Findings
) -> None:
    """What browsers do, by links and without keys."""
    get = await objects.presigned_url(bucket, key, LINK_LIFE)
    put = await objects.presigned_put_url(bucket, key, TYPE, LINK_LIFE)
    with urllib3.PoolManager(timeout=PATIENCE, retries=False) as http:
        answer = await _ask(http, "GET", get)
        found.checks.append(_link("presigned get", answer))
        if isinstance(answer, urllib3.BaseHTTPResponse):
            found.clock = _clock(answer)
        found.checks.append(_closed(await _ask(http, "GET", get.partition("?")[0]), bucket))
        headers = {"Content-Type": TYPE}
        written = await _ask(http, "PUT", put, headers=headers, body=TEXT)
        found.checks.append(_link("presigned put", written))
        preflight = {
            "Origin": origin,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "content-type",
        }
        asked = await _ask(http, "OPTIONS", put, headers=preflight)
        found.checks.append(_cors(asked, origin, bucket))


async def _ask(
    http: urllib3.PoolManager,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> urllib3.BaseHTTPResponse | str:
    """The answer, or why there is none."""
    try:
        return await asyncio.to_thread(http.request, method, url, headers=headers, body=body)
    except urllib3.exceptions.HTTPError as error:
        return str(error)


def _link(name: str, answer: urllib3.BaseHTTPResponse | str) -> Check:
    remedy = (
        "The address in CRICKSY_S3_ENDPOINT_URL has to be the one that browsers reach, and its "
        "clock right; proxies before it must leave Host and the query as they are."
    )
    if isinstance(answer, str):
        return S3.bad(name, f"The link leads nowhere: {answer}", remedy)
    if answer.status < FINE:
        return S3.good(name, "a link without keys works")
    return S3.bad(name, f"The link is answered {answer.status}.", remedy)


def _closed(answer: urllib3.BaseHTTPResponse | str, bucket: str) -> Check:
    """What somebody gets who has neither keys nor a link."""
    if isinstance(answer, str) or answer.status >= FINE:
        return S3.good("anonymous get", "refused")
    text = f"Whoever knows its key can read what lies in {bucket}, without keys or a link."
    return S3.warning("anonymous get", text, "Take back the bucket's public policy or ACL.")


def _cors(answer: urllib3.BaseHTTPResponse | str, origin: str, bucket: str) -> Check:
    if not isinstance(answer, str):
        allowed = answer.headers.get("Access-Control-Allow-Origin", "")
        methods = answer.headers.get("Access-Control-Allow-Methods", "")
        if (
            answer.status < FINE
            and allowed in {"*", origin}
            and ("PUT" in methods or methods == "*")
        ):
            whom = "every origin" if allowed == "*" else origin
            return S3.good("CORS", f"browsers of {whom} may put files")
    rule = {"AllowedOrigins": [origin], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"]}
    rules = json.dumps({"CORSRules": [rule]})
    return S3.warning(
        "CORS",
        f"Browsers of {origin} may not put files; uploads from a page do not work.",
        f"aws s3api put-bucket-cors --bucket {bucket} --cors-configuration '{rules}'",
    )


def _clock(answer: urllib3.BaseHTTPResponse) -> timedelta | None:
    try:
        at = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None
    # The header has whole seconds: on average half a second is cut off.
    return at + timedelta(seconds=0.5) - datetime.now(at.tzinfo)


async def _delete(objects: ObjectStore, bucket: str, key: str) -> Check:
    try:
        await objects.delete(bucket, key)
    except OcrError as error:
        remedy = f"Allow s3:DeleteObject on arn:aws:s3:::{bucket}/doctor/*, or leave it."
        return S3.warning("delete", f"{key} stays behind: {error}", remedy)
    return S3.good("delete", "nothing stays behind")
