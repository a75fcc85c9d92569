"""An archive as its operator sees it: submitted, gone on with, looked at, hastened."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from consumers import bulk
from consumers.publish import add_entries
from pipeline.storage.objects import ObjectStore, StoredObject
from tests.integration.consumers.cli.conftest import Operator

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def archive(s3_client: "S3Client", s3_bucket: str) -> str:
    """The address of five objects."""
    for number in range(5):
        s3_client.put_object(Bucket=s3_bucket, Key=f"cards/{number}.jpg", Body=f"{number}".encode())
    return f"s3://{s3_bucket}/cards/"


def lengths(operator: Operator) -> tuple[int, int]:
    """Entries that wait live, and in the archive's queue."""
    redis: Any = operator.redis
    return redis.xlen(operator.keys.stream), redis.xlen(operator.keys.backfill)


def test_what_is_in_s3_waits_behind_people_and_is_published_once(
    operator: Operator, archive: str
) -> None:
    first = operator.types("submit", "--json", archive)
    second = operator.types("submit", "--json", archive)

    told = [json.loads(line) for line in first.stdout.splitlines()]
    assert [each["filename"] for each in told] == [f"{number}.jpg" for number in range(5)]
    assert {each["status"] for each in told} == {"uploaded"}
    assert first.stderr.splitlines()[-1] == "5 published."
    assert second.stdout == ""
    assert second.stderr.splitlines()[-1] == "0 published, 5 were there before."
    assert lengths(operator) == (0, 5)
    again = operator.types("submit", "--again", archive)
    assert again.stderr.splitlines()[-1] == "5 published."
    assert lengths(operator) == (0, 10)


def test_each_source_can_be_put_into_the_other_lane(
    operator: Operator, archive: str, tmp_path: Path
) -> None:
    card = tmp_path / "card.jpg"
    card.write_bytes(b"card")

    operator.types("submit", "--live", archive)
    operator.types("submit", "--backfill", str(card))
    operator.types("submit", str(card))

    assert lengths(operator) == (6, 1)
    operator.types("submit", "--live", "--backfill", str(card), code=2)


def test_an_interrupted_command_says_how_far_it_came_and_the_next_goes_on(
    operator: Operator, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = 0
    listed = ObjectStore.list

    def in_small_pages(
        store: ObjectStore, bucket: str, prefix: str
    ) -> AsyncIterator[tuple[StoredObject, ...]]:
        return listed(store, bucket, prefix, page_size=2)

    async def interrupted(*arguments: Any) -> Any:
        nonlocal pages
        pages += 1
        if pages > 1:
            raise KeyboardInterrupt
        return await add_entries(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "add_entries", interrupted)
        patch.setattr(ObjectStore, "list", in_small_pages)
        stopped = operator.types("submit", archive, code=130)
    resumed = operator.types("submit", archive)

    assert stopped.stderr.splitlines()[-1] == (
        "Stopped: 2 published; the same command goes on from there."
    )
    assert resumed.stderr.splitlines()[-1] == "3 published, 2 were there before."
    assert lengths(operator) == (0, 5)
    assert operator.told("audit")["holds"]


def test_an_archive_that_waits_is_told_and_alarms_nobody(operator: Operator, archive: str) -> None:
    operator.pin_replica(backfill_slots=1)
    submitted = operator.types("submit", "--json", archive).stdout.splitlines()
    upload = json.loads(submitted[3])["upload_id"]

    told = operator.told("status")
    said = operator.types("status").stdout
    why = operator.told("why", upload)

    assert (told["backfill"], told["backfill_slots"]) == (5, 1)
    assert (told["waiting"], told["oldest"], told["alerts"]) == (0, None, [])
    assert "5 waiting behind all of these, read by at most 1 slot" in said
    assert operator.told("pending")["backfill_total"] == 5
    assert "5 of an archive, waiting behind" in operator.types("pending").stdout
    assert (why["state"], why["figures"]["ahead"]) == ("waiting_in_archive", 3)
    assert operator.told("reconcile", "--dry-run", "--settled-for", "0") == []
    assert operator.types("watch", "--once").stdout == "Nothing is wrong.\n"

    assert operator.told("retry", upload)["effect"] == "done"
    assert lengths(operator) == (1, 4)
    assert operator.told("why", upload)["state"] == "waiting"
