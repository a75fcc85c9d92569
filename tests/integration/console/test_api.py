"""The backend's upload API, called as its frontend calls it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from consumers.console.api.models import CONTENT_TYPES
from consumers.console.service import Console
from consumers.publish import object_key
from consumers.queue import queued_uploads
from pipeline.options import Limits
from pipeline.storage.attempts import Delivery, Opened, open_attempt
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.reviews import revisions_of
from pipeline.storage.scorecards import Committed, commit, get_scorecard
from pipeline.storage.uploads import cancel_upload
from tests.integration.console.conftest import Serve

PICTURE = b"\xff\xd8\xff a picture, by its first bytes"
EMPTY: dict[str, Any] = {"match": {}, "innings": [], "checks": [], "repairs": [], "unread": []}
INITIATE = {"filename": "card.jpg", "content_type": "image/jpeg", "game_id": "g1", "user_id": "u1"}


async def initiate(browser: httpx.AsyncClient, **changes: str) -> dict[str, Any]:
    answer = await browser.post("/api/uploads/initiate", json={**INITIATE, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def put(link: str, content: bytes = PICTURE, content_type: str = "image/jpeg") -> int:
    async with httpx.AsyncClient() as s3:
        answer = await s3.put(link, content=content, headers={"Content-Type": content_type})
    return answer.status_code


async def upload(browser: httpx.AsyncClient, content: bytes = PICTURE) -> str:
    begun = await initiate(browser)
    assert await put(begun["presigned_url"], content) == 200
    upload_id = str(begun["upload_id"])
    answer = await browser.post(f"/api/uploads/{upload_id}/complete", json={})
    assert answer.status_code == 200, answer.text
    return upload_id


async def read(console: Console, upload_id: str) -> None:
    """As a replica ends it."""
    opening = await open_attempt(console.database, Delivery(upload_id, "1-1", "alice", 1, None))
    assert isinstance(opening, Opened)
    committed = await commit(
        console.database,
        upload_id,
        opening.fence,
        document=EMPTY,
        verified=True,
        pipeline_version="test",
        preview={"teams": ["A", "B"], "warnings": []},
    )
    assert isinstance(committed, Committed)


async def status(browser: httpx.AsyncClient, upload_id: str) -> dict[str, Any]:
    answer = await browser.get(f"/api/uploads/{upload_id}/status")
    assert answer.status_code == 200
    return dict(answer.json())


async def test_an_upload_goes_the_way_of_the_old_frontend(
    console: Console, browser: httpx.AsyncClient
) -> None:
    begun = await initiate(browser)
    upload_id = begun["upload_id"]
    assert set(begun) == {"upload_id", "presigned_url", "s3_bucket", "s3_key", "expires_in"}
    assert begun["s3_key"] == f"uploads/{upload_id}/card.jpg"
    assert (await status(browser, upload_id))["status"] == "initiated"

    assert await put(begun["presigned_url"]) == 200
    completed = await browser.post(
        f"/api/uploads/{upload_id}/complete", json={"file_size": len(PICTURE)}
    )
    assert (completed.status_code, completed.json()["status"]) == (200, "uploaded")
    assert await queued_uploads(console.client, console.keys) == {upload_id}

    await read(console, upload_id)
    parsed = await status(browser, upload_id)
    assert parsed["status"] == "parsed"
    assert parsed["game_id"] == "g1"
    assert parsed["parsed_preview"]["teams"] == ["A", "B"]
    assert parsed["parsed_preview"]["scorecard"] == EMPTY
    assert parsed["applied_at"] is None

    applied = await browser.post(f"/api/uploads/{upload_id}/apply", json={"confirm": True})
    assert (applied.status_code, applied.json()["status"]) == (200, "applied")
    assert (await status(browser, upload_id))["applied_at"]


async def test_a_status_has_every_key_that_the_frontend_reads(browser: httpx.AsyncClient) -> None:
    begun = await initiate(browser)
    assert set(await status(browser, begun["upload_id"])) >= {
        "upload_id",
        "status",
        "filename",
        "game_id",
        "parsed_preview",
        "error_message",
        "created_at",
        "updated_at",
        "processed_at",
        "applied_at",
    }


async def test_the_link_takes_the_promised_type_alone(browser: httpx.AsyncClient) -> None:
    begun = await initiate(browser)
    assert await put(begun["presigned_url"], content_type="text/html") == 403


async def test_what_a_person_changed_is_what_counts(
    console: Console, browser: httpx.AsyncClient
) -> None:
    upload_id = await upload(browser)
    await read(console, upload_id)
    changed = {"teams": ["A", "C"], "scorecard": {**EMPTY, "warnings": ["Rain."]}}
    await browser.post(
        f"/api/uploads/{upload_id}/apply", json={"confirm": True, "validated_data": changed}
    )
    preview = (await status(browser, upload_id))["parsed_preview"]
    assert preview["teams"] == ["A", "C"]
    assert preview["warnings"] == []
    card = await get_scorecard(console.database, upload_id)
    assert card is not None
    assert card.document["innings"] == []
    assert [each.action for each in await revisions_of(console.database, upload_id)] == [
        "edited",
        "confirmed",
    ]
    assert card.reviewed_at is not None


async def test_what_is_no_scorecard_is_not_applied(
    console: Console, browser: httpx.AsyncClient
) -> None:
    upload_id = await upload(browser)
    await read(console, upload_id)
    given: tuple[object, ...] = (7, {"innings": [1]}, {"innings": "x"}, [])
    for scorecard in given:
        answer = await browser.post(
            f"/api/uploads/{upload_id}/apply",
            json={"confirm": True, "validated_data": {"scorecard": scorecard}},
        )
        assert answer.status_code == 422
    assert (await status(browser, upload_id))["status"] == "parsed"


async def test_applying_twice_changes_nothing(console: Console, browser: httpx.AsyncClient) -> None:
    upload_id = await upload(browser)
    await read(console, upload_id)
    path = f"/api/uploads/{upload_id}/apply"
    first = await browser.post(path, json={"confirm": True})
    again = await browser.post(path, json={"confirm": True})
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(await revisions_of(console.database, upload_id)) == 1


async def test_what_the_old_worker_had_read_can_be_applied(
    console: Console, browser: httpx.AsyncClient
) -> None:
    begun = await initiate(browser)
    async with console.database.transaction() as connection:
        await connection.execute(
            "UPDATE uploads SET status = 'parsed', parsed_preview = '{\"teams\": []}'"
        )
    path = f"/api/uploads/{begun['upload_id']}/apply"
    answer = await browser.post(
        path, json={"confirm": True, "validated_data": {"teams": ["A", "B"]}}
    )
    assert answer.status_code == 200
    applied = await status(browser, begun["upload_id"])
    assert applied["status"] == "applied"
    assert applied["parsed_preview"] == {"teams": ["A", "B"]}


async def test_nothing_is_applied_without_a_confirmation(
    console: Console, browser: httpx.AsyncClient
) -> None:
    upload_id = await upload(browser)
    await read(console, upload_id)
    answer = await browser.post(f"/api/uploads/{upload_id}/apply", json={"confirm": False})
    assert answer.status_code == 400
    assert (await status(browser, upload_id))["status"] == "parsed"


async def test_what_is_not_read_yet_cannot_be_applied(browser: httpx.AsyncClient) -> None:
    upload_id = await upload(browser)
    answer = await browser.post(f"/api/uploads/{upload_id}/apply", json={"confirm": True})
    assert answer.status_code == 409
    assert "uploaded" in answer.json()["detail"]


async def test_completing_twice_publishes_once(
    console: Console, browser: httpx.AsyncClient
) -> None:
    upload_id = await upload(browser)
    again = await browser.post(f"/api/uploads/{upload_id}/complete")
    assert again.status_code == 200
    assert await console.client.xlen(console.keys.stream) == 1


async def test_completing_before_the_file_is_there_is_told(browser: httpx.AsyncClient) -> None:
    begun = await initiate(browser)
    answer = await browser.post(f"/api/uploads/{begun['upload_id']}/complete", json={})
    assert answer.status_code == 409
    assert "PUT" in answer.json()["detail"]


async def test_a_file_that_arrived_in_part_is_not_read(
    console: Console, browser: httpx.AsyncClient
) -> None:
    begun = await initiate(browser)
    await put(begun["presigned_url"])
    answer = await browser.post(
        f"/api/uploads/{begun['upload_id']}/complete", json={"file_size": 10**6}
    )
    assert answer.status_code == 409
    assert await console.client.xlen(console.keys.stream) == 0


async def test_a_file_that_is_too_large_is_refused(console: Console, serve: Serve) -> None:
    browser = await serve(replace(console, limits=Limits(max_bytes=10)))
    begun = await initiate(browser)
    await put(begun["presigned_url"])
    answer = await browser.post(f"/api/uploads/{begun['upload_id']}/complete")
    assert answer.status_code == 413


async def test_a_cancelled_upload_is_not_read(console: Console, browser: httpx.AsyncClient) -> None:
    begun = await initiate(browser)
    await put(begun["presigned_url"])
    await cancel_upload(console.database, begun["upload_id"])
    answer = await browser.post(f"/api/uploads/{begun['upload_id']}/complete")
    assert answer.status_code == 409


async def test_a_picture_that_was_read_before_is_offered(
    console: Console, browser: httpx.AsyncClient
) -> None:
    first = await upload(browser)
    await read(console, first)
    second = await upload(browser)
    again = await status(browser, second)
    assert again["status"] == "uploaded"
    assert again["duplicate_of"]["upload_id"] == first
    assert (await status(browser, first))["duplicate_of"] is None


async def test_another_picture_is_no_duplicate(
    console: Console, browser: httpx.AsyncClient
) -> None:
    first = await upload(browser)
    await read(console, first)
    second = await upload(browser, PICTURE + b".")
    assert (await status(browser, second))["duplicate_of"] is None


@pytest.mark.parametrize("call", ["complete", "status", "apply"])
@pytest.mark.parametrize("forged", ["0" * 32, "%00", "..%2f..%2fetc", "' OR 1=1", "x" * 3000])
async def test_a_forged_id_is_not_found(browser: httpx.AsyncClient, call: str, forged: str) -> None:
    path = f"/api/uploads/{forged}/{call}"
    answer = await (
        browser.get(path) if call == "status" else browser.post(path, json={"confirm": True})
    )
    assert answer.status_code == 404
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content_type": "text/html"}, 400),
        ({"content_type": "image/svg+xml"}, 400),
        ({"filename": ""}, 422),
        ({"filename": None}, 422),
        ({"filename": "x" * 256}, 422),
        ({"game_id": 7}, 422),
    ],
)
async def test_what_cannot_be_begun_is_told_in_a_sentence(
    browser: httpx.AsyncClient, changes: dict[str, Any], code: int
) -> None:
    answer = await browser.post("/api/uploads/initiate", json={**INITIATE, **changes})
    assert answer.status_code == code
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize(
    "filename", ["../../etc/passwd.jpg", "C:\\cards\\a.jpg", "/abs.jpg", "<script>.jpg", "a\0b.jpg"]
)
async def test_no_filename_leaves_its_folder(browser: httpx.AsyncClient, filename: str) -> None:
    begun = await initiate(browser, filename=filename)
    assert begun["s3_key"] == object_key(begun["upload_id"], filename)
    folder, _, name = begun["s3_key"].rpartition("/")
    assert folder == f"uploads/{begun['upload_id']}"
    assert not set(name) & set("<>\\\0/")


async def test_a_body_that_is_no_json_is_told_in_a_sentence(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(
        "/api/uploads/initiate", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


async def test_a_large_body_is_refused_though_it_was_not_announced(
    browser: httpx.AsyncClient,
) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(48):
            yield b" " * 2**16

    answer = await browser.post(
        "/api/uploads/initiate", content=drip(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


async def test_uploads_can_be_switched_off(console: Console, serve: Serve) -> None:
    browser = await serve(replace(console, uploads_enabled=False))
    answer = await browser.post("/api/uploads/initiate", json=INITIATE)
    assert answer.status_code == 503


async def test_an_object_store_that_is_away_is_told(console: Console, serve: Serve) -> None:
    nowhere = ObjectStore(ObjectStoreAddress("http://127.0.0.1:9", "a", "b"))
    browser = await serve(replace(console, objects=nowhere))
    begun = await initiate(browser)
    answer = await browser.post(f"/api/uploads/{begun['upload_id']}/complete")
    nowhere.close()
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["detail"]


async def test_the_api_is_closed_to_who_shows_no_token(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": "Basic eDp5"}):
        answer = await browser.post("/api/uploads/initiate", json=INITIATE, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["detail"]
        assert answer.headers["www-authenticate"] == "Bearer"


def test_every_content_type_that_is_read_is_taken() -> None:
    assert {"image/jpeg", "image/png", "application/pdf"} <= set(CONTENT_TYPES)
