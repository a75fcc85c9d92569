"""No page has a serious fault of accessibility, light or dark, on a phone or on a desk."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships none
from playwright.async_api import Browser, Page

from tests.acceptance.browser.misprint import misprint
from tests.acceptance.browser.site import Site
from tests.acceptance.replica import running_replica

SERIOUS = {"serious", "critical"}
PATHS = (
    "/", "/uploads", "/uploads/{upload}", "/uploads/{upload}/review", "/upload", "/workers",
    "/pending", "/dead", "/patterns", "/ask/reread?target={upload}", "/nowhere",
)  # fmt: skip


@pytest.fixture(scope="module")
def upload(site: Site) -> str:
    """Read; beside one that was given up."""
    with running_replica(site.system.environment):
        broken = site.system.publish(b"no picture")
        upload = site.system.publish(misprint())
        site.system.wait_until_parsed(upload)
    assert site.status_of(broken) == "failed"
    return upload


async def faults(page: Page) -> list[str]:
    """What axe-core calls serious or worse."""
    found: dict[str, Any] = (await Axe().run(page)).response
    return [
        f"{each['id']}: {node['html']}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
async def test_axe_finds_no_serious_fault(
    chromium: Browser, site: Site, upload: str, scheme: Any, width: int
) -> None:
    context = await chromium.new_context(
        base_url=site.address, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = await context.new_page()
    found: dict[str, list[str]] = {}
    for path in PATHS:
        await page.goto(path.format(upload=upload))
        found[path] = await faults(page)
        # Nothing but tables and pictures may be wider than the screen, and they scroll themselves.
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert {path: each for path, each in found.items() if each} == {}
