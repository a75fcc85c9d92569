"""What the pages show, and what can be done from them."""

import re
from dataclasses import replace

import httpx
import pytest

from consumers.connection import connect
from consumers.console.service import Console
from consumers.operations import current_pause
from consumers.queue import newest_letters, queued_uploads
from pipeline.storage.database import Database
from pipeline.storage.uploads import cancel_upload, get_upload
from tests.integration.console.conftest import Serve
from tests.integration.console.seeds import Seeds

PAGES = ("/", "/uploads", "/workers", "/pending", "/dead")


@pytest.fixture
def seeds(console: Console) -> Seeds:
    return Seeds(console)


async def page(browser: httpx.AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def the_letter(console: Console) -> str:
    [letter] = await newest_letters(console.client, console.keys, 10)
    return letter.letter_id


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_shows_an_empty_system(browser: httpx.AsyncClient, path: str) -> None:
    assert "<h1>" in await page(browser, path)


@pytest.mark.parametrize("path", [*PAGES, "/uploads/u1", "/ask/retry?target=u1"])
async def test_a_name_that_is_a_script_is_shown_as_text(
    seeds: Seeds, browser: httpx.AsyncClient, path: str
) -> None:
    script = "<script>alert(1)</script>"
    await seeds.fail("u1", error=script, filename=script, game_id=script)
    await seeds.publish(script, filename=script)
    text = await page(browser, path)
    assert script not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\son[a-z]+=", text)


async def test_the_overview_says_what_is_in_work_and_what_waits(
    seeds: Seeds, browser: httpx.AsyncClient
) -> None:
    for upload_id in ("u1", "u2", "u3"):
        await seeds.publish(upload_id)
    await seeds.begin("u1", await seeds.claim())
    text = await page(browser, "/")
    assert re.search(r"Waiting</dt>\s*<dd><strong>2<", text)
    assert re.search(r"In work</dt>\s*<dd><strong>1<", text)
    assert "/uploads/u1" in text


async def test_the_overview_says_how_much_of_an_archive_waits(
    console: Console, browser: httpx.AsyncClient
) -> None:
    await console.client.xadd(console.keys.backfill, {"data": '{"upload_id": "a1"}'})

    assert re.search(r"Archive.*?\b1\b.*?behind all others", await page(browser, "/"), re.DOTALL)


async def test_uploads_are_filtered(seeds: Seeds, browser: httpx.AsyncClient) -> None:
    await seeds.parse("parsed-1", game_id="g1")
    await seeds.fail("failed-1", game_id="g2")
    for query, found, left_out in (
        ("status=parsed", "parsed-1", "failed-1"),
        ("error=unreadable_image", "failed-1", "parsed-1"),
        ("game=g1", "parsed-1", "failed-1"),
        ("since=2000-01-01", "parsed-1", None),
        ("until=2000-01-01", None, "parsed-1"),
    ):
        text = await page(browser, f"/uploads?{query}")
        assert found is None or f"/uploads/{found}" in text
        assert left_out is None or f"/uploads/{left_out}" not in text


@pytest.mark.parametrize(
    "query", ["status=odd", "since=x", "behind=x", "behind=2020-01-01_", "error=%00", "game=%00"]
)
async def test_a_filter_that_makes_no_sense_breaks_nothing(
    browser: httpx.AsyncClient, query: str
) -> None:
    await page(browser, f"/uploads?{query}")


async def test_every_upload_is_on_one_page_of_the_list(
    seeds: Seeds, browser: httpx.AsyncClient
) -> None:
    ids = {await seeds.publish(f"u{number:03}") for number in range(120)}
    seen: list[str] = []
    path: str | None = "/uploads"
    while path:
        text = await page(browser, path)
        seen += re.findall(r'href="/uploads/(u\d+)"', text)
        older = re.search(r'href="(\?[^"]*behind=[^"]+)">Older', text)
        path = f"/uploads{older[1].replace('&amp;', '&')}" if older else None
    assert sorted(seen) == sorted(ids)


async def test_an_upload_is_found_by_its_id(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/uploads?id=a%2Fb")
    assert answer.headers["location"] == "/uploads/a%2Fb"


async def test_an_upload_shows_its_deliveries_stages_and_receipt(
    seeds: Seeds, console: Console, serve: Serve
) -> None:
    await seeds.parse("u1")
    browser = await serve(replace(console, trace_url="https://traces.example/{trace_id}"))
    text = await page(browser, "/uploads/u1")
    assert "ended exactly once" in text
    assert "alice-1" in text
    assert "ocr, page 1: 0.8 s" in text
    assert f"https://traces.example/{'cd' * 16}" in text


async def test_an_upload_that_nobody_knows_is_not_found(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/uploads/nobody")
    assert answer.status_code == 404
    assert "nobody" in answer.text


async def test_dead_letters_say_why_and_are_replayed_after_a_question(
    seeds: Seeds, console: Console, browser: httpx.AsyncClient
) -> None:
    await seeds.fail("u1")
    assert "It is damaged." in await page(browser, "/dead")
    letter = await the_letter(console)
    question = await page(browser, f"/ask/replay?target={letter}")
    assert "read again" in question
    assert await console.client.xlen(console.keys.dead) == 1

    done = await browser.post("/do/replay", data={"target": letter})
    assert (done.status_code, done.headers["location"]) == (303, "/dead")
    assert "Upload u1 is read again." in await page(browser, "/dead")
    assert await queued_uploads(console.client, console.keys) == {"u1"}
    assert "Upload u1 is read again." not in await page(browser, "/dead")


async def test_a_letter_is_dropped_once(
    seeds: Seeds, console: Console, browser: httpx.AsyncClient
) -> None:
    await seeds.fail("u1")
    letter = await the_letter(console)
    await browser.post("/do/drop", data={"target": letter})
    assert await console.client.xlen(console.keys.dead) == 0
    await browser.post("/do/drop", data={"target": letter})
    assert "somebody else" in await page(browser, "/dead")


async def test_an_upload_is_cancelled_and_read_after_all(
    seeds: Seeds, console: Console, browser: httpx.AsyncClient
) -> None:
    await seeds.publish("u1")
    await browser.post("/do/cancel", data={"target": "u1"})
    upload = await get_upload(console.database, "u1")
    assert upload is not None
    assert upload.status == "cancelled"
    await browser.post("/do/retry", data={"target": "u1"})
    upload = await get_upload(console.database, "u1")
    assert upload is not None
    assert upload.status in {"uploaded", "processing"}


async def test_what_cannot_be_done_is_said_and_has_no_button(
    seeds: Seeds, console: Console, browser: httpx.AsyncClient
) -> None:
    await seeds.publish("u1")
    await cancel_upload(console.database, "u1")
    question = await page(browser, "/ask/cancel?target=u1")
    assert "cancelled already" in question
    assert "<button class=" not in question.partition('class="question"')[2]


async def test_all_replicas_are_paused_and_resumed_in_the_name_of_who_asked(
    console: Console, browser: httpx.AsyncClient
) -> None:
    await browser.post("/do/pause")
    paused = await current_pause(console.client, console.keys)
    assert paused is not None
    assert f"Paused by {paused.by}" in await page(browser, "/workers")
    await browser.post("/do/resume")
    assert await current_pause(console.client, console.keys) is None


@pytest.mark.parametrize("deed", ["replay", "drop"])
@pytest.mark.parametrize("target", ["", "-", "+", "1-1", "0", "x" * 301])
async def test_a_forged_letter_does_nothing(
    seeds: Seeds, console: Console, browser: httpx.AsyncClient, deed: str, target: str
) -> None:
    await seeds.fail("u1")
    answer = await browser.post(f"/do/{deed}", data={"target": target})
    assert answer.status_code in {303, 404}
    assert await console.client.xlen(console.keys.dead) == 1


async def test_an_unknown_deed_is_not_found(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/ask/format")).status_code == 404
    assert (await browser.post("/do/format")).status_code == 404


async def test_without_postgresql_the_queue_is_still_shown(
    seeds: Seeds, console: Console, serve: Serve
) -> None:
    await seeds.publish("u1")
    async with Database("postgresql://nobody@127.0.0.1:9/none") as nowhere:
        browser = await serve(replace(console, database=nowhere))
        text = await page(browser, "/pending")
        assert "is unavailable" in text
        assert "/uploads/u1" in text
        answer = await browser.get("/uploads")
        assert answer.status_code == 503
        assert "is unavailable" in answer.text


async def test_without_redis_a_page_says_so(console: Console, serve: Serve) -> None:
    nowhere = connect("redis://127.0.0.1:9/0", "{ocr}:uploads", retries=0)
    browser = await serve(replace(console, client=nowhere))
    answer = await browser.get("/")
    await nowhere.aclose()
    assert answer.status_code == 503
    assert "Redis" in answer.text


async def test_an_open_page_is_told_of_a_change(seeds: Seeds, browser: httpx.AsyncClient) -> None:
    async with browser.stream("GET", "/live") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        await seeds.publish("u1")
        async for line in lines:
            if line == "event: changed":
                break
