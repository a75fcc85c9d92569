import base64
import bz2
import json
import lzma
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from consumers.from_celery.message import TASK, Asked, NotUnderstood, read_message


def envelope(says: object, packed: bytes | None = None, **changed: Any) -> bytes:
    content = json.dumps(says).encode() if packed is None else packed
    whole = {
        "body": base64.b64encode(content).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"task": TASK, "eta": None},
        "properties": {"body_encoding": "base64"},
    }
    return json.dumps({**whole, **changed}).encode()


def version_2(*arguments: object, **keywords: object) -> list[object]:
    return [arguments, keywords, {"callbacks": None}]


@pytest.mark.parametrize("body", [version_2("u1"), version_2(upload_id="u1")])
def test_version_2_names_its_upload_by_place_or_by_name(body: object) -> None:
    assert read_message(envelope(body)) == Asked("u1", None)


def test_version_1_has_all_in_its_body() -> None:
    body = {"task": TASK, "id": "x", "args": ["u1"], "kwargs": {}, "eta": "2026-01-02T03:04:05"}
    due = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read_message(envelope(body, headers={})) == Asked("u1", due)


def test_a_body_need_not_be_in_base64() -> None:
    plain = envelope(None, body=json.dumps(version_2("u1")), properties={})
    assert read_message(plain).upload_id == "u1"


@pytest.mark.parametrize(
    ("compression", "compress"),
    [
        ("application/x-gzip", zlib.compress),
        ("application/x-bz2", bz2.compress),
        ("application/x-lzma", lzma.compress),
    ],
)
def test_compressed_bodies_are_read(compression: str, compress: Any) -> None:
    packed = compress(json.dumps(version_2("u1")).encode())
    headers = {"task": TASK, "compression": compression}
    assert read_message(envelope(None, packed, headers=headers)).upload_id == "u1"


def test_a_countdown_keeps_its_moment() -> None:
    headers = {"task": TASK, "eta": "2026-11-26T12:50:27.992800+02:00"}
    due = read_message(envelope(version_2("u1"), headers=headers)).due
    assert due == datetime(2026, 11, 26, 10, 50, 27, 992800, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"no json", "no JSON"),
        (b"[1]", "no JSON object"),
        (b"{}", "neither form"),
        (envelope("text"), "neither form"),
        (envelope(version_2()), "names no upload"),
        (envelope(version_2(7)), "names no upload"),
        (envelope(version_2(""), headers={"task": TASK}), "names no upload"),
        (envelope(version_2("u1"), headers={"task": "mail.send"}), "another task, mail.send"),
        (envelope(version_2("u1"), body="%%%"), "damaged"),
        (envelope(None, b"\x80\x04"), "damaged"),
        (
            envelope(None, b"xx", headers={"task": TASK, "compression": "application/x-gzip"}),
            "damaged",
        ),
        (
            envelope(None, b"xx", headers={"task": TASK, "compression": "application/zstd"}),
            "compressed as application/zstd",
        ),
        (
            envelope(version_2("u1"), None, **{"content-type": "application/x-python-serialize"}),
            "only JSON is read",
        ),
    ],
)
def test_what_is_not_understood_is_said(raw: bytes, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        read_message(raw)
