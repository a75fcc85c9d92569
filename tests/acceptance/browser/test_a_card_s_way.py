"""From a picture dropped on a page to a card that counts: with the mouse, and with keys alone."""

import asyncio
import base64
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, FileChooser, FilePayload, Locator, Page, expect

from tests.acceptance.browser.misprint import RIGHT, RUNS, misprint
from tests.acceptance.browser.site import Site
from tests.acceptance.replica import RunningReplica, running_replica
from tests.wait import wait_until_async

_DROP = """
([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], name, { type: "image/png" }));
    return files;
}
"""


@pytest.fixture(scope="module")
def replica(site: Site) -> Iterator[RunningReplica]:
    with running_replica(site.system.environment) as replica:
        yield replica


def value_at(page: Page, cell: str) -> Locator:
    return page.locator(f'input.cell[data-cell="{cell}"]')


def box_of(page: Page, cell: str) -> Locator:
    return page.locator(f'rect[data-cell="{cell}"]')


def upload_in(page: Page) -> str:
    found = re.search(r"/uploads/([^/]+)/review", page.url)
    assert found, page.url
    return found[1]


async def drop(page: Page, name: str) -> None:
    content = base64.b64encode(misprint()).decode()
    files = await page.evaluate_handle(_DROP, [name, content])
    await page.dispatch_event("#drop", "drop", {"dataTransfer": files})


async def is_applied(site: Site, upload_id: str) -> bool:
    return await asyncio.to_thread(site.status_of, upload_id) == "applied"


async def focused_cell(page: Page) -> str:
    cell: str = await page.evaluate("document.activeElement?.dataset?.cell ?? ''")
    return cell


async def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until it is there, as a person would; never more often than there are stops."""
    for _ in range(60):
        if await target.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}.")


async def test_a_dropped_card_is_read_corrected_and_confirmed(page: Page, site: Site) -> None:
    await page.goto("/upload")
    await drop(page, "a dropped card.png")
    arrival = page.locator(".arrival")
    await expect(arrival).to_contain_text("It waits for a worker.")
    with running_replica(site.system.environment):
        await expect(arrival.locator(".step.now")).to_be_visible()
        await arrival.get_by_role("link", name="Review").click()

    told, runs = page.locator("#told"), value_at(page, RUNS)
    await expect(told).to_contain_text(re.compile(r"^1 of \d+ checks fails"))
    await expect(page.locator(".concern").first).to_have_class("concern fails")
    assert await value_at(page, RUNS).input_value() == "1"
    await expect(runs).to_have_class("cell fails")
    await expect(box_of(page, RUNS)).to_have_class("fails")

    await runs.hover()
    await expect(box_of(page, RUNS)).to_have_class("fails on")
    other = RUNS.replace("3/runs", "1/runs")
    await box_of(page, other).hover()
    await expect(value_at(page, other)).to_have_class("cell fails on")

    await runs.fill(RIGHT)
    await runs.press("Tab")
    await expect(told).to_contain_text(re.compile(r"^All \d+ checks hold"))
    await expect(runs).to_have_class("cell edited")
    upload_id = upload_in(page)
    assert await asyncio.to_thread(site.status_of, upload_id) == "parsed"
    await page.get_by_role("button", name="Confirm the card").click()
    await expect(page.locator("p.note")).to_have_text("Confirmed: the card is applied.")
    await wait_until_async(lambda: is_applied(site, upload_id))
    card = await asyncio.to_thread(site.system.scorecard, upload_id)
    assert card is not None
    assert card.document["edited"] == [RUNS]


@pytest.mark.usefixtures("replica")
async def test_the_keyboard_alone_leads_all_the_way(page: Page, site: Site) -> None:
    choosers: list[FileChooser] = []
    # Playwright puts a mark on the function, which a bound method takes none of.
    page.on("filechooser", lambda chooser: choosers.append(chooser))  # noqa: PLW0108
    await page.goto("/")
    await tab_to(page, page.get_by_role("link", name="Upload", exact=True))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/upload")
    await tab_to(page, page.locator("#files"))
    await page.keyboard.press("Space")
    await wait_until_async(lambda: choosers)
    # The system's own dialog is not the page's.
    await choosers[0].set_files(
        {"name": "chosen.png", "mimeType": "image/png", "buffer": misprint()}
    )
    review = page.get_by_role("link", name="Review")
    await expect(review).to_be_visible()
    await tab_to(page, review)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/review")

    doubts: list[str] = await page.locator("input[data-look]").evaluate_all(
        "(inputs) => inputs.map((input) => input.dataset.cell)"
    )
    await tab_to(page, value_at(page, doubts[0]))
    await expect(box_of(page, doubts[0])).to_have_class(re.compile(r"\bon\b"))
    await page.keyboard.press("Tab")
    assert await focused_cell(page) == doubts[1]
    await tab_to(page, value_at(page, RUNS))
    await page.keyboard.press("ArrowDown")
    assert await focused_cell(page) == RUNS.replace("3/runs", "4/runs")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.type("9")
    await page.keyboard.press("Escape")
    assert await value_at(page, RUNS).input_value() == "1"
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type(RIGHT)
    await page.keyboard.press("Enter")
    await expect(page.locator("#told")).to_contain_text(re.compile(r"^All \d+ checks hold"))
    upload_id = upload_in(page)
    await tab_to(page, page.locator("#confirm"))
    await page.keyboard.press("Enter")
    await expect(page.locator("p.note")).to_have_text("Confirmed: the card is applied.")
    await wait_until_async(lambda: is_applied(site, upload_id))
    card = await asyncio.to_thread(site.system.scorecard, upload_id)
    assert card is not None
    # Read, corrected once, confirmed.
    assert card.revision == 3
    told = await asyncio.to_thread(site.told, "show", upload_id)
    assert [each["action"] for each in told["revisions"]] == ["edited", "confirmed"]
    assert told["revisions"][0]["changes"] == [{"cell": RUNS, "was": 1, "became": int(RIGHT)}]


@pytest.mark.usefixtures("replica")
async def test_the_second_of_two_people_is_told_and_sees_what_the_first_did(
    page: Page, site: Site, chromium: Browser
) -> None:
    upload_id = await asyncio.to_thread(site.system.publish, misprint())
    await asyncio.to_thread(site.system.wait_until_parsed, upload_id)
    second = await chromium.new_page(base_url=site.address)
    for each in (page, second):
        await each.goto(f"/uploads/{upload_id}/review")
    for each, runs in ((page, RIGHT), (second, "77")):
        await value_at(each, RUNS).fill(runs)
        await value_at(each, RUNS).press("Enter")
        await expect(each.locator("#told")).to_contain_text(re.compile(r"^All \d+ checks hold"))
    await expect(second.get_by_role("alert")).to_contain_text(
        "“77”, which you typed, was not saved"
    )
    await expect(page.get_by_role("alert")).to_have_count(0)
    card = await asyncio.to_thread(site.system.scorecard, upload_id)
    assert card is not None
    assert card.revision == 2


@pytest.mark.usefixtures("replica")
async def test_what_cannot_be_read_says_why_beside_the_file(page: Page) -> None:
    await page.goto("/upload")
    nothing: list[FilePayload] = [
        {"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture at all"},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture at all"},
    ]
    await page.set_input_files("#files", nothing)
    alert = page.locator(".arrival", has_text="notes.txt").get_by_role("alert")
    await expect(alert).to_contain_text("This is read: ")
    failed = page.locator(".arrival", has_text="notes.png")
    await expect(failed.locator(".status")).to_have_text("failed")
    await expect(failed.locator(".problem")).not_to_be_empty()


@pytest.mark.usefixtures("replica")
async def test_a_picture_that_was_read_before_is_offered_with_that_reading(
    page: Page, site: Site
) -> None:
    # However it came: a backend has published this one.
    earlier = await asyncio.to_thread(site.system.publish, misprint())
    await asyncio.to_thread(site.system.wait_until_parsed, earlier)
    await page.goto("/upload")
    await drop(page, "again.png")
    note = page.locator(".arrival .note")
    await expect(note).to_contain_text("The same picture was read before")
    await expect(note.get_by_role("link")).to_have_attribute(
        "href", re.compile("^/uploads/.*/review$")
    )
