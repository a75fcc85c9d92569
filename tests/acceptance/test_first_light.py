"""The whole way of an upload, driven as users and backends drive it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.replica import RunningReplica, running_replica
from tests.acceptance.system import System
from tests.unit import broken_files
from tests.wait import wait_until

CARDS = Path(__file__).parents[1] / "cards" / "images"
CARD = CARDS / "tv_clean.png"


@pytest.fixture
def replica(system: System) -> Iterator[RunningReplica]:
    with running_replica(system.environment) as replica:
        yield replica


@pytest.mark.parametrize(
    "arguments",
    [
        ["consumers.app"],
        ["consumers.app:app"],
        ["consumers.app", "--workers", "2"],
    ],
    ids=" ".join,
)
def test_each_form_of_the_command_reads_what_was_queued_before(
    system: System, arguments: list[str]
) -> None:
    (published,) = system.submit(CARD)

    with running_replica(system.environment, *arguments) as replica:
        system.wait_until_parsed(published["upload_id"])
        wait_until(lambda: system.unfinished() == 0)
        assert replica.stop() == 0

    card = system.scorecard(published["upload_id"])
    assert card is not None
    assert card.document["innings"]
    upload = system.upload(published["upload_id"])
    assert upload is not None
    assert upload.processed_at is not None
    (attempt,) = system.attempts(published["upload_id"])
    assert (attempt.outcome, attempt.delivery) == ("committed", 1)
    assert attempt.trace_id == published["trace_id"]


@pytest.mark.parametrize(
    "form",
    [
        lambda upload_id: {"data": json.dumps({"upload_id": upload_id})},
        lambda upload_id: {
            "__data__": json.dumps(
                {
                    "data": json.dumps({"upload_id": upload_id}),
                    "headers": {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"},
                }
            )
        },
    ],
    ids=["plain field", "envelope with a trace"],
)
@pytest.mark.usefixtures("replica")
def test_an_entry_of_any_producer_is_consumed(
    system: System, form: Callable[[str], dict[str, str | bytes]]
) -> None:
    upload_id = system.record(CARD.read_bytes())
    fields = form(upload_id)

    system.add(fields)

    system.wait_until_parsed(upload_id)
    (attempt,) = system.attempts(upload_id)
    if "__data__" in fields:
        assert attempt.trace_id == "ab" * 16


BAD_FILES: dict[str, tuple[bytes | None, str]] = {
    "empty": (broken_files.empty(), "unsupported_format"),
    "text named .jpg": (broken_files.text(), "unsupported_format"),
    "truncated JPEG": (broken_files.truncated_jpeg(), "unreadable_image"),
    "encrypted PDF": (broken_files.encrypted_pdf(), "encrypted_pdf"),
    "60,000 x 60,000 PNG": (broken_files.huge_png(), "too_many_pixels"),
    "PDF of 21 pages": (broken_files.pdf_of_21_pages(), "too_many_pages"),
    "over CRICKSY_MAX_FILE_MB": (b"\xff\xd8" + bytes(2**20), "too_large"),
    "object that is not there": (None, "object_missing"),
}
BAD_ENTRIES = {
    "no json": "malformed_entry",
    '{"game_id":"g1"}': "malformed_entry",
    '{"upload_id":"nobody"}': "upload_missing",
}


def test_all_bad_input_is_given_up_with_its_code_and_the_replica_goes_on(system: System) -> None:
    bad = {}

    with running_replica({**system.environment, "CRICKSY_MAX_FILE_MB": "1"}) as replica:
        for name, (content, _) in BAD_FILES.items():
            bad[name] = system.record(content)
            system.add({"data": json.dumps({"upload_id": bad[name]})})
        for data in BAD_ENTRIES:
            system.add({"data": data})
        good = system.record(CARD.read_bytes())
        system.add({"data": json.dumps({"upload_id": good})})
        system.wait_until_parsed(good)
        wait_until(lambda: system.unfinished() == 0)
        told = replica.events("upload given up")

    letters = {letter[b"data"].decode(): letter for letter in system.letters()}
    assert len(letters) == len(told) == len(BAD_FILES) + len(BAD_ENTRIES)
    for name, upload_id in bad.items():
        code = BAD_FILES[name][1]
        (line,) = (line for line in told if line["upload"] == upload_id)
        assert line["code"] == code, name
        upload = system.upload(upload_id)
        assert upload is not None
        assert (upload.status, upload.error_message) == ("failed", line["error"]), name
        (attempt,) = system.attempts(upload_id)
        assert (attempt.outcome, attempt.error_code) == ("dead", code), name
        letter = letters[json.dumps({"upload_id": upload_id})]
        assert letter[b"reason"].decode() == code, name
        assert letter[b"trace_id"].decode() == attempt.trace_id, name
    for data, code in BAD_ENTRIES.items():
        assert letters[data][b"reason"].decode() == code, data


def test_a_replica_that_lacks_its_settings_says_what_is_missing(
    environment: dict[str, str],
) -> None:
    bare = {
        name: value
        for name, value in environment.items()
        if not name.startswith("CRICKSY_") and name != "DATABASE_URL"
    }

    replica = RunningReplica(["consumers.app"], {**bare, "CRICKSY_CONCURRENCY": "many"})

    assert replica.process.wait(timeout=30) != 0
    replica.stop()
    said = "".join(replica.lines)
    assert "DATABASE_URL" in said
    assert "CRICKSY_CONCURRENCY" in said
    assert "Traceback" not in said
