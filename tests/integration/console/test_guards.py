"""What a browser may do, and how much anybody may send."""

import re

import httpx
import pytest


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_writes_of_other_sites_are_refused(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await browser.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


async def test_writes_of_its_own_pages_are_taken(browser: httpx.AsyncClient) -> None:
    origin = str(browser.base_url).rstrip("/")
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/sign-out", headers=headers)).status_code == 303


async def test_a_proxy_that_renames_the_host_hinders_no_page_of_ours(
    browser: httpx.AsyncClient,
) -> None:
    headers = {"Origin": "https://scores.example", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/sign-out", headers=headers)).status_code == 303


async def test_every_answer_forbids_inline_scripts_and_frames(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/nowhere", "/static/console.css"):
        policy = (await browser.get(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


async def test_no_page_holds_what_the_policy_forbids(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\bon[a-z]+=|https?://", page)


async def test_a_large_body_is_refused(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/sign-out", content=b"x" * (3 * 2**20))
    assert answer.status_code == 413


async def test_static_files_are_kept_by_their_content(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    address = re.search(r'href="(/static/console\.css\?[0-9a-f]+)"', page)
    assert address
    assert "immutable" in (await browser.get(address[1])).headers["cache-control"]
    assert (await browser.get("/")).headers["cache-control"] == "no-store"
    assert (await browser.get("/static/%2e%2e/application.py")).status_code == 404
