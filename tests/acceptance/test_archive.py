"""An archive beside people's uploads: it is read with the slots that they leave, and ends once."""

import asyncio
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.storage.attempts import Attempt
from tests.acceptance.replica import running_replica
from tests.acceptance.system import COMMAND, System
from tests.wait import wait_until

APP = "tests.acceptance.slow_app:app"
AT_ONCE = 5.0
"""Seconds from publishing to the claim, on a busy machine; a reading here takes no time."""


@pytest.fixture
def two_slots(system: System) -> System:
    return System({**system.environment, "CRICKSY_CONCURRENCY": "2"})


def submit_archive(system: System, contents: list[bytes]) -> list[str]:
    """Objects that are in S3 already, submitted; gives the ids of their uploads."""
    bucket = system.environment["CRICKSY_S3_BUCKET"]
    store = system.object_store()

    async def put() -> None:
        for number, content in enumerate(contents):
            await store.put(bucket, f"archive/{number:03}.jpg", content, "image/jpeg")

    asyncio.run(put())
    done = command(system, "submit", "--json", f"s3://{bucket}/archive/")
    return [json.loads(line)["upload_id"] for line in done.stdout.splitlines()]


def command(system: System, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, *arguments],
        env=system.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def waiting(system: System) -> int:
    with system.redis as redis:
        return int(redis.xlen(system.keys.backfill))


def only_attempt(system: System, upload_id: str) -> Attempt:
    (attempt,) = system.attempts(upload_id)
    assert attempt.outcome == "committed"
    return attempt


def test_one_slot_is_always_there_for_people(two_slots: System, tmp_path: Path) -> None:
    cards = [tmp_path / f"card-{number}" for number in range(3)]
    archive = submit_archive(two_slots, [str(card).encode() for card in cards])

    def begun() -> int:
        return sum(card.exists() for card in cards)

    with running_replica(two_slots.environment, APP):
        wait_until(lambda: begun() == 1, timeout=20)
        for _ in range(5):
            two_slots.wait_until_parsed(two_slots.publish(b"card"))
        assert (begun(), waiting(two_slots)) == (1, 2)
        why: dict[str, Any] = json.loads(command(two_slots, "why", archive[2], "--json").stdout)
        assert why["figures"] == {"ahead": 1, "slots": 2, "backfill_slots": 1}

        def all_read() -> bool:
            for card in cards:
                card.unlink(missing_ok=True)
            return all(two_slots.is_parsed(each) for each in archive)

        wait_until(all_read, timeout=20)


def test_a_replica_without_a_share_leaves_the_archive_alone(two_slots: System) -> None:
    submit_archive(two_slots, [b"card"] * 3)

    with running_replica({**two_slots.environment, "CRICKSY_BACKFILL_CONCURRENCY": "0"}, APP):
        two_slots.wait_until_parsed(two_slots.publish(b"card"))

        assert waiting(two_slots) == 3


def test_uploads_in_the_midst_of_an_archive_start_at_once_and_all_end_once(
    two_slots: System,
) -> None:
    archive = submit_archive(two_slots, [b"%d" % number for number in range(60)])
    live: dict[str, float] = {}
    with running_replica(two_slots.environment, APP):
        for _ in range(10):
            wait_until(lambda: waiting(two_slots) < 60, timeout=20)
            upload = two_slots.record(b"card")
            live[upload] = time.time()
            two_slots.add({"data": json.dumps({"upload_id": upload})})
        for each in (*archive, *live):
            two_slots.wait_until_parsed(each)
        wait_until(lambda: two_slots.unfinished() == 0)

    waits = [
        only_attempt(two_slots, upload).started_at.timestamp() - at for upload, at in live.items()
    ]
    assert max(waits) < AT_ONCE
    assert all(only_attempt(two_slots, upload) for upload in archive)
    told = json.loads(command(two_slots, "audit", "--json").stdout)
    assert (told["holds"], told["published"]) == (True, 70)
