"""What tells what is wrong: `stuck`, `why`, `watch --once`, `canary`."""

import json
from typing import Any

from tests.integration.consumers.cli.conftest import Operator

HOUR = 3_600_000
"""Milliseconds."""


def test_where_nothing_was_ever_published_nothing_is_stuck(operator: Operator) -> None:
    operator.redis.delete(operator.keys.stream)

    assert operator.types("stuck").stdout == "Nothing is stuck.\n"


def test_a_backlog_before_the_first_replica_is_told(operator: Operator) -> None:
    operator.redis.xgroup_destroy(operator.keys.stream, operator.keys.group)
    operator.publish()

    said = operator.types("stuck", code=1).stdout

    assert said == (
        "1 waiting, and no replica has ever made the consumer group: start a replica.\n"
    )


def test_what_nobody_reclaims_is_listed_with_its_owner_and_cause(operator: Operator) -> None:
    upload = operator.publish()
    operator.claim("alice-0")
    entries: Any = operator.redis.xrange(operator.keys.stream)
    group = (operator.keys.stream, operator.keys.group)
    operator.redis.xclaim(*group, "alice-0", 0, [entries[0][0]], idle=HOUR, justid=True)

    told = operator.told("stuck", code=1)

    (found,) = told["entries"]
    assert (found["upload_id"], found["consumer"]) == (upload, "alice-0")
    assert found["idle_seconds"] >= HOUR / 1000
    (cause,) = found["causes"]
    assert cause.endswith("s, and nobody reclaims it.")
    assert f"{upload}  alice-0  Idle for 36" in operator.types("stuck", code=1).stdout


def test_why_tells_what_to_type_next_and_exits_with_1_where_something_is_wrong(
    operator: Operator,
) -> None:
    upload = operator.publish()

    said = operator.types("why", upload, code=1).stdout
    told = operator.told("why", upload, code=1)
    operator.pin_replica()
    waiting = operator.told("why", upload)

    assert said.splitlines()[1] == "Next: faststream run consumers.app:app"
    assert (told["state"], told["problem"]) == ("waiting_for_replica", True)
    assert (waiting["state"], waiting["command"]) == ("waiting", None)
    assert operator.told("why", "nobody", code=1)["state"] == "unknown"


def test_watch_once_tells_what_is_wrong_now(operator: Operator) -> None:
    upload = operator.publish()

    said = operator.types("watch", "--once", code=1).stdout
    lines = operator.types("watch", "--once", "--json", code=1).stdout.splitlines()

    assert "no_consumer: Nobody reads uploads: no replica lives; 1 upload is unfinished." in said
    told = {each["alert"]: each for each in map(json.loads, lines)}
    assert set(told) == {"no_consumer", "queue_stalled"}
    assert {each["status"] for each in told.values()} == {"firing"}
    assert {each["stream"] for each in told.values()} == {operator.keys.stream}
    assert not operator.redis.exists(operator.keys.alerts)
    assert operator.status_of(upload) == "uploaded"


def test_watch_once_says_so_where_nothing_is_wrong(operator: Operator) -> None:
    operator.pin_replica()

    assert operator.types("watch", "--once").stdout == "Nothing is wrong.\n"


def test_a_canary_that_nobody_reads_exits_with_1(operator: Operator) -> None:
    told = operator.told("canary", "--within", "1", code=1)

    assert not told["good"]
    assert told["text"] == f"Canary {told['upload_id']} was not read within 1 s."
