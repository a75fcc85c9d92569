import asyncio
import json
from typing import Any

import pytest

from pipeline.errors import UploadMissing
from pipeline.storage.attempts import Delivery, Opened, open_attempt, reopen
from pipeline.storage.database import Database
from pipeline.storage.reviews import (
    Act,
    Answer,
    Done,
    NotUnderReview,
    Superseded,
    confirm,
    give_up_for_rereading,
    reject,
    revisions_of,
    save_edit,
)
from pipeline.storage.scorecards import Commitment, Committed, Reviewed, commit, get_scorecard
from pipeline.storage.uploads import NewUpload, get_upload

pytestmark = pytest.mark.usefixtures("upload")

READ: dict[str, object] = {"innings": [{"total": {"runs": 44}}]}
CORRECTED: dict[str, object] = {"innings": [{"total": {"runs": 47}}]}
CHANGES = [{"cell": "/innings/0/total/runs", "was": 44, "became": 47}]
ANN, BOB = Act("ann", seen=1), Act("bob", seen=1)


async def read_by_machine(database: Database, delivery: Delivery) -> Commitment:
    opening = await open_attempt(database, delivery)
    assert isinstance(opening, Opened)
    return await commit(
        database,
        "u1",
        opening.fence,
        document=READ,
        verified=False,
        pipeline_version="1",
        preview={"raw_ocr": "44", "warnings": []},
    )


@pytest.fixture
async def card(database: Database, delivery: Delivery, upload: NewUpload) -> Commitment:
    assert upload.id == "u1"
    return await read_by_machine(database, delivery)


async def correct(database: Database, act: Act) -> Answer:
    return await save_edit(
        database,
        "u1",
        act,
        document=CORRECTED,
        verified=True,
        changes=CHANGES,
        preview={"teams": ["Éire"]},
    )


async def preview(database: Database) -> dict[str, Any]:
    async with database.transaction() as connection:
        cursor = await connection.execute("SELECT parsed_preview::text FROM uploads")
        row = await cursor.fetchone()
    assert row is not None
    found: dict[str, Any] = json.loads(row[0])
    return found


async def status(database: Database) -> str:
    upload = await get_upload(database, "u1")
    assert upload is not None
    return upload.status


@pytest.mark.usefixtures("card")
async def test_a_correction_is_kept_with_who_when_and_what(database: Database) -> None:
    assert await correct(database, ANN) == Done(revision=2)
    card = await get_scorecard(database, "u1")
    assert card is not None
    assert (card.document, card.verified, card.revision) == (CORRECTED, True, 2)
    assert card.reviewed_at is not None
    (revision,) = await revisions_of(database, "u1")
    assert (revision.revision, revision.made_from, revision.action) == (2, 1, "edited")
    assert (revision.reviewer, revision.changes) == ("ann", CHANGES)
    assert revision.made_at.tzinfo is not None
    assert await status(database) == "parsed", "only a confirmation applies a card"


@pytest.mark.usefixtures("card")
async def test_the_backend_sees_the_correction_beside_what_it_had(database: Database) -> None:
    await correct(database, ANN)
    assert await preview(database) == {
        "raw_ocr": "44",
        "warnings": [],
        "teams": ["Éire"],
        "scorecard": CORRECTED,
    }


@pytest.mark.usefixtures("card")
async def test_the_second_of_two_people_is_told_of_the_first(database: Database) -> None:
    await correct(database, ANN)
    for late in (
        correct(database, BOB),
        confirm(database, "u1", BOB),
        reject(database, "u1", BOB),
        give_up_for_rereading(database, "u1", BOB),
    ):
        refused = await late
        assert isinstance(refused, Superseded)
        assert refused.revision == 2
        assert refused.latest is not None
        assert (refused.latest.reviewer, refused.latest.changes) == ("ann", CHANGES)
    assert len(await revisions_of(database, "u1")) == 1
    assert await status(database) == "parsed"


@pytest.mark.usefixtures("card")
async def test_of_many_at_the_same_moment_one_is_written(database: Database) -> None:
    answers = await asyncio.gather(
        *(correct(database, Act(f"person {number}", seen=1)) for number in range(8))
    )
    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert sum(isinstance(answer, Superseded) for answer in answers) == 7
    assert len(await revisions_of(database, "u1")) == 1


@pytest.mark.usefixtures("card")
async def test_a_confirmed_card_is_applied_and_closed(database: Database) -> None:
    assert await confirm(database, "u1", ANN) == Done(2)
    async with database.transaction() as connection:
        cursor = await connection.execute("SELECT status::text, applied_at FROM uploads")
        row = await cursor.fetchone()
    assert row is not None
    assert row[0] == "applied"
    assert row[1] is not None
    for late in (
        correct(database, Act("ann", seen=2)),
        confirm(database, "u1", Act("ann", seen=2)),
        reject(database, "u1", Act("ann", seen=None)),
        give_up_for_rereading(database, "u1", Act("ann", seen=2)),
    ):
        assert await late == NotUnderReview("applied")


@pytest.mark.usefixtures("card")
async def test_a_program_that_saw_no_revision_confirms_what_stands(database: Database) -> None:
    await correct(database, ANN)
    assert await confirm(database, "u1", Act("backend", seen=None)) == Done(3)
    assert await status(database) == "applied"


@pytest.mark.usefixtures("card")
async def test_a_rejected_card_is_cancelled_with_the_reason(database: Database) -> None:
    assert await reject(database, "u1", ANN, "another match\0") == Done(2)
    upload = await get_upload(database, "u1")
    assert upload is not None
    assert upload.status == "cancelled"
    assert upload.error_message == "Rejected on review: another match\ufffd"
    (revision,) = await revisions_of(database, "u1")
    assert (revision.action, revision.reason) == ("rejected", "another match\ufffd")


@pytest.mark.usefixtures("card")
async def test_no_reading_that_was_under_way_overwrites_a_correction(
    database: Database, delivery: Delivery
) -> None:
    assert await reopen(database, "u1")
    opening = await open_attempt(database, delivery)
    assert isinstance(opening, Opened)
    assert await correct(database, ANN) == NotUnderReview("processing")


@pytest.mark.usefixtures("card")
async def test_a_corrected_card_is_reread_only_by_a_person_s_wish(
    database: Database, delivery: Delivery
) -> None:
    await correct(database, ANN)
    assert not await reopen(database, "u1"), "an operator's retry leaves corrections alone"
    assert await give_up_for_rereading(database, "u1", Act("ann", seen=2)) == Done(3)
    assert await reopen(database, "u1")
    assert await read_by_machine(database, delivery) == Committed(revision=4)
    card = await get_scorecard(database, "u1")
    assert card is not None
    assert card.document == READ
    assert [each.action for each in await revisions_of(database, "u1")] == ["edited", "reread"]
    refused = await correct(database, Act("bob", seen=3))
    assert refused == Superseded(revision=4, latest=None)


async def test_a_reading_that_comes_after_a_person_is_refused(
    database: Database, delivery: Delivery
) -> None:
    await read_by_machine(database, delivery)
    await reopen(database, "u1")
    opening = await open_attempt(database, delivery)
    assert isinstance(opening, Opened)
    async with database.transaction() as connection:
        # As if the second reading's row had been set back to `parsed` by the backend meanwhile.
        await connection.execute("UPDATE uploads SET status = 'parsed'")
    assert await correct(database, ANN) == Done(2)
    answer = await commit(
        database,
        "u1",
        opening.fence,
        document=READ,
        verified=True,
        pipeline_version="1",
        preview={},
    )
    assert answer == Reviewed(opening.fence)
    card = await get_scorecard(database, "u1")
    assert card is not None
    assert card.document == CORRECTED


async def test_what_has_no_card_cannot_be_reviewed(database: Database) -> None:
    assert await confirm(database, "u1", Act("ann", seen=None)) == NotUnderReview("uploaded")
    with pytest.raises(UploadMissing):
        await confirm(database, "nobody", ANN)
