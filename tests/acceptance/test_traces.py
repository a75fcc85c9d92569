"""What a collector receives: one trace an upload, whatever becomes of its deliveries."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks.telemetry.collectors import never_answering
from tests.acceptance.replica import RunningReplica, running_replica
from tests.acceptance.system import System
from tests.otlp import ReceivedSpan, Receiver, as_tree, otlp_receiver
from tests.processes import card_readers
from tests.unit import broken_files
from tests.wait import wait_until

CARD = Path(__file__).parents[1] / "cards" / "images" / "tv_clean.png"
HANGING = "tests.acceptance.hanging_app:app"
LEAVING = 10.0
"""Seconds that an idle replica may take to leave: three of them for its last spans."""
PAGE_STAGES = ["decode", "page", "deskew", "binarise", "grid", "upright", "ocr"]
STAGES = ["fetch", *PAGE_STAGES, "parse", "arithmetic", "commit"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with otlp_receiver() as receiver:
        yield receiver


@pytest.fixture
def traced(system: System, receiver: Receiver) -> System:
    return System({**system.environment, "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint})


def named(spans: list[ReceivedSpan], operation: str) -> list[ReceivedSpan]:
    return [span for span in spans if span.name.split()[0] == operation]


def children_of(spans: list[ReceivedSpan], parent: ReceivedSpan) -> list[ReceivedSpan]:
    return [span for span in spans if span.parent_id == parent.span_id]


def wait_until_in_ocr(replica: RunningReplica) -> None:
    wait_until(
        lambda: any(event["stage"] == "ocr" for event in replica.events("stage")), timeout=30
    )


def child_of(replica: RunningReplica) -> psutil.Process:
    """Its one OCR process."""
    (child,) = card_readers(replica.process.pid)
    return child


def test_an_upload_is_one_trace_with_a_span_for_each_stage(
    traced: System, receiver: Receiver
) -> None:
    with running_replica(traced.environment):
        (published,) = traced.submit(CARD, wait=True)
    spans = receiver.trace(published["trace_id"])

    tree = as_tree(spans)
    stream = traced.keys.stream
    (send,) = (span for span in spans if not span.parent_id)
    assert (send.name, send.kind) == (f"send {stream}", "PRODUCER"), tree
    assert [(span.name, span.kind) for span in children_of(spans, send)] == [
        (f"receive {stream}", "CLIENT"),
        (f"process {stream}", "CONSUMER"),
    ], tree
    (process,) = named(spans, "process")
    within = [(span.name, span.kind) for span in children_of(spans, process)]
    stages = [(name, "INTERNAL") for name in STAGES]
    assert within == [*stages, (f"ack {stream}", "CLIENT")], tree
    assert not any(span.error or span.links for span in spans)


def test_messaging_spans_say_what_the_conventions_ask_for(
    traced: System, receiver: Receiver
) -> None:
    with running_replica(traced.environment):
        (published,) = traced.submit(CARD, wait=True)
    spans = receiver.trace(published["trace_id"])

    types = {"send": "send", "receive": "receive", "process": "process", "ack": "settle"}
    for operation, kind in types.items():
        (span,) = named(spans, operation)
        said = span.attributes
        assert said["messaging.system"] == "redis"
        assert said["messaging.destination.name"] == traced.keys.stream
        assert said["messaging.operation.name"] == operation
        assert said["messaging.operation.type"] == kind
        assert said["messaging.message.id"] == published["entry_id"]
        if operation != "send":
            assert said["messaging.consumer.group.name"] == "ocr"
            assert str(said["messaging.client.id"]).endswith("-0")
    (process,) = named(spans, "process")
    assert process.attributes["cricksy.upload.id"] == published["upload_id"]
    assert process.attributes["cricksy.delivery.count"] == 1
    assert process.attributes["cricksy.outcome"] == "committed"
    assert 0 <= float(process.attributes["cricksy.queue.seconds"]) < 60


def test_the_trace_of_another_producer_is_continued(traced: System, receiver: Receiver) -> None:
    upload_id = traced.record(CARD.read_bytes())
    headers = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}

    with running_replica(traced.environment):
        data = json.dumps({"upload_id": upload_id})
        traced.add({"__data__": json.dumps({"data": data, "headers": headers})})
        traced.wait_until_parsed(upload_id)

    (process,) = named(receiver.trace("ab" * 16), "process")
    assert process.parent_id == "cd" * 8


def test_an_idle_replica_makes_no_spans(traced: System, receiver: Receiver) -> None:
    with running_replica({**traced.environment, "OTEL_METRIC_EXPORT_INTERVAL": "500"}):
        wait_until(lambda: receiver.requests["/v1/metrics"] >= 4)

    assert receiver.spans == []


def test_a_dead_letter_carries_the_trace_in_which_its_error_is_told(
    traced: System, receiver: Receiver
) -> None:
    with running_replica(traced.environment):
        upload_id = traced.publish(broken_files.truncated_jpeg())
        wait_until(traced.letters)

    (letter,) = traced.letters()
    spans = receiver.trace(letter[b"trace_id"].decode())
    (process,) = named(spans, "process")
    assert (process.error, process.attributes["error.type"]) == (True, "unreadable_image")
    assert process.attributes["cricksy.upload.id"] == upload_id
    (decode,) = named(spans, "decode")
    assert (decode.error, decode.attributes["error.type"]) == (True, "unreadable_image")
    assert named(spans, "dead_letter")


def test_a_child_that_is_killed_leaves_the_stage_that_it_died_in(
    traced: System, receiver: Receiver
) -> None:
    with running_replica(traced.environment, HANGING) as replica:
        upload_id = traced.publish(CARD.read_bytes())
        wait_until_in_ocr(replica)
        child_of(replica).kill()
        wait_until(lambda: traced.outcomes(upload_id) == ["retry"])

    (attempt,) = traced.attempts(upload_id)
    spans = receiver.trace(attempt.trace_id or "")
    (process,) = named(spans, "process")
    within = children_of(spans, process)
    assert [span.name for span in within if span.kind == "INTERNAL"] == ["fetch", *PAGE_STAGES]
    (ocr,) = named(spans, "ocr")
    assert (ocr.error, ocr.attributes["error.type"]) == (True, "ocr_crashed")
    assert [span.name for span in within if span.error] == ["ocr"]


def test_a_collector_that_hangs_holds_up_neither_uploads_nor_the_end(system: System) -> None:
    with never_answering() as endpoint:
        environment = {
            **system.environment,
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }
        with running_replica(environment) as replica:
            system.wait_until_parsed(system.publish(CARD.read_bytes()))
            told = time.monotonic()
            code = replica.stop()
            took = time.monotonic() - told

    assert code == 0
    assert took < LEAVING, took


def test_a_death_a_retry_and_the_commit_are_one_tree_tied_by_links(
    traced: System, receiver: Receiver
) -> None:
    """Killed in ocr, then S3 away, then read."""
    impatient = {
        **traced.environment,
        "CRICKSY_LEASE_SECONDS": "1",
        "CRICKSY_RETRY_DELAY_SECONDS": "0.5",
    }
    with running_replica(impatient, HANGING) as first:
        (published,) = traced.submit(CARD)
        upload_id = published["upload_id"]
        # Its stage is pinned up a moment after it has begun.
        wait_until(lambda: any("ocr" in said for said in traced.stages()), timeout=30)
        first.process.kill()
    nowhere = {**impatient, "CRICKSY_S3_ENDPOINT_URL": "http://127.0.0.1:1"}
    with running_replica(nowhere):
        wait_until(lambda: traced.outcomes(upload_id) == ["abandoned", "retry"], timeout=30)
    with running_replica(impatient):
        traced.wait_until_parsed(upload_id)

    spans = receiver.trace(published["trace_id"])
    tree = as_tree(spans)
    print(tree)  # noqa: T201 -- `pytest -s` shows it
    dead, retried, committed = named(spans, "process")
    outcomes = [span.attributes.get("cricksy.outcome") for span in (dead, retried, committed)]
    assert outcomes == [None, "retry", "committed"], tree
    codes = [span.attributes.get("error.type") for span in (dead, retried, committed)]
    assert codes == ["worker_killed", "object_store_unavailable", None], tree
    assert [link.span_id for link in retried.links] == [dead.span_id], tree
    assert [link.span_id for link in committed.links] == [retried.span_id], tree
    told = [link.attributes["cricksy.outcome"] for span in spans for link in span.links]
    assert told == ["abandoned", "retry"], tree
    (ocr,) = (span for span in children_of(spans, dead) if span.name == "ocr")
    assert (ocr.error, ocr.attributes["cricksy.page"]) == (True, 1), tree
    (fetch,) = (span for span in children_of(spans, retried) if span.name == "fetch")
    assert fetch.attributes["error.type"] == "object_store_unavailable", tree
    (send,) = (span for span in spans if not span.parent_id)
    assert {span.parent_id for span in (dead, retried, committed)} == {send.span_id}, tree
    assert len({span.span_id for span in spans}) == len(spans), tree
    attempts = traced.attempts(upload_id)
    assert {attempt.trace_id for attempt in attempts} == {published["trace_id"]}
