"""A card under review: read from a PDF with its own text, and one number of it misread."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from consumers.console.service import Console
from pipeline.options import ReadingOptions
from pipeline.scorecard.recheck import rechecked
from pipeline.stages import read
from pipeline.storage.scorecards import Scorecard, get_scorecard
from tests.integration.console.seeds import Seeds

FILE = Path(__file__).parents[3] / "cards" / "images" / "pdf_text.pdf"
RUNS = "/innings/0/batting/0/runs"
NAME = "/innings/0/batting/0/name"
RIGHT = 5
"""What the picture shows at `RUNS`."""
MISREAD = 6


@cache
def read_card() -> Mapping[str, Any]:
    """As the pipeline reads it: nothing in it is wrong or in doubt."""
    return read(FILE.read_bytes(), ReadingOptions()).document


def misread_card(
    runs: int | None = MISREAD, match: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The same with other runs of the first batter, of which the engine was not sure."""
    document: dict[str, Any] = deepcopy(dict(read_card()))
    document["match"] |= match or {}
    document["innings"][0]["batting"][0]["runs"] = runs
    document["readings"][RUNS] |= {"confidence": 0.4, "read": str(runs)}
    if runs is None:
        del document["readings"][RUNS]
    return rechecked(document)


@dataclass(frozen=True, slots=True)
class Review:
    """The review of upload `u1`, as a browser uses it."""

    browser: httpx.AsyncClient
    console: Console

    async def page(self) -> str:
        answer = await self.browser.get("/uploads/u1/review")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def act(self, act: str, revision: object = 1, **form: str) -> httpx.Response:
        return await self.browser.post(
            f"/uploads/u1/review/{act}", data={"revision": str(revision), **form}
        )

    async def card(self) -> Scorecard:
        card = await get_scorecard(self.console.database, "u1")
        assert card is not None
        return card


@pytest.fixture
async def review(console: Console, browser: httpx.AsyncClient) -> Review:
    """Of the misread card, its file in the bucket."""
    await console.objects.put(console.bucket, "k", FILE.read_bytes(), "application/pdf")
    await Seeds(console).parse("u1", misread_card())
    return Review(browser, console)
