"""Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import pytest
from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """A headless one; where none is installed, no test passes unnoticed."""
    path = next(filter(None, map(shutil.which, _NAMES)), None) or _missing()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        await browser.close()


def _missing() -> NoReturn:
    sentence = "Chromium is not installed, so this was NOT TESTED: apt-get install chromium"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
