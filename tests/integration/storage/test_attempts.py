from dataclasses import replace
from typing import TypedDict

import pytest

from pipeline.errors import UploadMissing
from pipeline.storage.attempts import (
    AlreadyCommitted,
    AlreadyDead,
    Cancelled,
    Delivery,
    Opened,
    Outcome,
    Settled,
    StaleFence,
    attempts_of,
    mark_dead,
    mark_retry,
    open_attempt,
    record_malformed,
    release_attempt,
    reopen,
    stale_writes,
    transient_failures,
)
from pipeline.storage.database import Database
from pipeline.storage.publications import record_publication
from pipeline.storage.scorecards import Committed, commit
from pipeline.storage.uploads import NewUpload, Upload, cancel_upload, get_upload

pytestmark = pytest.mark.usefixtures("upload")


class Failure(TypedDict):
    error_code: str
    error: str


FAILURE = Failure(error_code="ocr_crashed", error="The child process died.")


async def opened(database: Database, delivery: Delivery) -> Opened:
    opening = await open_attempt(database, delivery)
    assert isinstance(opening, Opened)
    return opening


async def committed(database: Database, upload_id: str, fence: int) -> None:
    done = await commit(
        database,
        upload_id,
        fence,
        document={"match": None},
        verified=True,
        pipeline_version="1.0",
        preview={},
    )
    assert isinstance(done, Committed)


async def outcomes(database: Database, upload_id: str = "u1") -> list[str | None]:
    return [attempt.outcome for attempt in await attempts_of(database, upload_id)]


async def row(database: Database) -> Upload:
    upload = await get_upload(database, "u1")
    assert upload is not None
    return upload


async def publications(database: Database) -> list[tuple[str, ...]]:
    async with database.transaction() as connection:
        cursor = await connection.execute("SELECT upload_id, entry_id, cause FROM ocr_publications")
        return await cursor.fetchall()


async def test_an_opened_attempt_tells_where_the_object_lies_and_marks_the_upload(
    database: Database, delivery: Delivery, upload: NewUpload
) -> None:
    opening = await opened(database, delivery)
    assert opening == Opened(
        fence=1,
        bucket=upload.bucket,
        key=upload.key,
        filename=upload.filename,
        content_type=upload.content_type,
        file_size=upload.file_size,
        transient_failures=0,
        deaths=0,
    )
    assert (await row(database)).status == "processing"
    (attempt,) = await attempts_of(database, "u1")
    assert (attempt.entry_id, attempt.consumer, attempt.delivery) == ("1-0", "replica-a", 1)
    assert attempt.trace_id == delivery.trace_id
    assert (attempt.outcome, attempt.finished_at) == (None, None)


async def test_each_opening_takes_a_higher_fence_and_gives_up_the_open_one(
    database: Database, delivery: Delivery
) -> None:
    fences = [(await opened(database, replace(delivery, delivery=n))).fence for n in (1, 2, 3)]
    assert fences == [1, 2, 3]
    assert await outcomes(database) == ["abandoned", "abandoned", None]


async def test_workers_that_vanished_are_counted_as_deaths_and_failures_are_not(
    database: Database, delivery: Delivery
) -> None:
    await opened(database, delivery)
    second = await opened(database, delivery)
    assert (second.deaths, second.transient_failures) == (1, 0)
    await mark_retry(database, "u1", second.fence, **FAILURE)
    third = await opened(database, delivery)
    assert (third.deaths, third.transient_failures) == (1, 1)


async def test_an_opening_tells_of_the_attempt_before_and_whether_its_worker_has_vanished(
    database: Database, delivery: Delivery
) -> None:
    first = await opened(database, delivery)
    second = await opened(database, replace(delivery, consumer="replica-b"))
    await mark_retry(database, "u1", second.fence, **FAILURE)
    third = await opened(database, delivery)

    before = [opening.before for opening in (first, second, third)]
    assert [each and (each.consumer, each.outcome, each.vanished) for each in before] == [
        None,
        ("replica-a", "abandoned", True),
        ("replica-b", "retry", False),
    ]


async def test_a_redelivery_after_the_commit_is_already_committed_and_leaves_a_row(
    database: Database, delivery: Delivery
) -> None:
    await committed(database, "u1", (await opened(database, delivery)).fence)
    assert await open_attempt(database, delivery) == AlreadyCommitted(fence=2, revision=1)
    assert await outcomes(database) == ["committed", "duplicate"]
    assert (await row(database)).status == "parsed"


async def test_a_backend_that_says_uploaded_too_late_is_put_right_by_the_redelivery(
    database: Database, delivery: Delivery
) -> None:
    await committed(database, "u1", (await opened(database, delivery)).fence)
    await set_status(database, "uploaded")
    assert isinstance(await open_attempt(database, delivery), AlreadyCommitted)
    assert (await row(database)).status == "parsed"


async def test_an_upload_that_a_person_applied_is_not_read(
    database: Database, delivery: Delivery
) -> None:
    await set_status(database, "applied")
    assert await open_attempt(database, delivery) == AlreadyCommitted(fence=1, revision=0)
    assert (await row(database)).status == "applied"


async def test_a_redelivery_after_the_death_is_already_dead_with_its_reason(
    database: Database, delivery: Delivery
) -> None:
    first = await opened(database, delivery)
    await mark_dead(database, "u1", first.fence, error_code="too_large", error="9 MB.")
    assert await open_attempt(database, delivery) == AlreadyDead(
        2, "too_large", "9 MB.", delivery.entry_id, death=1
    )
    assert await open_attempt(database, delivery) == AlreadyDead(
        3, "too_large", "9 MB.", delivery.entry_id, death=1
    )
    assert await outcomes(database) == ["dead", "duplicate", "duplicate"]


async def test_a_failed_upload_that_the_backend_submits_again_is_read_again(
    database: Database, delivery: Delivery
) -> None:
    first = await opened(database, delivery)
    await mark_dead(database, "u1", first.fence, **FAILURE)
    await set_status(database, "uploaded")
    assert (await opened(database, delivery)).fence == 2


async def test_a_cancelled_upload_is_skipped(database: Database, delivery: Delivery) -> None:
    await cancel_upload(database, "u1")
    assert await open_attempt(database, delivery) == Cancelled(fence=1)
    assert await outcomes(database) == ["cancelled"]
    assert (await row(database)).status == "cancelled"


async def test_an_entry_for_an_upload_without_a_row_is_missing_and_leaves_a_row_that_says_so(
    database: Database, delivery: Delivery
) -> None:
    with pytest.raises(UploadMissing, match="ghost"):
        await open_attempt(database, replace(delivery, upload_id="ghost"))
    (attempt,) = await attempts_of(database, "ghost")
    assert (attempt.outcome, attempt.error_code) == ("dead", "upload_missing")
    assert attempt.finished_at is not None


async def test_a_nul_in_an_upload_id_names_no_other_upload(
    database: Database, delivery: Delivery
) -> None:
    with pytest.raises(UploadMissing):
        await open_attempt(database, replace(delivery, upload_id="u1\0"))


async def test_a_malformed_entry_leaves_a_row_without_an_upload(database: Database) -> None:
    await record_malformed(
        database, entry_id="7-0", consumer="a", delivery=1, trace_id=None, error="No JSON: \0."
    )
    async with database.transaction() as connection:
        cursor = await connection.execute(
            "SELECT upload_id, entry_id, outcome, error_code, error FROM ocr_attempts"
        )
        assert await cursor.fetchall() == [
            (None, "7-0", "dead", "malformed_entry", "No JSON: \ufffd.")
        ]


async def test_a_transient_failure_puts_the_upload_back_and_is_counted(
    database: Database, delivery: Delivery
) -> None:
    stages = [{"name": "fetch", "seconds": 0.25}, {"name": "ocr", "seconds": float("nan")}]
    for count in (1, 2):
        fence = (await opened(database, delivery)).fence
        settled = await mark_retry(database, "u1", fence, **FAILURE, stages=stages)
        assert settled == Settled(transient_failures=count)
    upload = await row(database)
    assert (upload.status, upload.retry_count) == ("uploaded", 2)
    assert await transient_failures(database, "u1") == 2
    attempt = (await attempts_of(database, "u1"))[0]
    assert (attempt.outcome, attempt.error_code) == ("retry", "ocr_crashed")
    assert attempt.stages == [
        {"name": "fetch", "seconds": 0.25},
        {"name": "ocr", "seconds": None},
    ]


async def test_a_permanent_failure_fails_the_upload_with_its_sentence(
    database: Database, delivery: Delivery
) -> None:
    fence = (await opened(database, delivery)).fence
    await mark_dead(
        database, "u1", fence, error_code="unreadable_image", error="Not an image.\0", stages=[]
    )
    upload = await row(database)
    assert (upload.status, upload.error_message) == ("failed", "Not an image.\ufffd")
    assert upload.processed_at is not None
    (attempt,) = await attempts_of(database, "u1")
    assert (attempt.outcome, attempt.error_code) == ("dead", "unreadable_image")


async def test_a_failure_under_an_older_fence_is_refused_and_recorded(
    database: Database, delivery: Delivery
) -> None:
    await opened(database, delivery)
    await opened(database, delivery)
    before = await row(database)
    refused = StaleFence(fence=1, newest=2)
    assert await mark_retry(database, "u1", 1, **FAILURE) == refused
    assert await mark_dead(database, "u1", 1, **FAILURE) == refused
    assert await release_attempt(database, "u1", 1) == refused
    assert await row(database) == before
    assert await outcomes(database) == ["stale", None]
    assert await stale_writes(database) == 1


@pytest.mark.parametrize("status", ["applied", "cancelled"])
async def test_a_failure_does_not_touch_what_a_person_decided_meanwhile(
    database: Database, delivery: Delivery, status: str
) -> None:
    fence = (await opened(database, delivery)).fence
    await set_status(database, status)
    await mark_dead(database, "u1", fence, **FAILURE)
    upload = await row(database)
    assert (upload.status, upload.error_message) == (status, None)
    assert await outcomes(database) == ["dead"]


async def test_a_failure_told_twice_is_counted_once(database: Database, delivery: Delivery) -> None:
    fence = (await opened(database, delivery)).fence
    for _ in range(2):
        assert await mark_retry(database, "u1", fence, **FAILURE) == Settled(1)
    assert (await row(database)).retry_count == 1


async def test_a_failure_told_after_the_commit_leaves_the_commit(
    database: Database, delivery: Delivery
) -> None:
    fence = (await opened(database, delivery)).fence
    await committed(database, "u1", fence)
    await mark_dead(database, "u1", fence, **FAILURE)
    assert (await row(database)).status == "parsed"
    assert await outcomes(database) == ["committed"]


async def test_an_attempt_that_is_handed_back_is_neither_failure_nor_death(
    database: Database, delivery: Delivery
) -> None:
    fence = (await opened(database, delivery)).fence
    await release_attempt(database, "u1", fence)
    upload = await row(database)
    assert (upload.status, upload.retry_count) == ("uploaded", 0)
    again = await opened(database, delivery)
    assert (again.transient_failures, again.deaths) == (0, 0)
    assert await outcomes(database) == ["released", None]


async def test_a_replayed_dead_letter_is_read_again_with_a_clean_sheet(
    database: Database, delivery: Delivery
) -> None:
    await mark_retry(database, "u1", (await opened(database, delivery)).fence, **FAILURE)
    await mark_dead(database, "u1", (await opened(database, delivery)).fence, **FAILURE)
    assert await reopen(database, "u1")
    upload = await row(database)
    assert (upload.status, upload.error_message) == ("uploaded", None)
    again = await opened(database, delivery)
    assert (again.fence, again.transient_failures) == (3, 0)


async def test_a_committed_upload_that_is_reopened_is_read_once_more(
    database: Database, delivery: Delivery
) -> None:
    await committed(database, "u1", (await opened(database, delivery)).fence)
    assert await reopen(database, "u1")
    await committed(database, "u1", (await opened(database, delivery)).fence)
    assert await open_attempt(database, delivery) == AlreadyCommitted(fence=3, revision=2)


async def test_a_second_reading_that_fails_leaves_the_first_card_standing(
    database: Database, delivery: Delivery
) -> None:
    await committed(database, "u1", (await opened(database, delivery)).fence)
    await reopen(database, "u1")
    await mark_dead(database, "u1", (await opened(database, delivery)).fence, **FAILURE)
    assert (await row(database)).status == "parsed"
    assert isinstance(await open_attempt(database, delivery), AlreadyCommitted)


async def test_what_a_person_confirmed_and_what_has_no_row_cannot_be_reopened(
    database: Database, delivery: Delivery
) -> None:
    await committed(database, "u1", (await opened(database, delivery)).fence)
    async with database.transaction() as connection:
        await connection.execute("UPDATE scorecards SET reviewed_at = now()")
    assert not await reopen(database, "u1")
    assert not await reopen(database, "ghost")
    assert isinstance(await open_attempt(database, delivery), AlreadyCommitted)


async def test_an_entry_of_another_producer_is_noted_as_its_publication(
    database: Database, delivery: Delivery
) -> None:
    await opened(database, delivery)
    assert await publications(database) == [("u1", "1-0", "observed")]
    await record_publication(database, "u1", "1-0", None)
    await opened(database, replace(delivery, entry_id="2-0"))
    assert await publications(database) == [("u1", "1-0", "submitted")]


async def test_the_outcomes_of_the_code_are_those_of_the_table(database: Database) -> None:
    async with database.transaction() as connection:
        cursor = await connection.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = 'ocr_attempts_outcome_check'"
        )
        (definition,) = await cursor.fetchone() or ("",)
    assert set(definition.split("'")[1::2]) == set(Outcome)


async def set_status(database: Database, status: str) -> None:
    async with database.transaction() as connection:
        await connection.execute("UPDATE uploads SET status = %s", (status,))
