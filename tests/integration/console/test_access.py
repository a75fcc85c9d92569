"""Who is let in."""

import httpx
import pytest

from consumers.console.server import Listening, NotOnlyHere
from consumers.console.server import serve as serve_console
from consumers.console.service import Console
from tests.integration.console.conftest import TOKEN, Serve

BEARER = {"Authorization": f"Bearer {TOKEN}"}


async def sign_in(browser: httpx.AsyncClient, token: str, **more: str) -> httpx.Response:
    form = {"name": "Asha", "token": token, **more}
    return await browser.post("/sign-in", data=form)


async def test_without_a_token_this_machine_is_let_in(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "Overview" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "rebound.example:80"},
        {"X-Forwarded-For": "198.51.100.7"},
        {"Forwarded": "for=198.51.100.7"},
    ],
)
async def test_without_a_token_nothing_from_elsewhere_is_let_in(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await browser.get("/", headers=headers)
    assert answer.status_code == 403
    assert "CRICKSY_CONSOLE_TOKEN" in answer.text


async def test_without_a_token_no_other_address_is_listened_on(console: Console) -> None:
    with pytest.raises(NotOnlyHere, match="CRICKSY_CONSOLE_TOKEN"):
        await serve_console(console, Listening(host="0.0.0.0"))


async def test_with_a_token_people_are_led_to_the_sign_in(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    answer = await browser.get("/?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/%3Fa%3D1")


async def test_the_token_begins_a_session_that_scripts_cannot_read(
    guarded: Console, serve: Serve
) -> None:
    browser = await serve(guarded)
    answer = await sign_in(browser, TOKEN, next="/sign-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = await browser.get("/")
    assert page.status_code == 200
    assert "Asha" in page.text


async def test_behind_tls_the_session_is_secure(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    answer = await browser.post(
        "/sign-in",
        data={"name": "Asha", "token": TOKEN},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert answer.headers["set-cookie"].startswith("__Host-")
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_wrong_token_is_let_in_nowhere(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    assert (await sign_in(browser, "guess")).status_code == 403
    assert (await browser.get("/")).status_code == 303
    wrong = await browser.get("/", headers={"Authorization": "Bearer guess"})
    assert wrong.status_code == 401


async def test_a_program_shows_the_token_itself(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    assert (await browser.get("/", headers=BEARER)).status_code == 200


async def test_a_forged_or_foreign_session_is_none(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    await sign_in(browser, TOKEN)
    mine = browser.cookies["cricksy_session"]
    browser.cookies.clear()
    # Not its last sign: two of that one's six bits are padding, so another may mean the same.
    other = "A" if mine[-2] != "A" else "B"
    for forged in (f"{mine[:-2]}{other}{mine[-1]}", "IkFzaGEi.x.y", ""):
        answer = await browser.get("/", headers={"Cookie": f"cricksy_session={forged}"})
        assert answer.status_code == 303


async def test_signing_out_ends_the_session_on_this_browser(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    await sign_in(browser, TOKEN)
    await browser.post("/sign-out")
    assert (await browser.get("/")).status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_signing_in_leads_to_no_other_site(
    guarded: Console, serve: Serve, target: str
) -> None:
    browser = await serve(guarded)
    assert (await sign_in(browser, TOKEN, next=target)).headers["location"] == "/"


async def test_tokens_cannot_be_tried_out(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    answers = [(await sign_in(browser, f"guess {number}")).status_code for number in range(12)]
    assert answers[:10] == [403] * 10
    assert answers[-1] == 429
    assert (await browser.get("/sign-in")).status_code == 200
