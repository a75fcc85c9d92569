import asyncio
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from pipeline.errors import DatabaseUnavailable, UploadMissing
from pipeline.storage.attempts import (
    Cancelled,
    Delivery,
    Opened,
    StaleFence,
    attempts_of,
    mark_retry,
    open_attempt,
    reopen,
    stale_writes,
)
from pipeline.storage.database import Database, DatabaseTimeouts
from pipeline.storage.scorecards import (
    Commitment,
    Committed,
    Reviewed,
    commit,
    get_scorecard,
)
from pipeline.storage.uploads import cancel_upload, get_upload

pytestmark = pytest.mark.usefixtures("upload")

DOCUMENT: dict[str, object] = {"match": {"teams": ["Éire", "Ind\0ia"]}, "innings": []}
PREVIEW: dict[str, object] = {
    "deliveries": [],
    "teams": ["Éire"],
    "metadata": {},
    "confidence": float("nan"),
    "raw_ocr": "a\0b",
    "warnings": [],
}


async def fence_of(database: Database, delivery: Delivery) -> int:
    opening = await open_attempt(database, delivery)
    assert isinstance(opening, Opened)
    return opening.fence


async def commit_card(
    database: Database, fence: int, document: dict[str, object] = DOCUMENT
) -> Commitment:
    return await commit(
        database,
        "u1",
        fence,
        document=document,
        verified=True,
        pipeline_version="1.2.3",
        preview=PREVIEW,
        stages=[{"name": "ocr", "seconds": 0.5}],
    )


async def test_a_commit_writes_scorecard_upload_and_attempt(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    assert await commit_card(database, fence) == Committed(revision=1)

    card = await get_scorecard(database, "u1")
    assert card is not None
    assert card.document == {"match": {"teams": ["Éire", "Ind\ufffdia"]}, "innings": []}
    assert (card.verified, card.pipeline_version, card.revision) == (True, "1.2.3", 1)
    assert card.reviewed_at is None

    upload = await get_upload(database, "u1")
    assert upload is not None
    assert (upload.status, upload.error_message) == ("parsed", None)
    assert upload.processed_at is not None

    (attempt,) = await attempts_of(database, "u1")
    assert attempt.outcome == "committed"
    assert attempt.finished_at is not None
    assert attempt.stages == [{"name": "ocr", "seconds": 0.5}]


async def test_the_preview_has_the_keys_that_the_backend_reads_and_the_document(
    database: Database, delivery: Delivery
) -> None:
    await commit_card(database, await fence_of(database, delivery))
    async with database.transaction() as connection:
        cursor = await connection.execute("SELECT parsed_preview FROM uploads")
        (preview,) = await cursor.fetchone() or ({},)
    assert preview == {
        "deliveries": [],
        "teams": ["Éire"],
        "metadata": {},
        "confidence": None,
        "raw_ocr": "a\ufffdb",
        "warnings": [],
        "scorecard": {"match": {"teams": ["Éire", "Ind\ufffdia"]}, "innings": []},
    }


async def test_a_commit_under_an_older_fence_writes_nothing_but_its_refusal(
    database: Database, delivery: Delivery
) -> None:
    stale = await fence_of(database, delivery)
    newest = await fence_of(database, replace(delivery, consumer="replica-b", delivery=2))
    before = await get_upload(database, "u1")

    assert await commit_card(database, stale) == StaleFence(fence=stale, newest=newest)

    assert await get_scorecard(database, "u1") is None
    assert await get_upload(database, "u1") == before
    assert [a.outcome for a in await attempts_of(database, "u1")] == ["stale", None]
    assert await stale_writes(database) == 1
    assert await commit_card(database, newest) == Committed(revision=1)


async def test_a_sleeper_that_wakes_after_the_commit_of_its_successor_changes_nothing(
    database: Database, delivery: Delivery
) -> None:
    stale = await fence_of(database, delivery)
    await commit_card(database, await fence_of(database, delivery))
    assert await commit_card(database, stale, {"match": "stale"}) == StaleFence(1, 2)
    card = await get_scorecard(database, "u1")
    assert card is not None
    assert (card.revision, card.document["innings"]) == (1, [])


async def test_of_many_at_once_only_the_newest_attempt_commits(
    database: Database, delivery: Delivery
) -> None:
    fences = [await fence_of(database, delivery) for _ in range(5)]
    answers = await asyncio.gather(*(commit_card(database, fence) for fence in fences))
    assert answers == [*(StaleFence(fence, 5) for fence in fences[:-1]), Committed(revision=1)]


async def test_a_fence_that_was_never_taken_commits_nothing(database: Database) -> None:
    assert await commit_card(database, 1) == StaleFence(fence=1, newest=0)
    assert await get_scorecard(database, "u1") is None


async def test_a_reviewed_card_is_never_overwritten(database: Database, delivery: Delivery) -> None:
    await commit_card(database, await fence_of(database, delivery))
    await reopen(database, "u1")
    fence = await fence_of(database, delivery)
    async with database.transaction() as connection:
        await connection.execute("UPDATE scorecards SET reviewed_at = now()")
    before = await get_scorecard(database, "u1")

    assert await commit_card(database, fence, {"match": "machine"}) == Reviewed(fence)

    assert await get_scorecard(database, "u1") == before
    assert (await attempts_of(database, "u1"))[-1].outcome == "reviewed"


async def test_an_upload_applied_while_it_was_read_stays_applied(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    async with database.transaction() as connection:
        await connection.execute("UPDATE uploads SET status = 'applied'")
    assert await commit_card(database, fence) == Reviewed(fence)
    assert await get_scorecard(database, "u1") is None


async def test_an_upload_cancelled_while_it_was_read_stays_cancelled(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    await cancel_upload(database, "u1")
    assert await commit_card(database, fence) == Cancelled(fence)
    assert await get_scorecard(database, "u1") is None
    upload = await get_upload(database, "u1")
    assert upload is not None
    assert upload.status == "cancelled"


async def test_an_upload_deleted_while_it_was_read_is_missing(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM uploads")
    with pytest.raises(UploadMissing):
        await commit_card(database, fence)
    assert await get_scorecard(database, "u1") is None
    assert [a.outcome for a in await attempts_of(database, "u1")] == [None]


async def test_a_commit_whose_answer_was_lost_may_be_repeated(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    answers = [await commit_card(database, fence) for _ in range(3)]
    assert answers == [Committed(revision=1)] * 3


async def test_a_commit_after_the_attempt_was_given_up_is_a_fault(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    await mark_retry(database, "u1", fence, error_code="ocr_crashed", error="Died.")
    with pytest.raises(ValueError, match="already ended as retry"):
        await commit_card(database, fence)
    assert await get_scorecard(database, "u1") is None


async def test_a_second_reading_raises_the_revision(database: Database, delivery: Delivery) -> None:
    await commit_card(database, await fence_of(database, delivery))
    await reopen(database, "u1")
    fence = await fence_of(database, delivery)
    assert await commit_card(database, fence, {"match": "second"}) == Committed(revision=2)
    card = await get_scorecard(database, "u1")
    assert card is not None
    assert card.document == {"match": "second"}


async def test_a_commit_that_fails_half_way_leaves_nothing(
    database: Database, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    async with database.transaction() as connection:
        # The last statement of the commit fails, after card and upload were written.
        await connection.execute(
            "ALTER TABLE ocr_attempts ADD CONSTRAINT broken CHECK (outcome <> 'committed')"
        )
    with pytest.raises(psycopg.errors.CheckViolation):
        await commit_card(database, fence)
    assert await get_scorecard(database, "u1") is None
    upload = await get_upload(database, "u1")
    assert upload is not None
    assert upload.status == "processing"


async def test_a_commit_waits_no_longer_than_its_time_for_a_lock_of_the_backend(
    database: Database, database_url: str, delivery: Delivery
) -> None:
    fence = await fence_of(database, delivery)
    short = DatabaseTimeouts(statement=timedelta(seconds=0.3))
    async with Database(database_url, timeouts=short) as impatient:
        async with database.transaction() as backend:
            await backend.execute("SELECT * FROM uploads FOR UPDATE")
            with pytest.raises(DatabaseUnavailable):
                await commit_card(impatient, fence)
        assert await commit_card(impatient, fence) == Committed(revision=1)
