import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from consumers.alerts import webhook as webhook_module
from consumers.alerts.forms import Form
from consumers.alerts.webhook import Webhook
from tests.hook import webhook_receiver
from tests.unit.consumers.alerts.test_forms import ALERT, RESOLVED
from tests.unit.consumers.alerts.views import seconds
from tests.wait import wait_until_async

STREAM = "{ocr}:uploads"


@asynccontextmanager
async def posting(url: str, form: Form = Form.JSON) -> AsyncIterator[Webhook]:
    webhook = Webhook(url, form, STREAM)
    running = asyncio.create_task(webhook.run())
    try:
        yield webhook
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_fires_and_what_is_resolved_is_posted() -> None:
    with webhook_receiver() as hook:
        async with posting(hook.url) as webhook:
            webhook.post(ALERT)
            webhook.post(RESOLVED)
            await wait_until_async(lambda: hook.of("upload_slow") == ["firing", "resolved"])


async def test_an_address_that_refuses_is_tried_again() -> None:
    with webhook_receiver() as hook:
        hook.refusals = 2
        async with posting(hook.url) as webhook:
            webhook.post(ALERT)
            await wait_until_async(lambda: hook.of("upload_slow") == ["firing"])


async def test_posting_holds_nobody_up_and_is_given_up_without_naming_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook_module, "MOST_TRIES", 2)
    with capture_logs() as logs:
        async with posting("http://127.0.0.1:1/a-secret") as webhook:
            began = time.monotonic()
            webhook.post(ALERT)
            assert time.monotonic() - began < 0.1

            def given_up() -> bool:
                return any(line["event"] == "alert not posted" for line in logs)

            await wait_until_async(given_up)

    assert "a-secret" not in str(logs)


async def test_what_waits_when_the_watcher_ends_is_still_posted() -> None:
    with webhook_receiver() as hook:
        async with posting(hook.url) as webhook:
            await asyncio.sleep(0)
            webhook.post(ALERT)

        assert hook.of("upload_slow") == ["firing"]


async def test_alertmanager_hears_again_and_again_of_what_fires(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook_module, "REPEATED", seconds(0.1))
    with webhook_receiver() as hook:
        async with posting(hook.url, Form.ALERTMANAGER) as webhook:
            webhook.post(ALERT)
            await wait_until_async(lambda: len(hook.posts) >= 3)
            webhook.post(RESOLVED)

            def is_resolved() -> bool:
                return bool(hook.posts[-1][0]["endsAt"] == "2026-05-01T12:01:00+00:00")

            await wait_until_async(is_resolved)
            known = len(hook.posts)
            await asyncio.sleep(0.3)

        assert len(hook.posts) == known
