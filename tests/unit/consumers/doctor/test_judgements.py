"""What the doctor makes of what servers tell of themselves."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consumers.doctor import Check, Verdict
from consumers.doctor.about_clocks import judge_clock
from consumers.doctor.about_postgresql import Facts, judge_postgresql
from consumers.doctor.about_redis import judge_redis
from pipeline.storage.uploads import UploadStatus

WELL: dict[str, Any] = {
    "redis_version": "7.2.4",
    "role": "master",
    "aof_enabled": 1,
    "aof_last_write_status": "ok",
    "maxmemory_policy": "noeviction",
    "maxmemory": 1_000_000_000,
    "used_memory": 2_000_000,
}
HERE = "redis://127.0.0.1:6379/0"
FACTS = Facts(
    version=180_000,
    version_text="18.0",
    in_recovery=False,
    encrypted=False,
    local=True,
    connections=4,
    max_connections=100,
    role="cricksy",
    superuser=False,
    rows=10,
    indexed=True,
    statuses=[str(each) for each in UploadStatus],
    refused=[],
)


def ailing(checks: Iterable[Check]) -> dict[str, Verdict]:
    found = {each.name: each for each in checks if each.verdict is not Verdict.GOOD}
    assert all(each.remedy for each in found.values())
    return {name: each.verdict for name, each in found.items()}


def redis(url: str = HERE, *, snapshots: bool | None = False, **told: Any) -> dict[str, Verdict]:
    return ailing(judge_redis({**WELL, **told}, url, snapshots=snapshots))


def postgresql(**told: Any) -> dict[str, Verdict]:
    return ailing(judge_postgresql(replace(FACTS, **told)))


def test_servers_as_they_should_be_have_no_remedy() -> None:
    assert redis() == {}
    assert postgresql() == {}


@pytest.mark.parametrize(
    ("told", "good"),
    [
        ({"redis_version": "6.2.14"}, False),
        ({"redis_version": "7.0.0"}, True),
        ({"redis_version": "8.2.1"}, True),
        ({"redis_version": "7.2.4", "valkey_version": "7.2.9"}, False),
        ({"redis_version": "7.2.4", "valkey_version": "8.0.0"}, True),
        ({"redis_version": "7.2.4", "valkey_version": "9.1.2"}, True),
    ],
)
def test_the_version_is_that_of_whom_it_is(told: dict[str, Any], good: bool) -> None:
    assert redis(**told) == ({} if good else {"version": Verdict.BAD})


def test_a_policy_that_evicts_may_drop_the_stream() -> None:
    assert redis(maxmemory_policy="allkeys-lru") == {"eviction": Verdict.BAD}


def test_a_replica_of_redis_takes_no_writes() -> None:
    assert redis(role="slave") == {"role": Verdict.BAD}


def test_without_an_append_only_file_a_crash_costs_entries() -> None:
    assert redis(aof_enabled=0) == {"persistence": Verdict.WARNING}
    assert redis(aof_enabled=0, snapshots=True) == {"persistence": Verdict.WARNING}
    assert redis(aof_enabled=0, snapshots=None) == {"persistence": Verdict.WARNING}
    assert redis(aof_last_write_status="err") == {"persistence": Verdict.BAD}


def test_memory_that_runs_out_is_told_before_it_has() -> None:
    assert redis(used_memory=900_000_000) == {"memory": Verdict.WARNING}
    assert redis(used_memory=900_000_000, maxmemory=0) == {}


def test_a_connection_over_a_network_is_to_be_encrypted() -> None:
    assert redis("redis://u:p@redis.example.org:6379/0") == {"encryption": Verdict.WARNING}
    assert redis("rediss://ocr:secret@redis.example.org:6379/0") == {}
    assert postgresql(local=False) == {"encryption": Verdict.WARNING}
    assert (
        ailing(judge_postgresql(replace(FACTS, local=False, encrypted=True), "verify-full")) == {}
    )


def test_a_role_that_may_not_write_is_told_what_to_grant() -> None:
    (check,) = [
        each
        for each in judge_postgresql(replace(FACTS, refused=["INSERT on scorecards"]))
        if each.verdict is not Verdict.GOOD
    ]

    assert (check.name, check.verdict) == ("permissions", Verdict.BAD)
    assert check.remedy == "GRANT INSERT on scorecards TO cricksy"


def test_only_canaries_need_to_delete_uploads() -> None:
    assert postgresql(refused=["DELETE on uploads"]) == {"permissions": Verdict.WARNING}


def test_a_standby_and_an_old_server_cannot_be_used() -> None:
    assert postgresql(in_recovery=True) == {"version": Verdict.BAD}
    assert postgresql(version=120_000) == {"version": Verdict.BAD}


def test_a_backends_status_type_has_to_know_every_status() -> None:
    assert postgresql(statuses=["initiated", "uploaded"]) == {"uploads.status": Verdict.BAD}
    assert postgresql(statuses=[]) == {}


def test_a_large_table_of_the_backends_wants_an_index() -> None:
    assert postgresql(rows=100_000, indexed=False) == {"uploads": Verdict.WARNING}
    assert postgresql(rows=100, indexed=False) == {}


def test_connections_that_run_out_are_told() -> None:
    assert postgresql(connections=90) == {"connections": Verdict.WARNING}


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0.2, Verdict.GOOD),
        (-1.5, Verdict.GOOD),
        (3, Verdict.WARNING),
        (-60, Verdict.WARNING),
        (-600, Verdict.BAD),
    ],
)
def test_clocks_apart_are_told_with_the_direction(seconds: float, verdict: Verdict) -> None:
    check = judge_clock("redis", timedelta(seconds=seconds))

    assert check.verdict is verdict
    if verdict is not Verdict.GOOD:
        assert ("ahead" in check.text) == (seconds > 0)
