"""The API is as `/api/openapi.json` says, whatever is sent: tried by schemathesis."""

import asyncio
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case

from consumers.console.security import limits
from consumers.console.service import Console
from tests.integration.console.conftest import TOKEN, Serve

BEARER = {"Authorization": f"Bearer {TOKEN}"}
CALLS = (
    ("POST", "/uploads/initiate"),
    ("POST", "/uploads/{upload_id}/complete"),
    ("GET", "/uploads/{upload_id}/status"),
    ("POST", "/uploads/{upload_id}/apply"),
)


async def test_the_description_names_every_call(guarded: Console, serve: Serve) -> None:
    browser = await serve(guarded)
    described = (await browser.get("/api/openapi.json", headers=BEARER)).json()
    found = {(method.upper(), path) for path, each in described["paths"].items() for method in each}
    assert found == set(CALLS)
    assert described["servers"] == [{"url": "/api"}]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_whatever_is_sent_the_answer_is_as_described(
    guarded: Console, serve: Serve, method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Hundreds of requests a second come from one address here.
    monkeypatch.setattr(limits, "ALL", limits.Rate(burst=1e9, per_second=1e9))
    browser = await serve(guarded)
    await asyncio.to_thread(_try, str(browser.base_url), method, path)


def _try(address: str, method: str, path: str) -> None:
    description = httpx.get(f"{address}/api/openapi.json", headers=BEARER).json()
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=f"{address}/api")

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers_as_described(case: "Case[Any]") -> None:
        case.call_and_validate(headers=BEARER)

    given(case=schema[path][method].as_strategy())(answers_as_described)()
