"""A worker is killed: open pages say so by themselves."""

import asyncio
import signal
from pathlib import Path

from playwright.async_api import Page, expect

from tests.acceptance.browser.site import Site
from tests.acceptance.replica import running_replica

APP = "tests.acceptance.slow_app:app"


async def test_open_pages_show_that_a_worker_was_killed_and_another_took_over(
    page: Page, site: Site, tmp_path: Path
) -> None:
    held = tmp_path / "held"
    with running_replica(site.system.environment, APP) as replica:
        upload_id = await asyncio.to_thread(site.system.publish, str(held).encode())
        name = replica.wait_for("replica ready")[0]["replica"]
        replica.wait_for("upload claimed")
        await page.goto("/workers")
        worker = page.get_by_label(f"Replica {name}")
        await expect(worker.locator(".status")).to_have_text("reading")
        await expect(worker).to_contain_text("1 of 1")
        story = await page.context.new_page()
        await story.goto(f"/uploads/{upload_id}")
        await expect(story.locator(".answer .status")).to_have_text("processing")

        replica.tell(signal.SIGKILL)
        await expect(worker.locator(".status")).to_contain_text("silent for")

    with running_replica(site.system.environment, APP):
        await expect(story.locator(".deliveries > li")).to_have_count(2)
        held.unlink()
        await expect(story.locator(".answer .status")).to_have_text("parsed")
        await expect(page.locator("section.panel .status", has_text="reading")).to_have_count(1)
    assert len(await asyncio.to_thread(site.system.attempts, upload_id)) == 2
