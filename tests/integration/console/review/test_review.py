"""Looking at a card beside its picture, correcting it, and saying what is to come of it."""

import json
import re
from dataclasses import replace

import httpx

from consumers.console.service import Console
from consumers.queue import queued_uploads
from pipeline.options import Limits
from pipeline.storage.attempts import reopen
from pipeline.storage.reviews import revisions_of
from pipeline.storage.uploads import cancel_upload, get_upload
from tests.integration.console.conftest import TOKEN, Serve
from tests.integration.console.review.conftest import (
    MISREAD,
    NAME,
    RIGHT,
    RUNS,
    Review,
    misread_card,
)
from tests.integration.console.seeds import Seeds


async def status_of(console: Console, upload_id: str = "u1") -> str:
    upload = await get_upload(console.database, upload_id)
    assert upload is not None
    return upload.status


async def preview_of(console: Console) -> dict[str, object]:
    async with console.database.transaction() as connection:
        cursor = await connection.execute("SELECT parsed_preview::text FROM uploads")
        row = await cursor.fetchone()
    assert row is not None
    found: dict[str, object] = json.loads(row[0])
    return found


def value_at(page: str, cell: str) -> str:
    found = re.search(f'<input id="v{cell}"[^>]* value="([^"]*)"', page)
    assert found, f"no value at {cell}"
    return found[1]


async def test_what_fails_stands_first_and_every_value_has_its_box(review: Review) -> None:
    page = await review.page()
    concerns = page.partition("Look at these first")[2]
    assert re.search(r'^.*?class="concern (\w+)"', concerns, re.DOTALL)[1] == "fails"  # type: ignore[index]  # it is on the page
    assert re.search(rf'data-goto="{RUNS}"', concerns)
    assert value_at(page, RUNS) == str(MISREAD)
    assert re.search(rf'<input id="v{RUNS}" class="cell fails"', page)
    assert f'<rect data-cell="{RUNS}"' in page
    assert "/uploads/u1/pages/1.jpg" in page


async def test_a_number_that_was_not_read_at_all_is_pointed_to(
    console: Console, browser: httpx.AsyncClient
) -> None:
    await Seeds(console).parse("u1", misread_card(runs=None))
    review = Review(browser, console)
    page = await review.page()
    assert "Nothing was read here" in page
    assert re.search(rf'<input id="v{RUNS}" class="cell unread"', page)
    assert "they do not prove every number" in page
    mended = await review.act("edit", cell=RUNS, text=str(RIGHT))
    assert "Nothing was read here" not in mended.text


async def test_a_corrected_value_makes_the_checks_good_at_once(review: Review) -> None:
    answer = await review.act("edit", cell=RUNS, text=str(RIGHT))
    assert answer.status_code == 200
    assert re.search(r"All \d+ checks hold", answer.text)
    assert "<html" not in answer.text
    card = await review.card()
    assert (card.verified, card.revision) == (True, 2)
    assert card.document["edited"] == [RUNS]
    [revision] = await revisions_of(review.console.database, "u1")
    assert (revision.action, revision.made_from) == ("edited", 1)
    assert revision.reviewer
    assert list(revision.changes) == [{"cell": RUNS, "was": MISREAD, "became": RIGHT}]
    assert await status_of(review.console) == "parsed"


async def test_the_backend_s_page_sees_a_correction_too(review: Review) -> None:
    await review.act("edit", cell="/match/teams/0", text="Éire")
    preview = await preview_of(review.console)
    assert preview["scorecard"] == (await review.card()).document
    teams = preview["teams"]
    assert isinstance(teams, list)
    assert teams[0] == "Éire"


async def test_the_second_of_two_people_is_told_and_overwrites_nothing(
    review: Review, guarded: Console, serve: Serve
) -> None:
    second = await serve(guarded)
    await second.post("/sign-in", data={"name": "Asha", "token": TOKEN})
    second.headers["Origin"] = str(second.base_url).rstrip("/")
    first = await Review(second, guarded).act("edit", cell=RUNS, text=str(RIGHT))
    assert first.status_code == 200

    late = await review.act("edit", cell=RUNS, text="99")
    assert late.status_code == 409
    assert re.search(r"<strong>Asha</strong> edited this card", late.text)
    assert "“99”, which you typed, was not saved" in late.text
    assert value_at(late.text, RUNS) == str(RIGHT)
    assert 'data-revision="2"' in late.text
    for act in ("confirm", "reject", "reread"):
        answer = await review.act(act)
        assert (answer.status_code, "nothing of yours was written" in answer.text) == (409, True)
    assert (await review.card()).revision == 2
    assert await status_of(review.console) == "parsed"


async def test_a_card_counts_once_it_is_confirmed_and_not_before(review: Review) -> None:
    await review.act("edit", cell=RUNS, text=str(RIGHT))
    assert await status_of(review.console) == "parsed"
    answer = await review.act("confirm", revision=2)
    assert (answer.status_code, answer.headers["location"]) == (303, "/uploads/u1/review")
    assert await status_of(review.console) == "applied"
    page = await review.page()
    assert "Confirmed: the card is applied." in page
    assert 'id="confirm"' not in page
    assert " readonly" in page
    late = await review.act("edit", revision=3, cell=RUNS, text="1")
    assert late.status_code == 409
    assert "applied" in late.text


async def test_a_rejected_card_comes_to_nothing(review: Review) -> None:
    answer = await review.act("reject", reason="Not  a card\n of ours")
    assert answer.status_code == 303
    upload = await get_upload(review.console.database, "u1")
    assert upload is not None
    assert upload.status == "cancelled"
    assert upload.error_message == "Rejected on review: Not a card of ours"
    assert "Not a card of ours" in await review.page()


async def test_a_card_is_read_again_when_a_person_wants_it(review: Review) -> None:
    answer = await review.act("reread")
    assert answer.status_code == 303
    assert await queued_uploads(review.console.client, review.console.keys) == {"u1"}
    page = await review.page()
    assert "reread" in page


async def test_a_value_of_the_wrong_kind_is_refused_with_a_reason(review: Review) -> None:
    for cell, text, sentence in (
        (RUNS, "12x", "no whole number"),
        (RUNS, "-1", "no whole number"),
        (NAME, "", "cannot be empty"),
        (NAME, "x" * 201, "200 letters"),
        ("/innings/0/bowling/0/overs", "4.7.1", "no number of overs"),
    ):
        answer = await review.act("edit", cell=cell, text=text)
        assert answer.status_code == 422, (cell, text)
        assert sentence in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert (await review.card()).revision == 1


NO_VALUES = (
    "", "/", "innings", "/innings", "/innings/0", "/innings/9/batting/0/runs",
    "/innings/0/batting/99/runs", "/innings/-1/batting/0/runs", "/innings/x/team",
    "/innings/0/batting/0/__class__", "/verified", "/innings/0/verified", "/readings",
    "/checks/0/verdict", "/innings/0/batting/0/runs/0", "/match/teams", "/edited/0",
    "/innings/\u0663/batting/0/runs", "/innings/0/batting", "\0",
)  # fmt: skip


async def test_nothing_but_values_of_the_card_is_written(review: Review) -> None:
    for cell in NO_VALUES:
        answer = await review.act("edit", cell=cell, text="1")
        assert answer.status_code == 422, cell
    assert (await review.card()).revision == 1


async def test_an_act_without_the_revision_that_was_seen_is_refused(review: Review) -> None:
    for act in ("edit", "confirm", "reject", "reread"):
        for revision in ("", "x", "-1", "1e3", "9" * 30, "\u0661"):
            answer = await review.act(act, revision, cell=RUNS, text="1")
            assert answer.status_code == 400, (act, revision)
    assert (await review.card()).revision == 1


async def test_a_value_that_is_a_script_is_shown_as_text(
    console: Console, browser: httpx.AsyncClient
) -> None:
    script = '"><script>alert(1)</script>'
    await Seeds(console).parse(
        "u1", misread_card(match={"teams": [script, "B"], "venue": script}), filename=script
    )
    review = Review(browser, console)
    edited = await review.act("edit", cell=NAME, text=script)
    await review.act("reject", revision=2, reason=script)
    for page in (await review.page(), edited.text):
        assert "<script>alert" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\son[a-z]+=", page)


async def test_a_page_is_shown_as_its_boxes_lie(review: Review) -> None:
    answer = await review.browser.get("/uploads/u1/pages/1.jpg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    assert "private" in answer.headers["cache-control"]
    assert (await review.browser.get("/uploads/u1/pages/3.jpg")).status_code == 404
    assert (await review.browser.get("/uploads/u2/pages/1.jpg")).status_code == 404


async def test_a_page_of_a_file_that_is_gone_or_too_large_says_so(
    review: Review, serve: Serve
) -> None:
    small = await serve(replace(review.console, limits=Limits(max_bytes=10)))
    answer = await small.get("/uploads/u1/pages/1.jpg")
    assert (answer.status_code, "bytes" in answer.text) == (404, True)


async def test_pictures_are_shown_only_to_who_is_let_in(
    review: Review, guarded: Console, serve: Serve
) -> None:
    assert (await review.page()).count("pages/1.jpg") >= 1
    stranger = await serve(guarded)
    for path in ("/uploads/u1/pages/1.jpg", "/uploads/u1/review"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")
    assert (await stranger.post("/uploads/u1/review/confirm")).status_code == 401


async def test_without_a_card_the_review_says_so(
    console: Console, browser: httpx.AsyncClient
) -> None:
    await Seeds(console).publish("u1")
    review = Review(browser, console)
    assert "no scorecard to review yet" in await review.page()
    assert (await review.act("edit", cell=RUNS, text="1")).status_code == 404
    assert (await review.act("confirm")).status_code == 409
    assert (await browser.get("/uploads/nobody/review")).status_code == 404
    for act in ("edit", "confirm", "reject", "reread"):
        answer = await browser.post(f"/uploads/nobody/review/{act}", data={"revision": "1"})
        assert answer.status_code == 404


async def test_a_cancelled_upload_s_card_is_closed(review: Review) -> None:
    await reopen(review.console.database, "u1")
    await cancel_upload(review.console.database, "u1")
    assert " readonly" in await review.page()
    assert (await review.act("confirm")).status_code == 409
