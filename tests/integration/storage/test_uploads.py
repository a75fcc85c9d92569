from collections.abc import Set
from dataclasses import replace
from datetime import timedelta

from pipeline.storage.database import Database
from pipeline.storage.publications import Cause, record_publication
from pipeline.storage.uploads import (
    NewUpload,
    cancel_upload,
    count_by_status,
    get_upload,
    record_upload,
    unfinished_uploads,
    upload_statuses,
)


async def test_a_recorded_upload_is_uploaded_and_holds_what_was_given(
    database: Database, upload: NewUpload
) -> None:
    found = await get_upload(database, upload.id)
    assert found is not None
    assert found.status == "uploaded"
    assert (found.bucket, found.key, found.filename) == ("pictures", "2024/card.png", "card.png")
    assert (found.content_type, found.file_size, found.retry_count) == ("image/png", 1234, 0)


async def test_recording_again_changes_nothing(database: Database, upload: NewUpload) -> None:
    assert not await record_upload(database, replace(upload, key="another"))
    found = await get_upload(database, upload.id)
    assert found is not None
    assert found.key == upload.key


async def test_an_upload_that_the_backend_initiated_is_moved_on(database: Database) -> None:
    await set_row(database, "INSERT INTO uploads (id, user_id) VALUES ('u1', 'ann')")
    assert await record_upload(database, NewUpload("u1", "a.png", "image/png", 5, "b", "k"))
    found = await get_upload(database, "u1")
    assert found is not None
    assert (found.status, found.key, found.user_id) == ("uploaded", "k", "ann")


async def test_a_name_that_postgresql_cannot_hold_is_stored_with_replacements(
    database: Database,
) -> None:
    await record_upload(database, NewUpload("u1", "a\0\ud800.png", "image/png", 5, "b", "k"))
    found = await get_upload(database, "u1")
    assert found is not None
    assert found.filename == "a\ufffd\ufffd.png"


async def test_an_upload_without_a_row_is_none(database: Database) -> None:
    assert await get_upload(database, "no\0such") is None


async def test_statuses_are_told_for_those_that_have_a_row(
    database: Database, upload: NewUpload
) -> None:
    await record_upload(database, replace(upload, id="u2"))
    assert await cancel_upload(database, "u2")
    assert await upload_statuses(database, ["u1", "u2", "u3"]) == {
        "u1": "uploaded",
        "u2": "cancelled",
    }


async def test_uploads_of_a_status_are_counted_up_to_a_limit(
    database: Database, upload: NewUpload
) -> None:
    for number in range(3):
        await record_upload(database, replace(upload, id=f"more-{number}"))
    assert await cancel_upload(database, upload.id)

    assert await count_by_status(database) == {"uploaded": 3, "cancelled": 1}
    assert await count_by_status(database, counted=2) == {"uploaded": 2, "cancelled": 1}


async def test_nothing_is_counted_where_there_is_no_upload(database: Database) -> None:
    assert await count_by_status(database) == {}


async def test_what_is_finished_cannot_be_cancelled(database: Database, upload: NewUpload) -> None:
    await set_row(database, "UPDATE uploads SET status = 'parsed'")
    assert not await cancel_upload(database, upload.id)
    assert await upload_statuses(database, [upload.id]) == {upload.id: "parsed"}


async def test_unfinished_uploads_come_without_the_recent_and_the_finished(
    database: Database,
) -> None:
    await set_row(
        database,
        "INSERT INTO uploads (id, status, updated_at) VALUES "
        "('a', 'uploaded', now() - interval '1 hour'), "
        "('b', 'processing', now() - interval '1 hour'), ('c', 'processing', now()), "
        "('d', 'parsed', now() - interval '1 hour'), ('e', 'uploaded', now() - interval '1 hour')",
    )
    assert await unfinished(database) == ["a", "b", "e"]
    assert await unfinished(database, among={"b", "c", "x"}) == ["b"]


async def test_more_unfinished_uploads_than_come_at_once_all_come(database: Database) -> None:
    await set_row(
        database,
        "INSERT INTO uploads (id, status, updated_at) "
        "SELECT lpad(number::text, 5, '0'), 'uploaded', now() - interval '1 hour' "
        "FROM generate_series(1, 2500) AS number",
    )

    assert await unfinished(database) == [f"{number:05}" for number in range(1, 2501)]


async def unfinished(database: Database, *, among: Set[str] | None = None) -> list[str]:
    """Sorted ids of what has been left alone for a minute."""
    found = unfinished_uploads(database, older_than=timedelta(minutes=1), among=among)
    return sorted([each async for each in found])


async def test_a_publication_is_noted_once_however_often_it_is_told(
    database: Database, upload: NewUpload
) -> None:
    for trace_id in ("abc", None):
        await record_publication(database, upload.id, "1-0", trace_id)
    await record_publication(database, upload.id, "2-0", None, Cause.RECONCILED)
    async with database.transaction() as connection:
        cursor = await connection.execute(
            "SELECT entry_id, trace_id, cause FROM ocr_publications ORDER BY entry_id"
        )
        assert await cursor.fetchall() == [
            ("1-0", "abc", "submitted"),
            ("2-0", None, "reconciled"),
        ]


async def set_row(database: Database, statement: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(statement.encode())
