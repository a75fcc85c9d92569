import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.entry import MESSAGE, Entry, encode, parse, upload_of
from pipeline.errors import MalformedEntry
from pipeline.storage.attempts import Unrecorded

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_what_is_encoded_is_parsed() -> None:
    entry = parse({MESSAGE: await encode(Entry("u1", {"traceparent": TRACEPARENT}))})

    assert entry.upload_id == "u1"
    assert entry.headers["traceparent"] == TRACEPARENT
    assert entry.retries == 0


async def test_the_upload_of_an_entry_is_told_without_its_headers_as_with_them() -> None:
    binary = await encode(Entry("ü1", {"traceparent": TRACEPARENT, "tracestate": "a=b" * 99}))
    envelope = json.dumps({"data": '{"upload_id": "u2"}', "headers": {}}).encode()

    assert upload_of({MESSAGE: binary, b"x-lane": b"backfill"}) == "ü1"
    assert upload_of({MESSAGE: envelope}) == "u2"
    assert upload_of({b"data": b'{"upload_id": "u3"}'}) == "u3"


async def test_what_could_not_be_recorded_travels_with_the_entry_once() -> None:
    late = Unrecorded(7, "internal_error", 'KeyError: "runs"')

    again = parse({MESSAGE: await encode(Entry("u1").again(late))})

    assert (again.retries, again.unrecorded) == (1, late)
    assert again.again(None).unrecorded is None


def test_what_a_stranger_writes_as_unrecorded_is_ignored() -> None:
    for text in ("", "7", "{", '{"fence": "seven"}'):
        assert Entry("u1", {"x-unrecorded": text}).unrecorded is None


def test_a_plain_entry_of_any_language_is_parsed() -> None:
    assert parse({b"data": b'{"upload_id": "u1"}'}).upload_id == "u1"


def test_an_entry_with_a_json_envelope_carries_its_trace() -> None:
    envelope = {"data": json.dumps({"upload_id": "u1"}), "headers": {"traceparent": TRACEPARENT}}

    entry = parse({MESSAGE: json.dumps(envelope).encode()})

    assert entry.upload_id == "u1"
    assert entry.headers["traceparent"] == TRACEPARENT


def test_more_than_the_upload_id_is_left_alone() -> None:
    assert parse({b"data": b'{"upload_id": "u1", "priority": 5}'}).upload_id == "u1"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"other": b"1"},
        {b"data": b""},
        {b"data": b"no json"},
        {b"data": b"[]"},
        {b"data": b"{}"},
        {b"data": b'{"upload_id": 5}'},
        {b"data": b'{"upload_id": ""}'},
        {b"data": b"\xff\xfe"},
        {MESSAGE: b"\x89BIN\r\n\x1a\n"},
        {MESSAGE: b'{"data": 5, "headers": 5}'},
    ],
)
def test_an_entry_that_names_no_upload_is_malformed(fields: dict[bytes, bytes]) -> None:
    with pytest.raises(MalformedEntry) as raised:
        parse(fields)
    assert str(raised.value).endswith(".")


@given(st.dictionaries(st.sampled_from([MESSAGE, b"data", b"x"]), st.binary(max_size=200)))
def test_any_fields_are_parsed_or_malformed(fields: dict[bytes, bytes]) -> None:
    try:
        entry = parse(fields)
    except MalformedEntry:
        return
    assert entry.upload_id
